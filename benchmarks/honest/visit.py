"""The process ``visit`` of the benchmarks as a table, and what one step of it checks and brings about."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from benchmarks.honest.messages import firm_part, outbox_row
from benchmarks.honest.schema import (
    GENESIS,
    RefusedError,
    canonical,
    chained,
    instant_of,
    parsed,
    quoted,
    text_of,
)
from benchmarks.honest.statement import Statement
from benchmarks.honest.workdays import Deadlines, local

#: step -> its title, the states it leads from, the state it leads to, whether it has the form and tells the clerks.
STEPS: Mapping[str, tuple[str, tuple[str, ...], str, bool]] = {
    "go": ("去", ("there",), "here", True),
    "back": ("回", ("here",), "there", True),
    "finish": ("结束", ("there", "here"), "done", False),
}
STATES = {"there": "在彼", "here": "在此", "done": "完"}
#: What a reminder asks for: the one step that leads on. Of the two in ``there`` neither is the one it is called after.
DEEDS = {"there": "", "here": "，请办理“结束”"}
#: The end of the entry of a step: what is the same every time.
_ENDS = {
    step: f'"state":"{target}","step":"{step}","title":"{title}"}}'
    for step, (title, _, target, _) in STEPS.items()
}
#: Nothing was proved of who acts but that the machine let them; the engine is itself.
CREDENTIAL = '"credential":"machine",'
PARTY = "inspectors"
REMIND = (10, 5, 2)
DAYS = 20
_WHOLE = re.compile(r"-?\d{1,18}")
_HOUR = timedelta(hours=1)

#: A case as a step needs it, in the order of `CASE_COLUMNS`.
CASE_COLUMNS = (
    "state, rev, head, section, subject_id, title, closed_at, suspended_at, assignee, body, parent, opened_at"
)
Row = tuple[Any, ...]


def answers_of(given: Mapping[str, Any] | None) -> tuple[dict[str, Any], list[str]]:
    """Return the answers of the form as they are kept, and a code for each fault."""
    if given is None:
        return {}, ["form"]
    faults = ["form" for name in given if name not in ("found", "count")]
    kept: dict[str, Any] = {}
    found, count = given.get("found"), given.get("count")
    if found is None or found in ("", []) or isinstance(found, bool) or not isinstance(found, (str, int)):
        faults.append("form")
    else:
        kept["found"] = str(found).strip()
    if isinstance(count, str) and _WHOLE.fullmatch(count):
        count = int(count)
    if isinstance(count, bool) or not isinstance(count, int) or count < 0:
        faults.append("form")
    else:
        kept["count"] = count
    return kept, faults


class Clock:
    """The clock of a state that is entered: as columns, and as the JSON that both the case and its history hold."""

    __slots__ = ("due_at", "due_on", "next_at", "provisional", "text")

    def __init__(self, deadlines: Deadlines, now: datetime, at: str) -> None:
        deadline = deadlines.begun(now)
        self.due_on, self.due_at = deadline.due_on, deadline.due_at
        self.provisional = deadline.provisional
        self.next_at: str | None = None
        step = 0
        for number, reminder in enumerate((*deadline.reminders, deadline.due_at)):
            if reminder >= at:
                step, self.next_at = number, reminder
                break
        self.text = clock_text(at, self.due_on, self.due_at, self.provisional, step, self.next_at)


def clock_text(
    started_at: str, due_on: str, due_at: str, provisional: bool, step: int, next_at: str | None
) -> str:
    """Return the JSON of a clock."""
    return (
        f'{{"due_at":"{due_at}","due_on":"{due_on}"'
        + (f',"next_at":"{next_at}"' if next_at else "")
        + (',"provisional":true' if provisional else "")
        + f',"started_at":"{started_at}"'
        + (f',"step":{step}}}' if step else "}")
    )


class Person:
    """Whoever acts, with the people they stand in for."""

    __slots__ = ("id", "principals")

    def __init__(self, person: str, principals: Sequence[str] = ()) -> None:
        self.id = person
        self.principals = tuple(principals)


class Step:
    """What one step writes."""

    __slots__ = (
        "at",
        "before",
        "body",
        "clock",
        "entry",
        "final",
        "firm",
        "hash",
        "members",
        "seq",
        "state",
        "tells",
    )

    def __init__(
        self,
        case_id: str,
        case: Row,
        person: Person,
        step: str,
        answers: Mapping[str, Any] | None,
        reason: str | None,
        now: datetime,
        deadlines: Deadlines,
    ) -> None:
        """Check the step and work out everything it brings about. Raises RefusedError."""
        before, rev, head, _, _, _, closed_at, suspended_at, assignee, raw, _, _ = case
        if closed_at is not None:
            raise RefusedError("closed")
        if suspended_at is not None:
            raise RefusedError("suspended")
        found = STEPS.get(step)
        if found is None or before not in found[1]:
            raise RefusedError("state")
        _, _, target, with_form = found
        body = parsed(raw)
        codes = []
        members = body["parties"].get(PARTY, ()) if "parties" in body else ()
        instead = None
        if person.id not in members:
            instead = next((one for one in person.principals if one in members), None)
            if instead is None and assignee != person.id:
                codes.append("not-allowed")
        if assignee is not None and not codes and assignee not in (person.id, *person.principals):
            codes.append("claimed")
        kept: dict[str, Any] = {}
        if with_form:
            kept, faults = answers_of(answers)
            if faults:
                raise RefusedError(*codes, *faults)
            if kept["count"] < 1:
                codes.append("guard")
        elif answers:
            raise RefusedError(*codes, "form")
        if codes:
            raise RefusedError(*codes)
        self.at = at = text_of(now)
        self.before, self.state, self.members, self.tells = before, target, members, with_form
        self.final = target == "done"
        self.firm = body["subject"].get("name") if "subject" in body else None
        ran = body.pop("clocks", {}).pop(before, None) is not None
        for name in ("held", "signing", "asked", "last_at"):
            if name in body:
                del body[name]
        # The names of the entry in their order: answers, clocks, credential, final, for, form, reason,
        # state, step, title.
        entry = "{"
        if with_form:
            answered = f'{{"count":{kept["count"]},"found":{quoted(kept["found"])}}}'
            entry = f'{{"answers":{answered},'
            forms = body.setdefault("forms", {})
            forms["note"] = kept
        self.clock: Clock | None = None
        if not self.final:
            self.clock = clock = Clock(deadlines, now, at)
            running = f'"{target}":{clock.text}'
            stopped = f'"{before}":null' if ran else ""
            pair = sorted(one for one in (running, stopped) if one)
            entry += f'"clocks":{{{",".join(pair)}}},{CREDENTIAL}'
            rest = canonical(body)
            self.body = f'{{"clocks":{{{running}}}{"," if len(rest) > 2 else ""}{rest[1:]}'
        else:
            entry += f'"clocks":{{"{before}":null}},' if ran else ""
            entry += f'{CREDENTIAL}"final":true,'
            self.body = canonical(body)
        if instead:
            entry += f'"for":{quoted(instead)},'
        if with_form:
            entry += '"form":"note",'
        if reason:
            entry += f'"reason":{quoted(reason)},'
        self.entry = entry + _ENDS[step]
        self.seq = rev + 1
        self.hash = chained(case_id, self.seq, at, person.id, "advanced", self.entry, head)

    def statement(
        self,
        case_id: str,
        case: Row,
        letters: Sequence[Row],
        receipt: tuple[str, str, str, str],
        draft: Row | None = None,
    ) -> list[tuple[str, str, str]]:
        """Return what is stated of the step: its draft, its entry, the case, tasks and timers, messages, the receipt."""
        _, _, _, section, subject, title, _, suspended_at, _, _, parent, opened_at = case
        whole, at = Statement(), self.at
        if draft is not None:
            whole.removed("draft", [draft])
        whole.events([(case_id, self.seq, self.hash)])
        closed = at if self.final else None
        row = (
            case_id, "visit", 1, self.state, self.seq, self.hash, parent, section, subject, title, opened_at, at,
            closed, suspended_at, None, self.body,
        )  # fmt: skip
        whole.wrote("case", [row])
        whole.removed("task", [(case_id,)])
        clock = self.clock
        if clock is not None:
            due = (clock.due_on, clock.due_at, clock.provisional, at)
            whole.wrote(
                "task",
                [
                    (case_id, key, "visit", self.state, STATES[self.state], title, section, None, *due)
                    for key in keys_of(self.members)
                ],
            )
        whole.removed("timer", [(case_id, self.before)])
        if clock is not None:
            whole.wrote("timer", [(case_id, self.state, clock.next_at, clock.provisional, None)])
        if letters:
            whole.wrote("outbox", [outbox_row(one) for one in letters])
        whole.wrote("idempotency_key", [receipt])
        return whole.close()

    def answer(self, case: str) -> str:
        """Return what the person is answered, which the receipt keeps."""
        return (
            f'{{"case":"{case}","closed":{"true" if self.final else "false"},"rev":{self.seq},"started":0,'
            f'"state":"{self.state}","title":"{STATES[self.state]}","warnings":[]}}'
        )


def order_text(
    case_id: str, step: str, person: str, answers: Mapping[str, Any] | None, reason: str | None
) -> str:
    """Return what a receipt's digest is made of."""
    return canonical(["advance", case_id, person, {"step": step, "answers": answers, "reason": reason}])


