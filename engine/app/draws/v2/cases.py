"""Whether the cases that were started for a draw are those it drew: which objects are visited, and by whom at first.

Whoever writes into the database can show another draw while its cases are started, and put it back. What each case was
started with is the first entry of its history.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from engine.app.draws.v2 import stored
from engine.app.ports.records import CaseFilter
from engine.app.session.child_cases import DRAWN_OBJECTS
from engine.draw.refused import DrawRefused
from engine.draw.v2.acts import Draw, is_forgotten
from engine.draw.v2.rosters import parse_objects, parse_people
from engine.draw.v2.visits import visits_of
from engine.kernel.instants import from_text
from engine.language import Message, say
from engine.lifecycle.expressions.expression import EvaluationError

if TYPE_CHECKING:
    from engine.app.ports.records import DrawRow
    from engine.app.ports.store import Transaction
    from engine.app.session.unit_of_work import UnitOfWork
    from engine.lifecycle.chain import Event

#: What the subject of a case that was started for a drawn object says beside its id.
_OF_DRAWN = frozenset({"ticket", "position"})
#: So many cases are fetched at a time, and so many are named in a sentence.
_PART, _NAMED = 1000, 10


def differing_cases(uow: UnitOfWork, row: DrawRow) -> Message | None:
    """Return in what the cases started for a draw are not those it drew; None where they are, or none were started."""
    transaction = uow.transaction
    try:
        draw = stored.draw_of(row)
        visits = {visit.row.object_id for visit in visits_of(draw)}
        teams = _teams(draw)
    except (DrawRefused, ValueError):
        return None
    begun = list(_started(transaction, row))
    if not begun or not visits:
        return None
    log = stored.read_log(transaction)
    struck = any(from_text(line.at) > begun[0].at for line in log.of(draw.name, "remove"))
    if struck:
        # Objects were struck when their cases had been started, and others took their places.
        lots = {one["lot"] for one in draw.removals}
        visits |= {one.object_id for one in parse_objects(draw.objects) if one.lot in lots}
    parties = _drawn_parties(uow, row.case)
    found = sorted(_differences(begun, visits, teams, parties, all_there=not struck))
    if not found:
        return None
    return say(
        "“{case}”第 {number} 次抽取派发的案件与抽取结果不符 {count} 处：{first}等；抽取记录可能在派发时被用程序以外的办法改过又改回",
        case=row.case,
        number=row.number,
        count=len(found),
        first=[_in_words(*one) for one in found[:_NAMED]],
    )


def _in_words(entry: str, case: str, people: tuple[str, ...]) -> Message:
    """Return what is wrong with an object: no case, a case that is not of the draw, or people who are not."""
    if not case:
        return say("{entry} 被抽中而没有案件", entry=entry)
    if not people:
        return say("{entry}（{case}）没有被抽中", entry=entry, case=case)
    return say("{entry}（{case}）：去的人与抽到的不同：{people}", entry=entry, case=case, people=list(people))


def _teams(draw: Draw) -> dict[str, list[dict[str, list[str]]]] | None:
    """Return object -> the teams it has had, first to last, as a case is started with them; None where nobody was drawn, or names are destroyed."""
    if not draw.units or is_forgotten(draw):
        return None
    names = {person.lot: person.person_id for person in parse_people(draw.people or b"")}
    objects = {one.lot: one.object_id for one in parse_objects(draw.objects)}
    places = draw.commitment["people_rules"]["places"]
    lots = {
        unit["unit"]: {member["place"]: member["lot"] for member in unit["members"]} for unit in draw.units
    }

    def team(unit: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {"inspectors": [], "experts": []}
        for place, lot in sorted(lots[unit].items()):
            if lot:
                found["experts" if places[place]["pool"] == "experts" else "inspectors"].append(names[lot])
        return found

    had = {unit: [team(unit)] for unit in lots}
    for step in draw.replacements:
        lots[step["unit"]][step["place"]] = step["joining"]
        had[step["unit"]].append(team(step["unit"]))
    return {objects[lot]: had[unit["unit"]] for unit in draw.units for lot in unit["objects"]}


def _started(transaction: Transaction, row: DrawRow) -> Iterator[Event]:
    """Yield the first entries of the cases that were started for what was drawn since the draw was made."""
    for case in transaction.cases.find(CaseFilter(parent=row.case, opened_from=row.made_at), limit=1_000_000):
        for event in transaction.events.of(case.id, limit=1):
            if (event.body.get("subject") or {}).keys() >= _OF_DRAWN:
                yield event


def _differences(
    begun: list[Event],
    visits: set[str],
    teams: dict[str, list[dict[str, list[str]]]] | None,
    parties: Mapping[str, Any],
    *,
    all_there: bool,
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield object, case and people of what differs; without people the object was not drawn, without a case it has none."""
    visited: set[str] = set()
    for event in begun:
        entry = str(event.body["subject"].get("id"))
        visited.add(entry)
        if entry not in visits:
            yield entry, event.stream, ()
        elif teams is not None:
            for party, who in parties.items():
                people = frozenset(map(str, (event.body.get("parties") or {}).get(party) or ()))
                drawn = [frozenset(_named(who, team)) for team in teams.get(entry, ())]
                if people not in drawn:
                    first = drawn[0] if drawn else frozenset()
                    yield entry, event.stream, tuple(sorted(people ^ first))
    if all_there:
        for entry in visits - visited:
            yield entry, "", ()


def _drawn_parties(uow: UnitOfWork, case_id: str) -> dict[str, Any]:
    """Return the parties of the cases started for drawn objects that are filled with whoever was drawn and nobody else, each with what fills it."""
    case = uow.seen(case_id)
    if case is None:
        return {}
    found: dict[str, Any] = {}
    for step in uow.process(case).workflow.transitions:
        for effect in step.then:
            if effect.arguments.get("each") == DRAWN_OBJECTS:
                parties = effect.arguments.get("parties", {})
                found |= {name: who for name, who in parties.items() if _is_drawn(who)}
    return found


def _is_drawn(who: Any) -> bool:
    """Tell whether an expression names people of the draw: it has a value where nothing but these is known."""
    try:
        return bool(_named(who, {name: ["drawn"] for name in ("inspectors", "experts")}))
    except EvaluationError:
        return False


def _named(who: Any, team: Mapping[str, list[str]]) -> list[str]:
    """Return the people an expression takes of a team."""
    value = who.value({"it": team})
    return [value] if isinstance(value, str) else [str(one) for one in value or ()]
