"""Parses a file: bytes, front matter, sections, quiz, questions in the text, and every problem by its line."""
