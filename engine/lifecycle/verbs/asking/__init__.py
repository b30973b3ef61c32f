"""Verbs by which somebody is asked for something while the task stays where it is."""
