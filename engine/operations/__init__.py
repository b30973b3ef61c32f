"""Backup, restore, move, doctor."""
