"""Passwords, tokens, and signing in with them."""
