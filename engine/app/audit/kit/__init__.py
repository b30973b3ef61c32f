"""What is given away with a head: a program that stands alone."""
