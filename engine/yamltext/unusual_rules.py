"""Rules about the world: which of the values they find unusual a person may confirm, as a table in YAML says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from engine.language import Term, term
from engine.value import value
from engine.yamltext.resource import read_resource


@value
class UnusualRule:
    """One rule. `why` says why its values may be confirmed, or, with the law, why they may not."""

    id: str
    title: Term
    confirm: bool
    why: str
    #: The greatest value that is not unusual, where the rule compares with one.
    most: int | None = None


def read_unusual_rules(file: Path) -> Mapping[str, UnusualRule]:
    """Return the rules of a table that is shipped: rule -> title, confirm, why, most."""
    return {
        name: UnusualRule(name, term(body["title"]), body["confirm"], body["why"], body.get("most"))
        for name, body in read_resource(file).items()
    }
