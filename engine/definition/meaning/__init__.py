"""What a workflow means over all its ways: what can be set where, and when its conditions hold. The rules ask it."""
