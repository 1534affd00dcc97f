"""Questions of SDMX REST, version 1 and 2, as one question."""
