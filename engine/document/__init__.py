"""Documents made for cases, and archive packages that can be checked without the product."""
