"""The statements about what is filed."""
