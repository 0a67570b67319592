"""Runs one quiz from its rules to its result: attempts, answers, grading, completion, corrections and practice."""
