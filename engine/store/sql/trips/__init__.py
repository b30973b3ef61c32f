"""Few trips to the database: what is asked or written together, and connections that are kept."""
