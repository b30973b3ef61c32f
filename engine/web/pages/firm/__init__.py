"""The page for firms, and the page of the office about it."""
