"""Statistical methods, each naming its source."""
