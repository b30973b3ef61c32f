"""Definitions for the sections that own them: checked, compared, published by two."""
