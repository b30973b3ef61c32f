"""Which people go where: places of a team, filled by fewest jobs so far, ties by the ticket of unit and person.

A unit is what one team goes to: an object, or all drawn objects of a section or a district. It is named by its first
object's lot. Units are taken in ticket order, places from the one with the fewest candidates on, and a person is taken only
if the other places can still be filled. A unit that cannot be staffed has no members.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.draw.matching import can_fill
from engine.draw.tickets import TicketMachine
from engine.draw.v2.rosters import RosterObject, RosterPerson
from engine.draw.v2.shapes import DIGEST, LOT, filled, matching, number, wrong
from engine.language import say

MEMBER = {"place": number, "lot": matching(LOT), "ticket": matching(DIGEST)}
UNIT = {"unit": matching(LOT), "objects": [matching(LOT)], "members": [MEMBER]}
REPLACEMENT = {
    "unit": matching(LOT),
    "place": number,
    "leaving": matching(LOT),
    "joining": matching(LOT),
    "ticket": matching(DIGEST),
    "why": matching(DIGEST),
    "second": filled,
}
WHY = {"reason": filled, "evidence": matching(DIGEST), "salt": matching(LOT)}


@dataclass(frozen=True, slots=True)
class Teams:
    """All that decides who goes where, and the tickets of one draw."""

    rules: Mapping[str, Any]
    objects: Mapping[str, RosterObject]
    people: Sequence[RosterPerson]
    tickets: TicketMachine
    _pools: dict[int, list[RosterPerson]] = field(default_factory=dict)
    #: Place -> whether its rule asks nothing of an object.
    _freely: dict[int, bool] = field(default_factory=dict)

    def units(self, visits: Sequence[str]) -> list[list[str]]:
        """Return the lots of every unit, for lots in ticket order."""
        column = self.rules["team_per"]
        if column == "object":
            return [[lot] for lot in visits]
        found: dict[str, list[str]] = {}
        for lot in visits:
            found.setdefault(getattr(self.objects[lot], column), []).append(lot)
        return list(found.values())

    def assign(self, visits: Sequence[str]) -> list[dict[str, Any]]:
        """Return the units of `visits` (lots in ticket order) with their members."""
        load = {person.lot: person.load for person in self.people}
        return [self._staffed(lots, load) for lots in self.units(visits)]

    def candidates(self, place: int, lots: Sequence[str]) -> list[str]:
        """Return the lots of the people who may take a place of a unit, in the order of the roster."""
        rule = self.rules["places"][place]
        if place not in self._pools:
            self._pools[place] = [person for person in self.people if self._fits(rule, person)]
        things = [self.objects[lot] for lot in lots]
        if place not in self._freely:
            self._freely[place] = not (
                self.rules["rotation"]
                or rule["own_section"]
                or rule["district"]
                or rule["items"] in ("any", "all")
            )
        if self._freely[place] and len(things) == 1:
            # A recusal alone keeps somebody away.
            (only,) = (thing.object_id for thing in things)
            return [person.lot for person in self._pools[place] if only not in person.recusals]
        return [person.lot for person in self._pools[place] if self._may_go(rule, person, things)]

    def unstaffed(self, lots: Iterable[str]) -> list[str]:
        """Return the objects that cannot be staffed if they are drawn and a team goes to each alone."""
        places = range(len(self.rules["places"]))
        return [
            lot for lot in lots if not can_fill([self.candidates(place, [lot]) for place in places], set())
        ]

    def replace(
        self,
        units: Sequence[Mapping[str, Any]],
        before: Sequence[Mapping[str, Any]],
        unit: str,
        leaving: str,
    ) -> dict[str, Any]:
        """Return place, joining person and ticket of the next in the unit's order. Raises `DrawRefused` without one."""
        found = next((one for one in units if one["unit"] == unit), None)
        team = {} if found is None else {member["place"]: member["lot"] for member in found["members"]}
        gone = set()
        for step in before:
            if step["unit"] == unit:
                team[step["place"]] = step["joining"]
                gone.add(step["leaving"])
        places = [place for place, lot in team.items() if lot == leaving]
        if found is None or not places:
            raise wrong("replace", say("{person} 不在 {unit} 的检查组里", person=leaving, unit=unit))
        place = places[0]
        barred = {*team.values(), *gone}
        order = sorted(
            (self.pair(unit, lot), lot)
            for lot in self.candidates(place, found["objects"])
            if lot not in barred
        )
        if not order:
            raise wrong("replace", say("{unit} 没有可以接替的人了", unit=unit))
        ticket, joining = order[0]
        return {"unit": unit, "place": place, "leaving": leaving, "joining": joining, "ticket": ticket.hex()}

    def pair(self, unit: str, person: str) -> bytes:
        """Return the ticket of a unit and a person."""
        return self.tickets.ticket(f"{unit}|{person}")

    def _staffed(self, lots: list[str], load: dict[str, int]) -> dict[str, Any]:
        unit, count = lots[0], len(self.rules["places"])
        options = [self.candidates(place, lots) for place in range(count)]
        taken: dict[int, str] = {}
        made: dict[str, bytes] = {}
        if can_fill(options, set()):
            order = sorted(range(count), key=lambda place: (len(options[place]), place))
            for at, place in enumerate(order):
                rest, used = [options[later] for later in order[at + 1 :]], set(taken.values())
                taken[place] = next(
                    lot
                    for lot in self._ranked(unit, options[place], load, made)
                    if lot not in used and can_fill(rest, {*used, lot})
                )
        for lot in taken.values():
            load[lot] += len(lots)
        members = [
            {"place": place, "lot": lot, "ticket": made[lot].hex()} for place, lot in sorted(taken.items())
        ]
        return {"unit": unit, "objects": lots, "members": members}

    def _ranked(
        self, unit: str, lots: Sequence[str], load: Mapping[str, int], made: dict[str, bytes]
    ) -> Iterator[str]:
        """Yield the people for a unit by their load, ticket and lot.

        Tickets are made for a load when it comes to it, each once for all places of the unit: they are kept in `made`.
        """
        of_load: dict[int, list[str]] = {}
        for lot in lots:
            of_load.setdefault(load[lot], []).append(lot)
        for _, some in sorted(of_load.items()):
            if new := [lot for lot in some if lot not in made]:
                made.update(zip(new, self.tickets.pairs(unit, new), strict=True))
            yield from [lot for _, lot in sorted([(made[lot], lot) for lot in some])]

    def _fits(self, rule: Mapping[str, Any], person: RosterPerson) -> bool:
        """Whether a person may take a place at all, whatever the unit."""
        return (
            person.eligible
            and rule["pool"] in person.pools
            and (not rule["sections"] or person.section in rule["sections"])
            and set(rule["labels"]) <= set(person.labels)
            and (not rule["certificate"] or person.cert_valid_to >= self.rules["valid_on"])
        )

    def _may_go(self, rule: Mapping[str, Any], person: RosterPerson, things: Sequence[RosterObject]) -> bool:
        for thing in things:
            if thing.object_id in person.recusals:
                return False
            if self.rules["rotation"] and thing.object_id in person.previous:
                return False
            if rule["own_section"] and thing.section != person.section:
                return False
            if rule["district"] and person.districts and thing.district not in person.districts:
                return False
            if rule["items"] == "any" and thing.items and not set(thing.items) & set(person.labels):
                return False
            if rule["items"] == "all" and not set(thing.items) <= set(person.labels):
                return False
        return True
