"""A draw as a row of a database, and back: the values of `acts.Draw`, with every shape checked on the way in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from engine.draw.v2.acts import Draw
from engine.draw.v2.commitment import COMMITMENT
from engine.draw.v2.log import SHARE
from engine.draw.v2.randomness.calendars import CALENDAR
from engine.draw.v2.selection import REMOVAL, STRATUM_RESULT, VISIT
from engine.draw.v2.shapes import Maybe, filled, read_shaped, require_shape
from engine.draw.v2.teams import REPLACEMENT, UNIT, WHY
from engine.kernel.canonical_json import canonical_json
from engine.language import say

_ROSTER = lambda value: isinstance(value, str)  # noqa: E731 - a shape like the others
RECORD = {
    "commitment": COMMITMENT,
    "calendar": CALENDAR,
    "objects": _ROSTER,
    "people": Maybe(_ROSTER),
    "values": [filled],
    "shares": [SHARE],
    "strata": [STRATUM_RESULT],
    "removals": [REMOVAL],
    "visits": [VISIT],
    "units": [UNIT],
    "replacements": [REPLACEMENT],
    "whys": [WHY],
}
#: Beside a record whose rows of people are destroyed: the key of its teams.
TEAMS_KEY = "teams_key"
#: One replacement beside a record that was written before it.
ADDED = {"replacement": REPLACEMENT, "why": WHY}
_LISTS = ("values", "shares", "strata", "removals", "visits", "units", "replacements", "whys")


def to_json(draw: Draw) -> dict[str, Any]:
    """Return plain values for a database row; `from_json` takes them back."""
    return {
        "commitment": dict(draw.commitment),
        "calendar": dict(draw.calendar),
        "objects": draw.objects.decode(),
        "people": None if draw.people is None else draw.people.decode(),
        **{name: list(getattr(draw, name)) for name in _LISTS},
    }


def last_replacement(draw: Draw) -> str:
    """Return the newest replacement as a line that is kept beside the record: the record holds whole rosters."""
    return canonical_json({"replacement": draw.replacements[-1], "why": draw.whys[-1]})


def from_row(kept: Mapping[str, Any], added: Iterable[str] = ()) -> Draw:
    """Return the draw of what a row of the database holds; see `from_json`."""
    draw = from_json(kept["record"], added)
    return replace(draw, kept_key=str(kept[TEAMS_KEY])) if kept.get(TEAMS_KEY) else draw


def from_json(body: Mapping[str, Any], added: Iterable[str] = ()) -> Draw:
    """Return the draw `to_json` wrote, with the replacements in the lines `added` since.

    Raises `DrawRefused` when something is missing or of another shape.
    """
    require_shape(body, RECORD, say("抽取记录"))
    lists: dict[str, Any] = {name: tuple(body[name]) for name in _LISTS}
    draw = Draw(
        body["commitment"],
        body["calendar"],
        body["objects"].encode(),
        None if body["people"] is None else body["people"].encode(),
        **lists,
    )
    steps = [read_shaped(line, ADDED, say("抽取记录")) for line in added]
    if not steps:
        return draw
    return replace(
        draw,
        replacements=(*draw.replacements, *(step["replacement"] for step in steps)),
        whys=(*draw.whys, *(step["why"] for step in steps)),
    )
