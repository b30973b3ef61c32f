"""What a workflow says of filing."""
