"""The program `marsad`: one module a group of commands; nothing but words and calls."""
