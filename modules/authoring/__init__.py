"""Loads documents into rows: the plan, its policy, its application, images, downloads and rendering again."""
