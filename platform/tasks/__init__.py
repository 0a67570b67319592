"""Runs work outside of requests. A task is a row, a worker runs it, and nothing here knows of learning."""
