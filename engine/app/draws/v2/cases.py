"""Whether the cases that were started for a draw are those it drew: which objects are visited, and by whom at first.

Whoever writes into the database can show another draw while its cases are started, and put it back. What each case was
started with is the first entry of its history.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
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
        allowed = _who_may_go(draw)
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
    found = sorted(_differences(begun, visits, allowed, parties, all_there=not struck))
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
    return say("{entry}（{case}）：{people} 没有被抽到去该户", entry=entry, case=case, people=list(people))


def _who_may_go(draw: Draw) -> dict[str, set[str]] | None:
    """Return object -> everybody who was to go there at any time; None where nobody was drawn, or their names are destroyed."""
    if not draw.units or is_forgotten(draw):
        return None
    names = {person.lot: person.person_id for person in parse_people(draw.people or b"")}
    objects = {one.lot: one.object_id for one in parse_objects(draw.objects)}
    going: dict[str, set[str]] = defaultdict(set)
    for unit in draw.units:
        going[unit["unit"]] |= {names[member["lot"]] for member in unit["members"]}
    for step in draw.replacements:
        if step["joining"]:
            going[step["unit"]].add(names[step["joining"]])
    return {objects[lot]: going[unit["unit"]] for unit in draw.units for lot in unit["objects"]}


def _started(transaction: Transaction, row: DrawRow) -> Iterator[Event]:
    """Yield the first entries of the cases that were started for what was drawn since the draw was made."""
    for case in transaction.cases.find(CaseFilter(parent=row.case, opened_from=row.made_at), limit=1_000_000):
        for event in transaction.events.of(case.id, limit=1):
            if (event.body.get("subject") or {}).keys() >= _OF_DRAWN:
                yield event


def _differences(
    begun: list[Event],
    visits: set[str],
    allowed: dict[str, set[str]] | None,
    parties: frozenset[str],
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
        elif allowed is not None:
            begun_with = event.body.get("parties") or {}
            people = {str(one) for party in parties for one in begun_with.get(party) or ()}
            if others := sorted(people - allowed.get(entry, set())):
                yield entry, event.stream, tuple(others)
    if all_there:
        for entry in visits - visited:
            yield entry, "", ()


def _drawn_parties(uow: UnitOfWork, case_id: str) -> frozenset[str]:
    """Return the parties of the cases started for drawn objects that are filled with whoever was drawn, and nobody else."""
    case = uow.seen(case_id)
    if case is None:
        return frozenset()
    found: set[str] = set()
    for step in uow.process(case).workflow.transitions:
        for effect in step.then:
            if effect.arguments.get("each") == DRAWN_OBJECTS:
                found |= {name for name, who in effect.arguments.get("parties", {}).items() if _is_drawn(who)}
    return frozenset(found)


def _is_drawn(who: Any) -> bool:
    """Tell whether an expression names people of the draw: it has a value where nothing but these is known."""
    try:
        return bool(who.value({"it": dict.fromkeys(("inspectors", "experts"), ("drawn",))}))
    except EvaluationError:
        return False
