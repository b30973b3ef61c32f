"""People, roles, delegations, access, sign-in."""
