"""Marsad (مرصد): an open labour-market observatory, first for Morocco."""

__version__ = "0.3.0"
