"""Signatures, retention and jobs."""
