"""What was changed in who can be drawn before a commitment, and what of it was changed back afterwards.

Everything is read from the histories of the registers: a state of before is what there is now, with what was entered since
taken back. The file beside this says how many days count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.app.history.replay import history
from engine.app.history.sealed_texts import SEALED, is_sealed, kept_under
from engine.language import Message, say
from engine.lifecycle.forms.personal import FORGOTTEN
from engine.value import value
from engine.yamltext.resource import read_resource

if TYPE_CHECKING:
    from engine.app.ports.records import RegisterEntry
    from engine.app.ports.store import Transaction
    from engine.draw.roster import ObjectRow
    from engine.lifecycle.case import Case
    from engine.lifecycle.chain import Event

OBJECTS, VISITS, ITEMS = "objects", "visits", "items"
INSPECTORS, EXPERTS = "inspectors", "experts"
#: Registers whose first entry begins them, and is no change.
_BEGUN = frozenset({OBJECTS, ITEMS, INSPECTORS, EXPERTS})
#: Registers of people: what they say has names of its own in a difference, and some of it is kept beside the history.
_OF_PEOPLE = frozenset({INSPECTORS, EXPERTS})
#: The codes a firm had before: what was visited under them counts as its visits.
FORMER = "former_ids"
#: Columns of a firm that decide whether it can be drawn, and of which stratum it is.
_OF_FIRM = ("status", "frequency_cap", "labels", "pools", "district", "ratings", FORMER)
#: Columns of a visit of an old ledger that decide for whom and in which year it counts.
_OF_VISIT = ("object", "ledger_day")
#: Columns of an item of inspection that decide which firms it is for, and who can inspect it.
_OF_ITEM = ("object_scope", "labels")
#: Columns of an inspector, and of an expert, that decide whether they can be drawn, and for whom.
_OF_INSPECTOR = ("status", "cert_no", "cert_valid_to", "labels", "section", "recusals")
_OF_EXPERT = ("status", "appointed_to", "labels", "section", "recusals")
#: Register -> the columns of an entry that decide who can be drawn.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    OBJECTS: _OF_FIRM,
    VISITS: _OF_VISIT,
    ITEMS: _OF_ITEM,
    INSPECTORS: _OF_INSPECTOR,
    EXPERTS: _OF_EXPERT,
}
#: So many entries of a history are read at a time, from its end.
_PART = 20
#: What a difference is called in the record of a commitment.
LISTED, STATUS, CLASS, VISIT = "listed", "status", "class", "visits"
#: … of people: whether they are there, whether they have a certificate, whom they keep away from.
ON_DUTY, CERTIFICATE, RECUSALS = "on_duty", "certificate", "recusals"
#: What a column is called in a difference where it is called otherwise; the names of a firm's columns stay their own.
_CALLED = {"ratings": CLASS}
_CALLED_OF_PEOPLE = {"status": ON_DUTY, "cert_no": CERTIFICATE}
_ACTIVE = "active"
#: Labels of before, where the history does not say which: others than any there can be.
_UNKNOWN = ("?",)

#: An entry at a time: column -> what it held; None where it was not on the register.
State = Mapping[str, Any] | None


@value
class EligibilityChange:
    """One entry of a register that decides otherwise than before who can be drawn."""

    #: The firm, also where the entry is a visit of it; of an item its code, of an inspector or expert their id.
    firm: str
    #: The names of `words_of_changes`, ordered.
    what: tuple[str, ...]
    #: Who entered the last of it, and when.
    by: str
    at: datetime


@value
class EnteredDifference:
    """What one column of one entry decides otherwise than before, and everybody who entered it since."""

    kind: str
    entry: str
    #: The firm, also where the entry is a visit of it; of an item its code, of an inspector or expert their id.
    firm: str
    #: As in `EligibilityChange`.
    what: str
    before: Any
    after: Any
    #: Everybody who entered something of it, ordered.
    by: tuple[str, ...]


@cache
def limits() -> Mapping[str, int]:
    """Return how many days count before and after a commitment, and how many firms are named."""
    return {name: int(number) for name, number in read_resource(Path(__file__).with_suffix(".yaml")).items()}


def heads_of_registers(transaction: Transaction) -> dict[str, int]:
    """Return the number of the newest entry in the history of each register that is looked at: what a commitment keeps."""
    found = {kind: transaction.events.last(_stream(kind)) for kind in COLUMNS}
    return {kind: event.seq if event is not None else 0 for kind, event in found.items()}


def changes_before(transaction: Transaction, now: datetime) -> list[EligibilityChange]:
    """Return what differs now from so many days ago as `limits` says, by firm. What was changed and changed back is none."""
    since = now - timedelta(days=limits()["before_days"])
    found: list[EligibilityChange] = []
    for kind in COLUMNS:
        events = list(_since(transaction, kind, since))
        then, present = _taken_back(transaction, kind, events)
        found += _differing(
            kind, events, {one: _differences(kind, then[one], present[one]) for one in then}, present, then
        )
    return sorted(found, key=lambda one: (one.firm, one.at))


def changed_back(
    transaction: Transaction, committed_at: datetime, heads: Mapping[str, int]
) -> list[EligibilityChange]:
    """Return what was changed before a commitment and is now as it was before that change.

    `heads` are those of `heads_of_registers` at the commitment.
    """
    since = committed_at - timedelta(days=limits()["before_days"])
    found: list[EligibilityChange] = []
    for kind in COLUMNS:
        events = list(_since(transaction, kind, since))
        after = [event for event in events if event.seq > heads.get(kind, 0)]
        if not after:
            continue
        at_commitment, present = _taken_back(transaction, kind, after)
        then, _ = _taken_back(transaction, kind, events)
        returned = {
            one: tuple(
                name
                for name in _differences(kind, then[one], at_commitment[one])
                if name in _differences(kind, at_commitment[one], present[one])
                and name not in _differences(kind, then[one], present[one])
            )
            for one in at_commitment
        }
        found += _differing(kind, after, returned, present, at_commitment)
    return sorted(found, key=lambda one: (one.firm, one.at))


def entered_since(
    transaction: Transaction, heads: Mapping[str, int], until: Mapping[str, int] | None = None
) -> list[EnteredDifference]:
    """Return what differs now, or where the histories were at `until`, from where they were at `heads`; of firms and items at least from their first import on.

    What was changed and changed back since is none.
    """
    found: list[EnteredDifference] = []
    for kind in COLUMNS:
        events = list(_since(transaction, kind, after=heads.get(kind, 0)))
        then, present = _taken_back(transaction, kind, events)
        if until is not None:
            after = [event for event in events if event.seq > until.get(kind, 0)]
            events = events[len(after) :]
            present |= _taken_back(transaction, kind, after)[0]
            then = {one: then[one] for event in events for one in _ids(event)}
        hands = _hands(kind, events)
        for one in sorted(then):
            old, new = then[one], present[one]
            for name in _differences(kind, old, new):
                whole = name in (LISTED, VISIT)
                people = [
                    hands[place]
                    for place in hands
                    if place[0] == one and (whole or place[1] in (name, LISTED))
                ]
                found.append(
                    EnteredDifference(
                        kind=kind,
                        entry=one,
                        firm=_firm(kind, one, (new, old)),
                        what=name,
                        before=old if whole or old is None else old.get(name),
                        after=new if whole or new is None else new.get(name),
                        by=tuple(sorted(set().union(*people))),
                    )
                )
    return found


def entered_after(transaction: Transaction, kind: str, head: int) -> Iterator[Mapping[str, Any]]:
    """Yield what was entered into a register behind number `head`, newest first, with what is kept beside the history in its place."""
    for event in _since(transaction, kind, after=head):
        changes = event.body.get("changes")
        if isinstance(changes, Mapping):
            yield {**event.body, "changes": _opened(transaction, changes)}
        else:
            yield event.body


def labels_before(body: Mapping[str, Any], entries: Mapping[str, RegisterEntry]) -> Iterator[RegisterEntry]:
    """Yield the entries of an old labelling, which says no more than what was added and removed, as they were before it."""
    if "changes" in body or not {"add", "remove"} <= body.keys():
        return
    added, removed = set(body["add"]), set(body["remove"])
    for one in body.get("ids") or ():
        if (entry := entries.get(one)) is not None:
            labels = sorted((set(entry.data.get("labels") or ()) - added) | removed)
            yield replace(entry, data={**entry.data, "labels": labels})


def counted(changes: Iterable[EligibilityChange]) -> dict[str, int]:
    """Return how many firms and visits were changed, by what."""
    return count_names(name for one in changes for name in one.what)


def count_names(names: Iterable[str]) -> dict[str, int]:
    """Return each name with how often it is there, ordered."""
    return dict(sorted(Counter(names).items()))


def in_words(
    changes: Iterable[EligibilityChange], zone: tzinfo
) -> tuple[list[Message], list[Message], list[str]]:
    """Return in words how many were changed by what, the first of them, and who entered them."""
    found = list(changes)
    words = words_of_changes()
    numbers = numbers_in_words(counted(found))
    first = [
        say("{firm}（{what}，{by}，{day}）", firm=one.firm, what=[words[name] for name in one.what], by=one.by, day=one.at.astimezone(zone).date().isoformat())
        for one in found[: limits()["named"]]
    ]  # fmt: skip
    return numbers, first, sorted({one.by for one in found})


def numbers_in_words(numbers: Mapping[str, int]) -> list[Message]:
    """Return in words how many were changed by what."""
    words = words_of_changes()
    return [say("{what} {count}", what=words[name], count=count) for name, count in numbers.items()]


def sentence_before(
    changes: Iterable[EligibilityChange], zone: tzinfo, roster: Iterable[ObjectRow]
) -> Message | None:
    """Return what whoever commits, draws and watches reads of changes before a commitment; None where there were none.

    `roster` are the objects of the draw: of each class it says how many of the changed firms take no part, and of how many.
    """
    found = list(changes)
    if not found:
        return None
    numbers, first, people = in_words(found, zone)
    firms, listed, out = {one.firm for one in found}, Counter[str](), Counter[str]()
    for row in roster:
        listed[row.credit_class] += 1
        out[row.credit_class] += not row.eligible and row.object_id in firms
    text = say(
        "承诺前 {days} 天内，名录有 {count} 处变动影响谁能被抽到（{numbers}），由{people}录入，请核对有无依据：{first}等",
        days=limits()["before_days"], count=len(found), numbers=numbers, people=people, first=first,
    )  # fmt: skip
    left = [
        say("{name} {out}/{listed}", name=name, out=out[name], listed=listed[name])
        for name in sorted(out)
        if out[name]
    ]
    return say("{text}；其中不能抽的，按类别占名录：{left}", text=text, left=left) if left else text


def sentence_back(case: Case, changes: Iterable[EligibilityChange], zone: tzinfo) -> Message:
    """Return what is said of firms that were changed before a commitment and changed back after it."""
    found = list(changes)
    numbers, first, people = in_words(found, zone)
    return say(
        "“{case}”承诺以前改动、承诺以后又改回的名录 {count} 处（{numbers}），由{people}改回：{first}等；请查明是否为左右抽取结果，查实的作废本次抽取",
        case=case.id, count=len(found), numbers=numbers, people=people, first=first,
    )  # fmt: skip


def commitment_entered(transaction: Transaction, case_id: str, number: int) -> Event | None:
    """Return the entry of the commitment of a draw that keeps the heads of registers; None for one of before."""
    for event in history(transaction, case_id):
        made = (event.body.get("effects") or {}).get("commitment") or {}
        if made.get("number") == number and "registers" in made:
            return event
    return None


def registers_of(entered: Event) -> Mapping[str, int]:
    """Return the heads of registers that the entry of a commitment keeps."""
    found: Mapping[str, int] = entered.body["effects"]["commitment"]["registers"]
    return found


def words_of_changes() -> Mapping[str, Message]:
    """Return what each name of a difference is called."""
    return {
        LISTED: say("新增或移出名录"),
        STATUS: say("登记状态"),
        CLASS: say("类别"),
        "frequency_cap": say("检查次数上限"),
        "labels": say("标签"),
        "pools": say("专项库"),
        "object_scope": say("事项所查对象"),
        "district": say("所在区"),
        FORMER: say("曾用代码（其检查次数一并计入）"),
        VISIT: say("补录的检查"),
        ON_DUTY: say("人员状态"),
        CERTIFICATE: say("执法证"),
        "cert_valid_to": say("执法证有效期至"),
        "appointed_to": say("聘期至"),
        "section": say("股室"),
        RECUSALS: say("回避对象"),
    }


def _stream(kind: str) -> str:
    return f"register:{kind}"


def _since(
    transaction: Transaction, kind: str, since: datetime | None = None, after: int = 0
) -> Iterator[Event]:
    """Yield the entries of a register's history from `since` on and behind number `after`, newest first.

    Of firms and items not the first, which begins the register.
    """
    last = transaction.events.last(_stream(kind))
    begin = last.seq if last is not None else 0
    least = max(after, 1 if kind in _BEGUN else 0)
    while begin > least:
        first = max(least, begin - _PART)
        for event in reversed(transaction.events.of(_stream(kind), after=first, limit=begin - first)):
            if since is not None and event.at < since:
                return
            yield event
        begin = first


def _hands(kind: str, events: Iterable[Event]) -> dict[tuple[str, str], set[str]]:
    """Return by entry and difference who entered something of it; under ``listed`` who added or removed the entry."""
    found: dict[tuple[str, str], set[str]] = {}
    for event in events:
        changes = event.body.get("changes") or {}
        for one in (*(changes.get("added") or ()), *(changes.get("removed") or ())):
            found.setdefault((one, LISTED), set()).add(event.actor)
        for one, columns in (changes.get("changed") or {}).items():
            for name in columns:
                if name in COLUMNS[kind]:
                    found.setdefault((one, _called(kind).get(name, name)), set()).add(event.actor)
        for one in event.body.get("ids") or () if "add" in event.body else ():
            found.setdefault((one, "labels"), set()).add(event.actor)
    return found


def _firm(kind: str, entry: str, states: Iterable[State]) -> str:
    """Return the firm an entry is about, of what it is and was."""
    if kind != VISITS:
        return entry
    return next((str(state["object"]) for state in states if state), entry)


def _taken_back(
    transaction: Transaction, kind: str, newest_first: Iterable[Event]
) -> tuple[dict[str, State], dict[str, State]]:
    """Return of each entry these events are about what it was before all of them, and what it is now."""
    events = list(newest_first)
    touched = sorted({one for event in events for one in _ids(event)})
    entries = transaction.registers.some(kind, touched) if touched else {}
    present: dict[str, State] = {
        one: _state(kind, {**entries[one].data, "section": entries[one].section}) if one in entries else None
        for one in touched
    }
    then = dict(present)
    for event in events:
        changes = event.body.get("changes") or {}
        if kind in _OF_PEOPLE:
            changes = _opened(transaction, changes)
        for one in changes.get("added") or ():
            then[one] = None
        for one, row in (changes.get("removed") or {}).items():
            then[one] = _state(kind, {**(row.get("data") or {}), "section": row.get("section")})
        for one, columns in (changes.get("changed") or {}).items():
            then[one] = {
                **(then[one] or {}),
                **_state(kind, {name: old for name, (old, _) in columns.items()}, only=columns),
            }
        if "add" in event.body and "remove" in event.body and "changes" not in event.body:
            # An older version entered no more of a labelling than this: which labels were held before it does not say.
            for one in event.body.get("ids") or ():
                then[one] = {**(then[one] or {}), "labels": _UNKNOWN}
    return {**then, **_under_earlier_codes(events, then)}, present


def _under_earlier_codes(events: Iterable[Event], then: Mapping[str, State]) -> dict[str, State]:
    """Return of firms that were not on the register what they were under the code they had: a new code is no new firm."""
    earlier: dict[str, str] = {}
    for event in reversed(list(events)):
        moved = event.body.get("firm") or {}
        if moved and moved["from"] != moved["to"]:
            earlier[moved["to"]] = earlier.get(moved["from"], moved["from"])
    return {new: then.get(old) for new, old in earlier.items() if new in then and then[new] is None}


def _opened(transaction: Transaction, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the changes of an entry with what is kept beside the history in its place."""
    ids: list[str] = []
    _replaced(changes, lambda one: ids.append(str(one[SEALED])))
    kept = kept_under(transaction, ids)
    found: dict[str, Any] = _replaced(
        changes, lambda one: kept.get(one[SEALED], {}).get(one["at"], FORGOTTEN)
    )
    return found


