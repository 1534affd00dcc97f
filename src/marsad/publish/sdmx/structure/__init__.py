"""Structural metadata: what there is, how it refers to each other, and its messages."""
