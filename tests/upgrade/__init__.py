"""Shows that a database of an earlier release migrates and keeps every row. README.md says how to add a release."""
