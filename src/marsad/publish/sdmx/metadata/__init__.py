"""Reference metadata: the method note of each indicator as a metadata set, asked for and written."""
