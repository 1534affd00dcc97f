"""One skeleton for every page, and how numbers and dates are written in each language."""
