"""Which answers there can be where a step reads them."""
