"""Reads the text of a file: bytes, front matter, sections, quiz, checks, and every problem by its line."""
