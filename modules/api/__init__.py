"""Gives programs the results of an instructor's modules as JSON, read-only. docs/api.md describes it."""
