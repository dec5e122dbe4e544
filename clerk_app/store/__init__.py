"""SQLite and sealed files: where the portal's word and the clerk's word are kept."""
