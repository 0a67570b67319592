"""Is the smallest useful Django site, to compare with: a session, a sign-in, and a page from one row."""
