"""The policy desk: measures and what became of them, signs of shortage, and early warnings.

Everything here is computed from published values, so that each claim can be followed to its figures.
"""
