"""Whether a commitment rests on what the histories of the registers say: which commitment was the last, and who could be drawn.

Whoever writes into the database can show the program other rows while it commits, and put them back. What the draw was
made from stays in its roster, and the histories say what it should have been.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from engine.app.draws.records import OUT_OF_SCOPE, UNRATED
from engine.app.draws.registers.register_changes import (
    CERTIFICATE,
    CLASS,
    INSPECTORS,
    LISTED,
    OBJECTS,
    ON_DUTY,
    RECUSALS,
    STATUS,
    state_at,
    words_of_changes,
)
from engine.app.draws.v2 import stored
from engine.app.history.replay import history
from engine.draw.refused import DrawRefused
from engine.draw.v2.rosters import parse_objects, parse_people
from engine.language import Message, say
from engine.register.profile import built_in

if TYPE_CHECKING:
    from engine.app.ports.records import DrawRow
    from engine.app.ports.store import Transaction
    from engine.lifecycle.chain import Event

#: The history of what was agreed to: each commitment enters how far the histories of the registers went.
STREAM = "draw-registers"
_ACTIVE = "active"
#: So many entries of the history are read at a time, and so many places are named in a sentence.
_PART, _NAMED = 20, 10


def last_commitment(transaction: Transaction) -> Event | None:
    """Return the entry of the last commitment that the history of its case has too; None where there was none."""
    last = transaction.events.last(STREAM)
    end = last.seq if last is not None else 0
    while end > 0:
        begin = max(0, end - _PART)
        for event in reversed(transaction.events.of(STREAM, after=begin, limit=end - begin)):
            if is_commitment(transaction, event):
                return event
        end = begin
    return None


def is_commitment(transaction: Transaction, entered: Event) -> bool:
    """Tell whether an entry is of a commitment that the history of its case has, with the same places in the registers."""
    body = entered.body
    for event in history(transaction, str(body.get("case"))):
        made = (event.body.get("effects") or {}).get("commitment") or {}
        if made.get("number") == body.get("number"):
            return bool(made.get("registers", body.get("registers")) == body.get("registers"))
    return False


def made_up_commitments(transaction: Transaction) -> list[str]:
    """Return the commitments that are entered and that no case has: ``CASE/NUMBER``."""
    return [
        f"{event.body.get('case')}/{event.body.get('number')}"
        for event in history(transaction, STREAM)
        if not is_commitment(transaction, event)
    ]


def differing_roster(transaction: Transaction, row: DrawRow, heads: Mapping[str, int]) -> Message | None:
    """Return in what the roster of a draw is not what the registers were at `heads`; None where it is, or is gone."""
    try:
        draw = stored.draw_of(row)
        objects = parse_objects(draw.objects)
        people = parse_people(draw.people) if draw.people else ()
    except (DrawRefused, ValueError):
        return None
    # The order of a roster is of chance: those that are named are the first by their codes.
    found = sorted([*_of_objects(transaction, objects, heads), *_of_people(transaction, people, heads)])
    if not found:
        return None
    words = words_of_changes()
    first = [say("{entry} {what}", entry=entry, what=words[what]) for entry, what in found[:_NAMED]]
    return say(
        "“{case}”第 {number} 次抽取的名册与名录历史在承诺时的内容不符 {count} 处：{first}等；名录的行可能被用程序以外的办法改过又改回",
        case=row.case,
        number=row.number,
        count=len(found),
        first=first,
    )


def _of_objects(transaction: Transaction, roster: Any, heads: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    states = state_at(transaction, OBJECTS, heads.get(OBJECTS, 0))
    scheme, statuses = _scheme(roster, states), frozenset(built_in(OBJECTS).columns["status"].choices)
    for row in roster:
        state = states.pop(row.object_id, None)
        if state is None:
            yield row.object_id, LISTED
            continue
        # Scope comes first; whoever is struck off is out for that, and nobody else is.
        if row.exclude_reason != OUT_OF_SCOPE:
            known = statuses | {state["status"]}
            out = row.exclude_reason if row.exclude_reason in known else _ACTIVE
            if out != state["status"]:
                yield row.object_id, STATUS
        if scheme and row.credit_class != dict(state[CLASS]).get(scheme, UNRATED):
            yield row.object_id, CLASS
    for entry in states:
        yield entry, LISTED


def _scheme(roster: Any, states: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the scheme of ratings a roster was made by: the one that most of its rows agree with."""
    counted = Counter(
        scheme
        for row in roster
        for scheme, name in (states.get(row.object_id) or {}).get(CLASS, ())
        if name == row.credit_class
    )
    return next((name for name, _ in counted.most_common(1)), "")


def _of_people(transaction: Transaction, roster: Any, heads: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    states = state_at(transaction, INSPECTORS, heads.get(INSPECTORS, 0))
    for row in roster:
        state = states.get(row.person_id)
        if row.pools != ("people",) or state is None or not row.certificate:
            # Experts, and people drawn by the role they hold.
            continue
        if row.eligible != (state[ON_DUTY] == _ACTIVE and state[CERTIFICATE]):
            yield row.person_id, ON_DUTY
        if row.cert_valid_to != str(state["cert_valid_to"] or ""):
            yield row.person_id, "cert_valid_to"
        if tuple(sorted(set(row.labels))) != state["labels"]:
            yield row.person_id, "labels"
        # The roster names firms by their present codes too.
        if not set(state[RECUSALS]) <= set(row.recusals):
            yield row.person_id, RECUSALS
