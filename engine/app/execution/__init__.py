"""Carries out what was decided: effects, automatic steps, new cases."""
