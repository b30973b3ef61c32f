"""Registers around a draw: what decides who can be drawn, who agreed to it, who is written to."""
