"""A form as one file for a phone or a PC without a network."""
