"""Recognises questions in the notations of other tools, and writes them in ours."""
