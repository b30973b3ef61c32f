"""People, their credentials, delegations and inboxes."""
