"""Words the pages share."""
