"""Which values of a register that look wrong may be right, and so may be confirmed: the table ``unusual.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from engine.yamltext.unusual_rules import UnusualRule, read_unusual_rules


@cache
def unusual_rules() -> Mapping[str, UnusualRule]:
    """Return the table, read once."""
    return read_unusual_rules(Path(__file__).with_name("unusual.yaml"))


def confirmable(rule: str) -> str | None:
    """Return `rule` where its values may be confirmed, None where not. Raises KeyError for a rule that is not there."""
    return rule if unusual_rules()[rule].confirm else None
