"""What the database holds besides rows, compared with what its revision says: tables, columns, indexes, views, triggers."""
