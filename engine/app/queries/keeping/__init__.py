"""Queries of whoever looks after the deployment."""
