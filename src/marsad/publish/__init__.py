"""Results -> machines and pages: one read path (query.py), every format behind it."""
