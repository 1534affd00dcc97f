"""Bulletins: what they say, how they are typeset, and the editions of quarters."""
