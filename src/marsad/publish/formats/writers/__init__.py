"""The writers: one module a family of formats, each declaring its formats in FORMATS."""
