"""The one read path: a release, read by every page, format and interface through `Reader`."""
