"""What a definition says of people: superiors, and what one person may not do together."""
