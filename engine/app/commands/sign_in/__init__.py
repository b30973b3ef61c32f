"""Signing in to the workbench."""