def _replaced(held: Any, made: Callable[[Mapping[str, Any]], Any]) -> Any:
    if is_sealed(held):
        return made(held)
    if isinstance(held, Mapping):
        return {name: _replaced(one, made) for name, one in held.items()}
    return [_replaced(one, made) for one in held] if isinstance(held, (list, tuple)) else held


def _ids(event: Event) -> set[str]:
    changes = event.body.get("changes") or {}
    found = {one for part in ("added", "changed", "removed") for one in changes.get(part) or ()}
    return found | set(event.body.get("ids") or ())


def _state(kind: str, data: Mapping[str, Any], only: Iterable[str] | None = None) -> dict[str, Any]:
    """Return the columns that decide, in one form each; with `only` those of them alone."""
    called = _called(kind)
    found: dict[str, Any] = {}
    for name in COLUMNS[kind]:
        if only is None or name in only:
            value = _plain(name, data.get(name))
            found[called.get(name, name)] = value if value != "" else None
    return found


def _plain(name: str, held: Any) -> Any:
    """Return what a column holds in one form: order does not matter, and of a certificate's number only that there is one."""
    if name == "status":
        return held or _ACTIVE
    if name == "ratings":
        return _classes(held or ())
    if name == "cert_no":
        return bool(held)
    if name in ("labels", "pools", "recusals", FORMER):
        # What is destroyed is another value than every one there can be.
        return (FORGOTTEN,) if held == FORGOTTEN else tuple(sorted(map(str, held or ())))
    return held


