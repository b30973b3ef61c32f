"""The draw any citizen can run again: commitment, tickets, quotas, matching, verification. Pure."""
