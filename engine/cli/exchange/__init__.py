"""``ssj exchange``: workbooks to and from platforms."""
