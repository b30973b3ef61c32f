"""Conditions and expressions, evaluated."""
