"""Verification of histories; seals."""