def _called(kind: str) -> Mapping[str, str]:
    return _CALLED_OF_PEOPLE if kind in _OF_PEOPLE else _CALLED


def _classes(ratings: Iterable[Mapping[str, Any]]) -> tuple[tuple[str, str], ...]:
    """Return the newest class of each scheme: that it was given again on another day changes nothing."""
    newest: dict[str, Mapping[str, Any]] = {}
    for one in ratings:
        scheme = str(one.get("scheme"))
        if scheme not in newest or str(one.get("date") or "") > str(newest[scheme].get("date") or ""):
            newest[scheme] = one
    return tuple(sorted((scheme, str(one.get("class"))) for scheme, one in newest.items()))


def _differences(kind: str, old: State, new: State) -> tuple[str, ...]:
    if old == new:
        return ()
    if kind == VISITS:
        return (VISIT,)
    if old is None or new is None:
        return (LISTED,)
    return tuple(sorted(name for name in {*old, *new} if old.get(name) != new.get(name)))


def _differing(
    kind: str,
    newest_first: Iterable[Event],
    what: Mapping[str, tuple[str, ...]],
    *states: Mapping[str, State],
) -> Iterator[EligibilityChange]:
    last: dict[str, Event] = {}
    for event in newest_first:
        for one in _ids(event):
            last.setdefault(one, event)
    for one, names in what.items():
        if names:
            firm = _firm(kind, one, [state.get(one) for state in states])
            yield EligibilityChange(firm=firm, what=names, by=last[one].actor, at=last[one].at)
