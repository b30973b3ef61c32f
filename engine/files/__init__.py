"""Files: what comes from outside is measured before it is read; what is replaced is replaced whole."""
