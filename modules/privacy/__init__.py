"""Holds what is known of a person: the table of all of it, the erasure of a person, and the file of one's own data."""
