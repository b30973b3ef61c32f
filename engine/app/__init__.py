"""Use cases: the commands and queries of the product, and the ports they need."""
