"""What is new, as it is told: the stream, RSS, news of a subject, short messages."""
