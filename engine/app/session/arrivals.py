"""到达: the work items a unit of work has put before people, gathered until it ends.

Cases that were moved are kept until then, because an automatic step may take them on at once; of children of a draw, of which
there may be a hundred thousand, only the numbers are kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar

from engine.language import Message, say
from engine.lifecycle.process import HANDED, Process
from engine.value import value

if TYPE_CHECKING:
    from engine.lifecycle.case import Case, RunningClock
    from engine.lifecycle.model.workflow import Transition

_Key = TypeVar("_Key")

#: Tells whether a holder key names a person.
_BY_NAME = re.compile("p:").match

#: So many titles are named in a message about several cases.
TITLES = 3


@value
class ArrivedTasks:
    """Cases in one state that came to the same people: the first of them, how many, and the earliest last day."""

    process: Process
    first: Case
    clock: tuple[str, RunningClock] | None
    titles: list[str]
    count: int = 1

    def with_others(self, other: ArrivedTasks) -> ArrivedTasks:
        """Return both together."""
        later = self.clock is None or (
            other.clock is not None and other.clock[1].due_at < self.clock[1].due_at
        )
        return ArrivedTasks(
            self.process,
            self.first,
            other.clock if later else self.clock,
            [*self.titles, *other.titles][:TITLES],
            self.count + other.count,
        )


#: What those have in common that become one message: the workflow, its version, the state.
_Group = tuple[str, int, str]


class _Several:
    """The cases of one call that came to the same people in one state, while they are counted."""

    __slots__ = ("clock", "count", "first", "titles")

    def __init__(self, first: Case, clock: tuple[str, RunningClock] | None) -> None:
        self.first, self.clock, self.titles, self.count = first, clock, [first.title], 1

    def add(self, case: Case, clock: tuple[str, RunningClock] | None) -> None:
        """Count one more."""
        self.count += 1
        if len(self.titles) < TITLES:
            self.titles.append(case.title)
        if clock is not self.clock and (
            self.clock is None or (clock is not None and clock[1].due_at < self.clock[1].due_at)
        ):
            self.clock = clock


class Arrivals:
    """What has arrived in one unit of work, by the holder keys of the work items."""

    def __init__(self) -> None:
        #: case -> the case as it now is, and the keys it came to; the last move counts.
        self._moved: dict[str, tuple[Process, Case, tuple[str, ...]]] = {}
        self._gathered: dict[tuple[tuple[str, ...], _Group], ArrivedTasks] = {}

    def __bool__(self) -> bool:
        """Tell whether anything has arrived."""
        return bool(self._moved or self._gathered)

    def move(self, process: Process, case: Case, keys: Sequence[str]) -> None:
        """Note that a case has come to where it is the task of `keys`; no keys: it is no longer anybody's."""
        self._moved.pop(case.id, None)
        if keys:
            self._moved[case.id] = (process, case, tuple(keys))

    def add(self, process: Process, cases: Iterable[tuple[Case, Sequence[str]]]) -> None:
        """Note cases that stay where they are, each with the keys it came to."""
        gathered: dict[tuple[tuple[str, ...], _Group], _Several] = {}
        states: dict[str, _Group] = {}
        clocks: object = None
        clock: tuple[str, RunningClock] | None = None
        for case, keys in cases:
            group = states.get(case.state)
            if group is None:
                group = states[case.state] = (process.workflow.id, process.version, case.state)
            if case.clocks is not clocks:
                # The cases of a draw share theirs.
                clocks, clock = case.clocks, earliest_clock(case)
            # Holders who are named are counted one by one: a draw makes as many pairs of them as there are firms.
            named = True
            for key in keys:
                if key[:2] != "p:":
                    named = False
            for held in [(key,) for key in keys] if named else (tuple(keys),):
                several = gathered.get((held, group))
                if several is None:
                    gathered[held, group] = _Several(case, clock)
                else:
                    several.add(case, clock)
        for place, several in gathered.items():
            arrived = ArrivedTasks(process, several.first, several.clock, several.titles, several.count)
            _count(self._gathered, place, arrived)

    def take(self, other: Arrivals) -> None:
        """Take over what arrived in another unit of work of the same transaction."""
        self._moved |= other._moved
        for key, arrived in other._gathered.items():
            _count(self._gathered, key, arrived)
        other._moved, other._gathered = {}, {}

    def by_name(self) -> tuple[str, ...]:
        """Return the keys of the people a case has come to by name, where it is the only one; none elsewhere.

        Nearly every step is so; who wants word of it is asked before anything else is worked out.
        """
        if len(self._moved) == 1 and not self._gathered:
            ((_, _, keys),) = self._moved.values()
            if all(map(_BY_NAME, keys)):
                return keys
        return ()

    def forget(self) -> None:
        """Forget what was gathered."""
        self._moved, self._gathered = {}, {}

    def resolve(
        self, people: Callable[[str], Iterable[str]]
    ) -> tuple[list[tuple[str, Sequence[str], ArrivedTasks]], list[ArrivedTasks]]:
        """Return each person with the keys by which something has come to them in one state; and what came to nobody.

        `people` names those behind a key. What was gathered is forgotten.
        """
        if len(self._moved) == 1 and not self._gathered:
            # Nearly every step: one case, and whoever has it now by name.
            ((process, case, keys),) = self._moved.values()
            if all(map(_BY_NAME, keys)):
                self._moved = {}
                arrived = ArrivedTasks(process, case, earliest_clock(case), [case.title])
                return [(key[2:], (key,), arrived) for key in keys], []
        for process, case, keys in self._moved.values():
            self.add(process, [(case, keys)])
        found: dict[tuple[str, _Group], ArrivedTasks] = {}
        by_keys: dict[tuple[str, _Group], dict[str, None]] = {}
        unheld: list[ArrivedTasks] = []
        for (keys, group), arrived in self._gathered.items():
            held = set()
            for key in keys:
                for person in people(key):
                    by_keys.setdefault((person, group), {})[key] = None
                    if person not in held:
                        held.add(person)
                        _count(found, (person, group), arrived)
            if not held:
                unheld.append(arrived)
        self._moved, self._gathered = {}, {}
        return [(key[0], tuple(by_keys[key]), arrived) for key, arrived in found.items()], unheld


