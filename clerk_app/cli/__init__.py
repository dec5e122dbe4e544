"""The same use cases on the command line: for admins, scripts and checks."""
