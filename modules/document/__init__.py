"""Turns text into values: plain Python, without Django and without a database.

``compare`` uses ``syntax``, and ``syntax`` uses ``html``. Problems and slugs are shared by all.
"""