def _count(known: dict[_Key, ArrivedTasks], key: _Key, arrived: ArrivedTasks) -> None:
    """Add what arrived to what is known under a key. The first is shared until there is a second."""
    first = known.get(key)
    known[key] = arrived if first is None else first.with_others(arrived)


def earliest_clock(case: Case) -> tuple[str, RunningClock] | None:
    """Return the clock of a case that is due first, of those that do not stand still, with its id."""
    found: tuple[str, RunningClock] | None = None
    for name, clock in case.clocks.items():
        if clock.paused_at is None and (found is None or clock.due_at < found[1].due_at):
            found = name, clock
    return found


def is_named(keys: Iterable[str]) -> bool:
    """Tell whether one of these keys is of a person by name."""
    return any(map(_BY_NAME, keys))


def arrival_message(arrived: ArrivedTasks, keys: Sequence[str]) -> Message:
    """Return what is said of the tasks that have come by `keys`: which, of whom, what the reader is to do, and by when."""
    process, case = arrived.process, arrived.first
    words = {
        "state": process.state(case.state).title,
        "deed": _deed(process, case, keys),
        "due": _due(arrived),
    }
    if arrived.count > 1:
        return say(
            "新待办 {count} 件“{state}”：{titles}{rest}{deed}{due}",
            count=arrived.count,
            titles=arrived.titles,
            rest=say("等") if arrived.count > len(arrived.titles) else "",
            **words,
        )
    name = str(case.subject.get("name") or "")
    firm = say("（{name}）", name=name) if name and name not in case.title else ""
    return say(
        "新待办：“{case}”{firm}（{id}）待办“{state}”{deed}{due}",
        case=case.title,
        firm=firm,
        id=case.id,
        **words,
    )


def unheld_message(arrived: ArrivedTasks) -> Message:
    """Return what is said to those a case belongs to where its task is nobody's."""
    case = arrived.first
    return say(
        "待办没有人承担：“{case}”（{id}）到了“{state}”，名录里没有可以办的人；请补齐人员（共 {count} 件）",
        case=case.title,
        id=case.id,
        state=arrived.process.state(case.state).title,
        count=arrived.count,
    )


def _deed(process: Process, case: Case, keys: Sequence[str]) -> Message | str:
    """Return what whoever a case has come to by `keys` is to do with it; nothing where no step is theirs, or several alike."""
    names: list[str] = []
    for key in keys:
        if key[:2] != "p:":
            names.append(key[2:].partition("@")[0])
            continue
        person = key[2:]
        for party, people in case.parties.items():
            if person in people:
                names.append(party)
        if person == case.assignee:
            names.append(HANDED)
    if case.entrusted is not None and "answer" not in case.entrusted and HANDED in names:
        return say("，请办后交回“{person}”", person=case.entrusted["by"])
    if process.branches_of(case.state):
        found = _of_branches(process, case, names)
    else:
        own = tuple(names)
        found = process.main_step(case.state, own)
        if not found and not process.first_step(case.state, own):
            found = _added(process, case, keys)
    if found and process.barred_by_void_paper(case.state, found[0].id, case.clocks):
        return say("，送达过的文书已作废：请重新制作并送达，或者了结本件")
    titles = list(dict.fromkeys([transition.title for transition in found]))
    if len(titles) == 1:
        return say("，请办理“{step}”", step=titles[0])
    if titles:
        # What comes of the step depends on what is answered.
        return say("，请办理{steps}之一", steps=[say("“{step}”", step=title) for title in titles])
    return ""


def _of_branches(process: Process, case: Case, names: Sequence[str]) -> tuple[Transition, ...]:
    from engine.lifecycle.forms.branches import open_branches, other_steps

    audience = process.state(case.state).audience
    for step in (*open_branches(process, case), *other_steps(process, case)):
        if not set(step.by or audience).isdisjoint(names):
            return (step,)
    return ()


def _added(process: Process, case: Case, keys: Sequence[str]) -> tuple[Transition, ...]:
    """Return the step one was added to as a signer."""
    for step, signing in case.signing.items():
        if any(f"p:{person}" in keys for person in signing.added):
            return process.manual_steps(case.state).get(step, ())
    return ()


def _due(arrived: ArrivedTasks) -> Message | str:
    if arrived.clock is None:
        return ""
    name, clock = arrived.clock
    rule = arrived.process.workflow.clocks.get(name)
    local = clock.due_at.astimezone(arrived.process.time.zone)
    day = clock.due_on.isoformat()
    # A period of days ends at midnight; one of hours says the minute.
    last = day if (local.hour, local.minute) == (0, 0) else f"{local:%Y-%m-%d %H:%M}"
    if arrived.count > 1:
        return say("，最早一件最迟 {last}（{clock}）", last=last, clock=rule.title if rule else name)
    return say("，最迟 {last}（{clock}）", last=last, clock=rule.title if rule else name)