def keys_of(members: Sequence[str]) -> list[str]:
    """Return the keys the tasks of a party stand under."""
    return [f"p:{person}" for person in dict.fromkeys(members)] or ["nobody"]


#: Those that have not been taken back, the oldest first.
DELEGATIONS = "SELECT principal, delegate, begins, ends FROM delegation WHERE NOT ended ORDER BY number"

Ask = Callable[[str, tuple[Any, ...]], list[tuple[Any, ...]]]


class People:
    """Who may act and who is told, asked of the registers and kept while no history of people has a new entry."""

    def __init__(self, ask: Ask, mark: str = "?") -> None:
        """`ask` runs a query and returns its rows."""
        self._ask = ask
        self._mark = mark
        self._stand: tuple[Any, ...] = ()
        self._known: dict[str, frozenset[str]] = {}
        self._delegations: list[tuple[Any, ...]] = []
        self._clerks: dict[str | None, list[str]] = {}

    def stand(self, hashes: tuple[Any, ...]) -> None:
        """Take note of the newest entries of the three histories; what was known before a new one is forgotten."""
        if hashes != self._stand:
            self._known, self._clerks = {}, {}
            self._delegations = self._ask(DELEGATIONS, ())
            self._stand = hashes

    def require_confirmed_clock(self, beat: str) -> None:
        """Raise RefusedError unless a person has looked at the clock since this last sign of life."""
        found = self._ask("SELECT body FROM setting WHERE name = 'clock/held'", ())
        noted = parsed(found[0][0]) if found else {}
        if noted.get("last") != beat or not noted.get("confirmed"):
            raise RefusedError("clock")

    def acting(self, person: str, subject: str | None, now: datetime) -> Person:
        """Return who acts, with those they stand in for. Raises RefusedError where no register knows them."""
        recusals = self._known.get(person)
        if recusals is None:
            recusals = self._known[person] = self._recusals(person)
        if not self._delegations:
            return Person(person)
        principals = [
            principal
            for principal, delegate, begins, ends in self._delegations
            if delegate == person and instant_of(begins) <= now < instant_of(ends)
        ]
        return Person(person, () if subject in recusals else principals)

    def _recusals(self, person: str) -> frozenset[str]:
        entries = self._ask(
            "SELECT kind, data FROM register_entry"
            f" WHERE kind IN ('people', 'inspectors') AND id = {self._mark}",
            (person,),
        )
        if not entries:
            raise RefusedError("person")
        own = [parsed(data) for kind, data in entries if kind == "inspectors"]
        return frozenset(one for entry in own for one in entry.get("recusals") or ())

    def clerks(self, section: str | None) -> list[str]:
        """Return the ids of the clerks of a section, in order."""
        found = self._clerks.get(section)
        if found is None:
            found = self._clerks[section] = self._find_clerks(section)
        return found

    def _find_clerks(self, section: str | None) -> list[str]:
        found = self._ask(
            f"SELECT id FROM register_entry WHERE kind IN ('people', 'inspectors') AND data LIKE {self._mark}",
            ('%"clerk"%',),
        )
        clerks = []
        for one in sorted({row[0] for row in found}):
            roles: set[str] = set()
            own = None
            for kind in ("people", "inspectors"):
                for section_, data in self._ask(
                    f"SELECT section, data FROM register_entry WHERE kind = {self._mark} AND id = {self._mark}",
                    (kind, one),
                ):
                    entry = parsed(data)
                    if entry.get("status") in (None, "active"):
                        own = own or section_
                        roles.update(entry.get("roles") or ())
            if "clerk" in roles and (section is None or own == section):
                clerks.append(one)
        return clerks


