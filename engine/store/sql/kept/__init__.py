"""The texts of statements that are kept beside the program."""
