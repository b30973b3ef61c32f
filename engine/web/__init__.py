"""The workbench, the public site served, and the API, on the commands and queries of `app`."""
