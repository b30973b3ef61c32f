"""Runs a workflow on made-up cases and reports what can be reached."""
