"""What workers do for a deployment, and the process they do it in."""
