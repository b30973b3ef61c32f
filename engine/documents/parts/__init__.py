"""What each kind of paper must say and where, and the made-up case its template is tried on."""
