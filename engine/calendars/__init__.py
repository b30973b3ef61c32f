"""Calendar files: from text to years of working days."""
