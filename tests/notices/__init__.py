"""Tests what learners are told of changes that touch them."""
