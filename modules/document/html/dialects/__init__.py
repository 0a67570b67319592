"""Reads the markup of other tools where it has a plain equivalent, and names the rest."""
