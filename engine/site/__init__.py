"""The public site: static pages, with the same content as CSV and JSON beside each of them."""
