"""Commands for whoever runs the deployment."""
