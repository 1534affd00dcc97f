"""Sources -> records: read what a source gave, account for every field, give it no meaning yet."""
