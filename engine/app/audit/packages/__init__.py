"""What a package of a case is held against before it is made."""
