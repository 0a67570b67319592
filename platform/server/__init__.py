"""Serves a WSGI application over HTTP so that no client and no request holds the others.

``master`` keeps the processes, ``gate`` reads requests whole and lets them wait, ``worker`` answers one at a time.
It knows nothing of Tuntas.
"""
