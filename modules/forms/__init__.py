"""Holds the forms of instructors and the Markdown editor."""
