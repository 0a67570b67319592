"""Compares two documents: which part is which, which words changed, and whether a change is only a typing error."""
