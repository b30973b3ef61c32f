"""Names of the settings that are written on publishing."""

from __future__ import annotations

#: Which states of which child workflows are waited for.
JOINS = "joins"
#: Which roles are of one section only.
SECTION_ROLES = "section_roles"
