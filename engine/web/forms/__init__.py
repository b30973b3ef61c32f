"""Forms of a definition as pages ask them, and what was typed as answers."""
