"""Archive packages as BagIt (RFC 8493): what is in one, how it is laid out, and the program that checks it."""
