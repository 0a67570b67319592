"""Finds sections by their words: the index that follows every load, the query, and the passages that it shows."""
