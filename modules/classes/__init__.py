"""Holds classes: who is in one, how people get in, and what its learners are assigned."""
