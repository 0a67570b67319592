"""Examines an installation, and says in plain sentences what is wrong and how to mend it."""
