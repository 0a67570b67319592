"""The least that Django can be asked for: a session, a sign-in, and a page that is one row. The measure of others."""
