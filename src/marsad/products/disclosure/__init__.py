"""Disclosure control: the one gate, its methods, and the checking of researchers' output."""
