"""Whether a commitment rests on what the histories say: which commitment was the last, who could be drawn, and by which plan.

Whoever writes into the database can show the program other rows while it commits, and put them back. What the draw was
made from stays in its rosters and rules. The histories of the registers and of the case say what these should have been:
the plan is made again from them, by the same code, and all of it is compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from engine.app.draws.plan import draw_plan_of, of_cases
from engine.app.draws.records import OUT_OF_SCOPE
from engine.app.draws.registers.register_changes import (
    CERTIFICATE,
    CLASS,
    LISTED,
    OBJECTS,
    ON_DUTY,
    RECUSALS,
    STATUS,
    registers_of,
    words_of_changes,
)
from engine.app.draws.registers.register_history import transaction_then
from engine.app.draws.v2 import material, stored
from engine.app.history.replay import history, replay
from engine.app.session.scope import own_scope
from engine.app.session.unit_of_work import UnitOfWork
from engine.draw.refused import DrawRefused
from engine.draw.v2.rosters import parse_objects, parse_people
from engine.kernel.clean_text import clean
from engine.language import Message, say
from engine.lifecycle.command import Actor
from engine.lifecycle.forms.personal import FORGOTTEN
from engine.register.profile import built_in

if TYPE_CHECKING:
    from engine.app.draws.plan import DrawPlan
    from engine.app.ports.records import DrawRow
    from engine.app.ports.store import Transaction
    from engine.app.services import Services
    from engine.draw.v2.acts import Draw
    from engine.lifecycle.case import Case
    from engine.lifecycle.chain import Event
    from engine.lifecycle.model.workflow import Effect

#: The history of what was agreed to: each commitment enters how far the histories of the registers went.
STREAM = "draw-registers"
#: What a difference is called that is none of a register's: what is inspected, by the plan and by an exclusion of it.
ITEMS, RULES, TEAM, EXCLUDED = "items", "object_rules", "people_rules", "exclude"
#: … and of what was counted of earlier draws.
LOAD, PREVIOUS = "load", "previous"
#: … and of what a commitment says to the public.
ANCHOR, COUNTS = "anchor", "register_counts"
_CAP, _UNCERTIFIED = "frequency_cap", "no_certificate"
#: Column of a roster -> what a difference in it is called.
_OF_OBJECT = {
    "name": "name",
    "stratum": CLASS,
    "credit_class": CLASS,
    "class_date": CLASS,
    "district": "district",
    ITEMS: ITEMS,
}
_OF_PERSON = {
    "pools": LISTED,
    "section": "section",
    "labels": "labels",
    CERTIFICATE: CERTIFICATE,
    "cert_valid_to": "cert_valid_to",
    RECUSALS: RECUSALS,
    LOAD: LOAD,
    PREVIOUS: PREVIOUS,
}
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
            # A draw of cases rests on no register, and enters no commitment here.
            # The instants of the two may differ: each history settles its own where the clock was put back.
            return (
                entered.actor == event.actor
                and "registers" in made
                and bool(made["registers"] == body.get("registers"))
            )
    return False


def commitments(transaction: Transaction) -> tuple[list[Event], list[Event]]:
    """Return the entries of commitments, in order: those that the histories of their cases have, and those that no case has."""
    real: list[Event] = []
    made_up: list[Event] = []
    for event in history(transaction, STREAM):
        (real if is_commitment(transaction, event) else made_up).append(event)
    return real, made_up


def name_of(entered: Event) -> str:
    """Return what the commitment of an entry is called: ``CASE/NUMBER``."""
    return f"{entered.body.get('case')}/{entered.body.get('number')}"


def made_up_commitments(transaction: Transaction) -> list[str]:
    """Return the names of the commitments that are entered and that no case has."""
    return [name_of(event) for event in commitments(transaction)[1]]


def differing_roster(
    services: Services, transaction: Transaction, row: DrawRow, entered: Event
) -> Message | None:
    """Return in what a draw is not what the histories were at its commitment, which is entered in that of its case; None where it is, or is gone."""
    try:
        draw = stored.draw_of(row)
        rosters = parse_objects(draw.objects), parse_people(draw.people) if draw.people else ()
    except (DrawRefused, ValueError):
        return None
    case = _begun_with(transaction, entered)
    if case is None:
        return None
    then, exact = transaction_then(transaction, registers_of(entered), entered.at, row)
    uow = UnitOfWork(services, then, entered.at)
    effect = _effect(uow, case, str(entered.body.get("step")))
    if effect is None or of_cases(effect):
        return None
    scope = own_scope(uow, case, Actor(entered.actor))
    try:
        plan = draw_plan_of(uow, case, effect, scope)
    except DrawRefused as refused:
        return say(
            "“{case}”第 {number} 次抽取按承诺时的名录历史和案件历史做不出来：{reasons}；名录或案件的行可能被用程序以外的办法改过又改回",
            case=row.case,
            number=row.number,
            reasons=[one.message for one in refused.reasons],
        )
    drawn_by_role = effect.arguments.get("role") is not None
    # The order of a roster is of chance: those that are named are the first by their codes.
    bounds = None if exact else _most_visits(plan, then)
    found = {
        *_of_plan(plan, draw, case.id),
        *_of_announced(effect, scope, plan, draw, case.id),
        *_of_objects(material.roster_objects(plan), rosters[0], bounds),
    }
    if not drawn_by_role:
        found |= set(_of_people(material.roster_people(uow, plan), rosters[1], exact=exact))
    return _said(row, sorted(found)) if found else None


def _said(row: DrawRow, found: list[tuple[str, str]]) -> Message:
    words = _words()
    first = [say("{entry} {what}", entry=entry, what=words[what]) for entry, what in found[:_NAMED]]
    return say(
        "“{case}”第 {number} 次抽取的名册或规则与历史在承诺时的内容不符 {count} 处：{first}等；名录或案件的行可能被用程序以外的办法改过又改回",
        case=row.case,
        number=row.number,
        count=len(found),
        first=first,
    )


def _words() -> Mapping[str, Message]:
    """Return what each name of a difference is called."""
    return {
        **words_of_changes(),
        "name": say("名称"),
        ITEMS: say("所查事项"),
        EXCLUDED: say("是否列在方案的排除名单里"),
        RULES: say("方案的各层比例"),
        TEAM: say("方案的人员要求"),
        ANCHOR: say("方案的外部凭据"),
        COUNTS: say("方案的来源登记数"),
        LOAD: say("本年已去的次数"),
        PREVIOUS: say("本年去过的对象"),
    }


def _begun_with(transaction: Transaction, entered: Event) -> Case | None:
    """Return the case as its history had it when a step was begun; None where it has no history before."""
    present = transaction.cases.get(entered.stream)
    texts = present.personal if present is not None else None
    before = list(takewhile(lambda event: event.seq < entered.seq, history(transaction, entered.stream)))
    return replay(before, texts) if before else None


def _effect(uow: UnitOfWork, case: Case, step: str) -> Effect | None:
    """Return the effect of a step that commits."""
    found = [
        effect
        for one in uow.process(case).workflow.transitions
        if one.id == step
        for effect in one.then
        if effect.kind == "commit"
    ]
    return found[0] if found else None


def _of_plan(plan: DrawPlan, draw: Draw, case_id: str) -> Iterator[tuple[str, str]]:
    made = draw.commitment
    if list(plan.items) != list(made[ITEMS]):
        yield case_id, ITEMS
    rules = material.object_rules(plan.rules, material.roster_objects(plan), plan.bands)
    # What an earlier version did not write into a commitment is not compared.
    if any(made[RULES].get(name, value) != value for name, value in rules.items()):
        yield case_id, RULES
    if made[TEAM] and any(
        made[TEAM].get(name, value) != value
        for name, value in material.people_rules(plan.rules, plan.team).items()
    ):
        yield case_id, TEAM


def _of_announced(
    effect: Effect, scope: Mapping[str, Any], plan: DrawPlan, draw: Draw, case_id: str
) -> Iterator[tuple[str, str]]:
    """Yield what a commitment says to the public otherwise than the plan: who signs it, why not, how many a register counts."""
    made = draw.commitment

    def text(name: str) -> str:
        expression = effect.arguments.get(name)
        return clean(str(expression.value(scope) or "")) if expression is not None else ""

    anchor = made["anchor"]
    if (anchor["mode"] == "none") != bool(text("no_anchor")) or (
        anchor["mode"] == "none" and clean(str(anchor["reason"])) != text("no_anchor")
    ):
        yield case_id, ANCHOR
    counted = sum(plan.register_counts.values())
    if made.get("registered", counted) != counted:
        yield case_id, COUNTS


def _most_visits(plan: DrawPlan, then: Transaction) -> dict[str, tuple[int | None, int]]:
    """Return object -> the most visits it may have had by the registers, and the most it can have had when draws since are left aside.

    Where somebody was struck since in a draw of before, he may have been visited then.
    """
    struck = sum(line.kind == "remove" for line in stored.read_log(then).lines)
    return {
        entry.id: (
            None if entry.data.get(_CAP) in (None, "") else int(entry.data[_CAP]),
            sum(plan.visits.get(code, 0) for code in entry.codes) + struck,
        )
        for entry in then.registers.all(OBJECTS)
    }


def _of_objects(
    expected: Iterable[Any],
    roster: Iterable[Any],
    bounds: Mapping[str, tuple[int | None, int]] | None,
) -> Iterator[tuple[str, str]]:
    """Yield what differs of objects. `bounds` are of their visits, where the counts of then are not known."""
    rows = {one.object_id: one for one in roster}
    statuses = frozenset(built_in(OBJECTS).columns["status"].choices)
    for one in expected:
        row = rows.pop(one.object_id, None)
        if row is None:
            yield one.object_id, LISTED
            continue
        for column, what in _OF_OBJECT.items():
            if getattr(one, column) != getattr(row, column):
                yield one.object_id, what
        reasons = {one.exclude_reason, row.exclude_reason}
        if len(reasons) > 1:
            what = _why_out(reasons, statuses)
            if bounds is None or what != _CAP or _cannot_be(*bounds.get(one.object_id, (None, 0))):
                yield one.object_id, what
    for entry in rows:
        yield entry, LISTED


def _cannot_be(own: int | None, most: int) -> bool:
    """Tell whether an object that may have had `most` visits cannot be out by its own limit, or by one of the plan where it has none."""
    return most == 0 if own is None else most < own


def _why_out(reasons: set[str], statuses: frozenset[str]) -> str:
    """Return what the difference between two reasons to be out of a draw is called; one of them may be none."""
    if OUT_OF_SCOPE in reasons:
        return "pools"
    if reasons & statuses:
        return STATUS
    return _CAP if _CAP in reasons else EXCLUDED


def _of_people(expected: Iterable[Any], roster: Iterable[Any], *, exact: bool) -> Iterator[tuple[str, str]]:
    rows = {one.person_id: one for one in roster}
    for one in expected:
        row = rows.pop(one.person_id, None)
        if row is None:
            yield one.person_id, LISTED
            continue
        for column, what in _OF_PERSON.items():
            before = getattr(one, column)
            if isinstance(before, (str, tuple)) and FORGOTTEN in before:
                # What it was is destroyed by its term: nothing can be said of it.
                continue
            if (exact or what not in (LOAD, PREVIOUS)) and before != getattr(row, column):
                yield one.person_id, what
        reasons = {one.exclude_reason, row.exclude_reason}
        if one.eligible != row.eligible or len(reasons) > 1:
            yield one.person_id, CERTIFICATE if _UNCERTIFIED in reasons else ON_DUTY
    for entry in rows:
        yield entry, LISTED
