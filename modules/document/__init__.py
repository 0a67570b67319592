"""Turns text into values: plain Python, without Django and without a database.

``compare`` and ``convert`` use ``syntax``, and ``syntax`` uses ``html``. All of them use problems, slugs and deadlines.
"""
