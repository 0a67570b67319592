"""Simulates authors who edit documents repeatedly while learners study them."""
