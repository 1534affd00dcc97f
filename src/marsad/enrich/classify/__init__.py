"""Classifiers: text -> ranked candidate codes with score and evidence, or none (abstention)."""
