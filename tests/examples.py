"""How many examples a property is tried with: few in every run, many with ``--soak``."""

from __future__ import annotations

from hypothesis import settings


def examples(few: int, many: int = 1000) -> int:
    """Return `few`, or with ``--soak`` `many`, for properties whose examples cost more than others."""
    return many if settings.get_current_profile_name() == "soak" else few
