"""Nodes -> definitions. What is wrong is noted in a `Book`; what is right is read on, so that all is reported at once."""
