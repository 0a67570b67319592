"""Loads documents into rows: the plan, its policy, its application, and what belongs to it (images, downloads, rendering again)."""
