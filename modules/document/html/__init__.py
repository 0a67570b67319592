"""Renders Markdown as safe HTML: tokens, markup, maths, and the one sanitiser."""
