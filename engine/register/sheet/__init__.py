"""Tables from files: CSV and workbooks."""
