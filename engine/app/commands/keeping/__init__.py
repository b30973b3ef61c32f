"""Commands of whoever looks after the deployment."""
