"""Pages: fetch through a door, do one thing, answer."""
