"""Due timers, fired."""
