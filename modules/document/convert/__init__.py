"""Reads questions in other notations and files of other programs, and writes a quiz for other programs."""
