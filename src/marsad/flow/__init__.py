"""The one place where rooms are joined: the list of steps, and what runs as one of them."""
