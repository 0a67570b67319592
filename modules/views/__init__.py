"""Answers requests: each view gets its object from an access function, does one thing, and answers."""