class Batch:
    """The rows of many new cases that start at one instant."""

    def __init__(self, actor: str, now: datetime, deadlines: Deadlines) -> None:
        self.actor = actor
        self.at = text_of(now)
        self.clock = Clock(deadlines, now, self.at)
        self._start = f'{{"clocks":{{"there":{self.clock.text}}},'
        self._opened_by = f'"opened_by":{quoted(actor)},'
        self._parties: Mapping[str, Sequence[str]] | None = None
        self._members: list[str] = []
        self._parties_text = ""
        self.cases: list[Row] = []
        self.events: list[Row] = []
        self.tasks: list[Row] = []
        self.timers: list[Row] = []

    def state(self, whole: Statement, last: int) -> None:
        """State the rows, in the order in which they are written; `last` is the newest number of the counter."""
        whole.wrote("sequence_counter", [("visit", last)])
        whole.wrote(
            "case",
            [
                (
                    one,
                    "visit",
                    1,
                    "there",
                    1,
                    head,
                    parent,
                    section,
                    subject,
                    title,
                    opened,
                    entered,
                    None,
                    None,
                    None,
                    body,
                )
                for one, head, parent, section, subject, title, opened, entered, body in self.cases
            ],
        )
        whole.events([(case_id, 1, head) for case_id, _, _, _, head in self.events])
        whole.wrote(
            "task",
            [
                (
                    case_id,
                    key,
                    "visit",
                    "there",
                    STATES["there"],
                    title,
                    section,
                    None,
                    due_on,
                    due_at,
                    provisional,
                    at,
                )
                for case_id, key, title, section, due_on, due_at, provisional, at in self.tasks
            ],
        )
        whole.wrote(
            "timer", [(case_id, "there", at, provisional, None) for case_id, at, provisional in self.timers]
        )

    def add(self, case_id: str, new: Mapping[str, Any]) -> None:
        """Make the rows of one case. `new` has title, section, parent, subject, parties."""
        title, section, parent, subject = new["title"], new["section"], new["parent"], new["subject"]
        parties = new["parties"]
        if parties != self._parties:
            self._parties, self._members = parties, keys_of(parties.get(PARTY, ()))
            self._parties_text = f'"parties":{canonical(parties)},' if parties else ""
        about = canonical(subject)
        under = quoted(parent) if parent else "null"
        of = quoted(section) if section else "null"
        entry = (
            f'{self._start}{CREDENTIAL}"parent":{under},{self._parties_text}"section":{of},"state":"there","subject":{about},'
            f'"title":{quoted(title)},"version":1,"workflow":"visit"}}'
        )
        at, clock = self.at, self.clock
        head = chained(case_id, 1, at, self.actor, "started", entry, GENESIS)
        body = (
            f'{self._start}{self._opened_by}{self._parties_text}"subject":{about}}}'
            if subject
            else f"{self._start}{self._opened_by}{self._parties_text}"
        )
        if not subject:
            body = f"{body[:-1]}}}"
        self.cases.append((case_id, head, parent, section, subject.get("id"), title, at, at, body))
        self.events.append((case_id, at, self.actor, entry, head))
        for key in self._members:
            self.tasks.append(
                (case_id, key, title, section, clock.due_on, clock.due_at, clock.provisional, at)
            )
        if clock.next_at is not None:
            self.timers.append((case_id, clock.next_at, clock.provisional))


def reminded(
    case_id: str,
    title: str,
    firm: str | None,
    state: str,
    due_on: str,
    provisional: bool,
    planned: str,
    late: str,
) -> str:
    """Return the payload of a reminder; one that was meant before `late` says so."""
    mark = "（暂定）" if provisional else ""
    text = f"提醒：“{title}”（{case_id}）的“{STATES[state]}”{due_on}{mark}到期{DEEDS[state]}"
    if planned < late:
        text = f"{text}（应于 {local(instant_of(planned)):%Y-%m-%d %H:%M} 发出，系统停运后补发）"
    return f'{{"about":"reminded",{firm_part(firm)}"text":{quoted(text)},"title":{quoted(title)}}}'


def late_before(now: datetime) -> str:
    """Return before which instant a message is belated."""
    return text_of(now - _HOUR)
