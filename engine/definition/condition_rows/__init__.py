"""Conditions as rows of question, operator and value: a view of the text that loses nothing."""
