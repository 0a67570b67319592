"""Keeps the HTML of the pages, so that a change of templates can be compared with what was there before."""
