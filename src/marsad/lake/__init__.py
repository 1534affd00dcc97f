"""Records <-> tables: the only room that opens data files or databases."""
