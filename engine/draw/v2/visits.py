"""Who goes where now, by a draw of ssj-draw/2: its objects in the order of their tickets, and the teams after replacements."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from engine.draw.v2.acts import Draw, is_forgotten
from engine.draw.v2.rosters import RosterObject, parse_objects, parse_people, some_objects


@dataclass(frozen=True, slots=True)
class Visit:
    """One object that is to be visited, and who goes there."""

    row: RosterObject
    position: int
    ticket: str
    people: tuple[str, ...]
    experts: tuple[str, ...]


def lots_of(draw: Draw) -> dict[str, str]:
    """Return object id -> lot."""
    return {row.object_id: row.lot for row in parse_objects(draw.objects)}


def lot_of(draw: Draw, object_id: str) -> str:
    """Return the lot of one object; an empty text where the roster does not hold it."""
    return next((row.lot for row in some_objects(draw.objects, "object_id", [object_id])), "")


def teams(draw: Draw) -> dict[str, list[str]]:
    """Return unit (a lot) -> the lots of the people who go there now, by place; an empty text where nobody does."""
    places = len(draw.commitment["people_rules"]["places"]) if draw.commitment["people_rules"] else 0
    found: dict[str, list[str]] = {}
    for unit in draw.units:
        team = [""] * places
        for member in unit["members"]:
            team[member["place"]] = member["lot"]
        found[unit["unit"]] = team
    for step in draw.replacements:
        found[step["unit"]][step["place"]] = step["joining"]
    return found


def visits_of(draw: Draw, only: Collection[str] | None = None) -> Iterator[Visit]:
    """Yield the objects to visit, lowest ticket first, with who goes to each now; those with a lot of `only`, where it is given.

    Where the rows of people are destroyed, people are their lots.

    `only` is for a few: each of them is looked for in the roster by itself.
    """
    rows = parse_objects(draw.objects) if only is None else some_objects(draw.objects, "lot", only)
    objects = {row.lot: row for row in rows}
    people = (
        {} if is_forgotten(draw) else {row.lot: row.person_id for row in parse_people(draw.people or b"")}
    )
    rules = draw.commitment["people_rules"]
    experts = (
        {place for place, rule in enumerate(rules["places"]) if rule["pool"] == "experts"} if rules else set()
    )
    units = {lot: unit["unit"] for unit in draw.units for lot in unit["objects"]}
    staffed = teams(draw)
    for position, visit in enumerate(draw.visits, 1):
        if only is not None and visit["lot"] not in only:
            continue
        team = staffed.get(units.get(visit["lot"], ""), [])
        named = [(place, people.get(lot, lot)) for place, lot in enumerate(team) if lot]
        yield Visit(
            objects[visit["lot"]],
            position,
            visit["ticket"],
            tuple(person for place, person in named if place not in experts),
            tuple(person for place, person in named if place in experts),
        )
