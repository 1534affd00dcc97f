"""What Marsad reads, keeps and counts, beside what is true: one module a kind of truth, in one table."""
