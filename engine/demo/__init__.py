"""A whole inspection year on a virtual clock, by the same use cases as everything else. Everything in it is made up."""
