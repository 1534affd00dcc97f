"""What every HTTP interface shares: replies, entity tags, limits, problem details."""
