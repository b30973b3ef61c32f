"""Acts that two have to agree to: keepers, proposals, and the way back from a lost password."""
