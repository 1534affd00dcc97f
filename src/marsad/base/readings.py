"""How boards are read, in days: what joins readings to a window of observation, and how long they tell."""

GAP = 14
"""Between two days of one window of reading, at most."""
FRESH = 7
"""Since a board was last read, for its ads to be open."""
LEAD = 31
"""Before a board was read first, for what was posted to be still there."""
