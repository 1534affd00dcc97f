"""Finding by words what a person means, in whatever language and spelling."""
