"""Answers in every form: one writer a format."""
