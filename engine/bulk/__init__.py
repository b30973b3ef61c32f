"""Drawing from rosters too large to hold in memory: the same draw, computed by a database."""
