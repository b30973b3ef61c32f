"""The effects of a step, one function for each word."""
