"""What is read for platforms: rows of formats, differences, the values of measures by name."""
