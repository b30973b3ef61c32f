"""Answers to forms, checked."""
