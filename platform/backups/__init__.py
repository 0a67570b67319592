"""Backs an installation up into one file, and restores it, on SQLite and PostgreSQL. Knows nothing of learning."""
