"""Draws of ssj-draw/2 in the database: made of the registers, kept beside the public log, shown."""
