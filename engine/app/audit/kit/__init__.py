"""What is given away with a head: a program that needs nothing of this product."""
