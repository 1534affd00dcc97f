"""Records -> better records: pure functions on batches; same input, same output, version stamped by a
hash of code and weights (`enrich.batch.version`)."""
