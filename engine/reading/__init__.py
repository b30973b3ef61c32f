"""Opening what comes from outside: measured before it is read, within a budget."""
