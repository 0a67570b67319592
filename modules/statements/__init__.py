"""Tells a store of xAPI statements what learners have done. docs/statements.md describes it."""
