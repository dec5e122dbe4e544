"""The rule language of service packages: read, bounded, evaluated. Pure; knows forms, no files."""
