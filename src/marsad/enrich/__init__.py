"""Records -> better records: pure functions on batches; same input, same output, version stamped."""

VERSION = "1"
