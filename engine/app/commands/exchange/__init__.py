"""What is entered of the exchange with platforms: exports that were made, and what came back."""
