"""Words that every room shares: records, code lists, areas, periods, text, errors, settings."""
