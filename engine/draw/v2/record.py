"""A draw as a row of a database, and back: the values of `acts.Draw`, with every shape checked on the way in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.draw.v2.acts import Draw
from engine.draw.v2.commitment import COMMITMENT
from engine.draw.v2.log import SHARE
from engine.draw.v2.randomness.calendars import CALENDAR
from engine.draw.v2.selection import REMOVAL, STRATUM_RESULT, VISIT
from engine.draw.v2.shapes import Maybe, filled, require_shape
from engine.draw.v2.teams import REPLACEMENT, UNIT, WHY
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


def from_json(body: Mapping[str, Any]) -> Draw:
    """Return the draw `to_json` wrote. Raises `DrawRefused` when something is missing or of another shape."""
    require_shape(body, RECORD, say("抽取记录"))
    return Draw(
        body["commitment"],
        body["calendar"],
        body["objects"].encode(),
        None if body["people"] is None else body["people"].encode(),
        **{name: tuple(body[name]) for name in _LISTS},
    )
