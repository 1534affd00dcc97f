"""Duplicates: candidates, comparators and the clusters made of them."""
