"""The verbs of a task besides its steps."""
