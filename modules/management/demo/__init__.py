"""Fills a database for development: an English module with its history, and a class in the middle of three modules."""
