"""Documents, archive, audit, reports, public site."""
