"""What follows when an answer is put right (更正)."""
