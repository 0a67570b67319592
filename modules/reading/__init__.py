"""Tells learners where they are in a module: access to their objects, outline, progress and cards."""
