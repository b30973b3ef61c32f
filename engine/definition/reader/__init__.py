"""Nodes -> definitions. What is wrong is noted in a `Diagnostics`; what is right is read on, so that all is reported at once."""
