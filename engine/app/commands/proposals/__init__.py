"""Acts that two have to agree to: administrators, proposals, and the way back from a lost password."""
