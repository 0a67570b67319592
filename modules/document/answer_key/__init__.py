"""Separates a document into a public text and the file of its key, and joins them to the same bytes again."""
