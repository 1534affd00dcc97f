"""The fields of an ad that are read from its words: one folder a field."""
