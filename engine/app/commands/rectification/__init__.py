"""Commands of the page for firms, and of the office about what firms did there."""
