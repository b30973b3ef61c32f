"""Readers of what is done in a state: transitions, their outcomes and effects, and how a case starts."""
