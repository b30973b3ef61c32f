"""The checker: what must hold after a run, whatever broke when.

It reads the tables with plain SQL, counts hashes with hashlib, folds histories by itself, and holds them against what
the clients and the receiver wrote down. The product is asked nothing here.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.chaos.fold import ENGINE, Folded, text_of
from tests.chaos.journal import lines_of
from tests.chaos.rows import Rows

GENESIS = "0" * 64
#: What a command of a client is called in the history.
KINDS = {
    "start": "started",
    "finish": "advanced",
    "enter": "advanced",
    "publish": "advanced",
    "claim": "claimed",
    "reassign": "reassigned",
    "extend": "extended",
    "suspend": "suspended",
    "resume": "resumed",
    "urge": "urged",
    "return": "returned",
}
#: state -> the timer of the step the engine takes by itself there, and after how many hours in the state.
TIMED = {
    "open": ("after:lapse", 6),
    "to_enter": ("after:lapse_entry", 9),
    "entered": ("after:lapse_entry", 9),
}
#: Channels that lead out of the house to the receiver, and the one into a file.
HOOK, MAIL, LOG = "hook", "mail", "log"
#: Of what is wrong of one kind, so many are told.
MAX_SHOWN = 5


@dataclass(slots=True)
class Findings:
    """What was counted, and what is wrong: kind -> sentences."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def blame(self, kind: str, sentence: str) -> None:
        """Note something that must not be."""
        self.counts[kind] += 1
        if len(self.wrong[kind]) < MAX_SHOWN:
            self.wrong[kind].append(sentence)

    @property
    def clean(self) -> bool:
        """Tell whether nothing is wrong."""
        return not any(self.wrong.values())


@dataclass(slots=True)
class _History:
    """What is kept of all histories while they are read once."""

    #: request id -> where it acted: (stream, seq, kind)
    acted: dict[str, list[tuple[str, int, str]]] = field(default_factory=lambda: defaultdict(list))
    #: (stream, seq) -> (kind, actor) of the commands that carry no words of their own
    claims: dict[tuple[str, int], str] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    #: Events that people made in cases, refusals left out.
    by_people: int = 0
    cases: dict[str, Folded] = field(default_factory=dict)
    #: Beginnings of the ids of messages that must have been written.
    told: set[str] = field(default_factory=set)


def check(rows: Rows, journals: Path, received: Path, logs: Sequence[Path], now: str) -> Findings:
    """Check everything; `now` is the instant the house came to rest at, as the database writes instants."""
    found = Findings()
    history = _read_histories(rows, found)
    _check_commands(rows, journals, history, found)
    _check_cases(rows, history, found)
    _check_tasks(rows, history, found)
    _check_timers(rows, history, found, now)
    _check_effects(rows, history, received, logs, found)
    return found


def _read_histories(rows: Rows, found: Findings) -> _History:
    history = _History()
    stream, seq, head = "", 0, GENESIS
    case: Folded | None = None
    query = "SELECT stream, seq, at, actor, kind, body, previous, hash FROM event ORDER BY stream, seq"
    for name, number, at, actor, kind, text, previous, digest in rows.all(query):
        if name != stream:
            stream, seq, head, case = name, 0, GENESIS, None
            found.counts["histories"] += 1
        made = hashlib.sha256(
            f"{previous}\n{name}\n{number}\n{at}\n{actor}\n{kind}\n{text}".encode()
        ).hexdigest()
        if number != seq + 1 or previous != head or digest != made:
            found.blame("broken chains", f"{name}: event {number} does not follow event {seq}")
        seq, head = number, digest
        found.counts["events"] += 1
        body = json.loads(text)
        if number == 1 and kind == "started":
            case = history.cases[name] = Folded(name)
        if case is not None:
            case.apply(number, at, actor, kind, body, digest)
            _note(history, name, number, actor, kind, body)
        elif kind == "refused" and body.get("request"):
            history.refused[body["request"]] += 1
    return history


def _note(history: _History, stream: str, seq: int, actor: str, kind: str, body: dict[str, Any]) -> None:
    if kind == "refused":
        if body.get("request"):
            history.refused[body["request"]] += 1
        return
    if kind in ("reminded", "escalated", "urged") or body.get("step") == "publish":
        history.told.add(f"{stream}:{seq}:")
    if actor == ENGINE:
        return
    history.by_people += 1
    if kind == "claimed":
        history.claims[stream, seq] = actor
        return
    request = body["title"] if kind == "started" else body.get("reason")
    history.acted[str(request)].append((stream, seq, kind))


def _check_commands(rows: Rows, journals: Path, history: _History, found: Findings) -> None:
    receipts = {
        name: json.loads(answer) for name, answer in rows.all("SELECT id, answer FROM idempotency_key")
    }
    for request, places in history.acted.items():
        if len(places) > 1:
            found.blame("doubled", f"{request} acted {len(places)} times: {places}")
    for path in sorted(journals.glob("*.jsonl")):
        asked: dict[int, dict[str, Any]] = {}
        answered: set[int] = set()
        for line in lines_of(path):
            if "told" in line:
                found.counts["told that the database was away"] += 1
            elif "fell" in line:
                found.blame("untranslated errors", str(line["fell"]))
            elif "do" in line:
                asked[line["n"]] = line
            elif line["n"] in answered:
                found.blame("doubled", f"{path.stem}-{line['n']} was answered twice")
            else:
                answered.add(line["n"])
                _check_answer(f"{path.stem}-{line['n']}", asked[line["n"]], line, history, receipts, found)
        for number in asked.keys() - answered:
            found.blame("never answered", f"{path.stem}-{number}: {asked[number]}")
    # The other way round: whatever people did in the history was asked for once, and nothing was done besides.
    if history.by_people != len(receipts):
        found.blame(
            "doubled",
            f"{history.by_people} things done by people in the histories, {len(receipts)} asked for",
        )


def _check_answer(
    request: str,
    asked: dict[str, Any],
    answer: dict[str, Any],
    history: _History,
    receipts: Mapping[str, dict[str, Any]],
    found: Findings,
) -> None:
    if "refused" in answer:
        found.counts["refused"] += 1
        if request in history.acted or request in receipts:
            found.blame("doubled", f"{request} was refused and acted all the same")
        if not history.refused[request]:
            found.blame("lost", f"the refusal of {request} stands in no history")
        return
    found.counts["acknowledged"] += 1
    found.counts["repeated answers"] += bool(answer.get("repeated"))
    case, rev = answer["case"], answer["rev"]
    receipt = receipts.get(request)
    if receipt is None or (receipt["case"], receipt["rev"]) != (case, rev):
        found.blame("lost", f"{request}: acknowledged as {case} number {rev}, kept as {receipt}")
    if asked["do"] == "claim":
        if history.claims.pop((case, rev), None) != asked["by"]:
            found.blame("lost", f"{request}: {case} holds no claim by {asked['by']} as event {rev}")
        return
    places = history.acted.get(request, [])
    if (case, rev, KINDS[asked["do"]]) not in places:
        found.blame("lost", f"{request}: acknowledged as {case} number {rev}, the history has {places}")


_COLUMNS = (
    "workflow",
    "state",
    "rev",
    "head",
    "title",
    "opened_at",
    "entered_at",
    "closed_at",
    "suspended_at",
    "assignee",
)


def _check_cases(rows: Rows, history: _History, found: Findings) -> None:
    seen: set[str] = set()
    for case, *columns, text in rows.all(f'SELECT id, {", ".join(_COLUMNS)}, body FROM "case"'):
        seen.add(case)
        body = json.loads(text)
        row = dict(zip(_COLUMNS, columns, strict=True))
        row |= {name: body.get(name, empty) for name, empty in (("held", 0), ("clocks", {}), ("forms", {}))}
        folded = history.cases.get(case)
        expected = folded.row() if folded else {}
        if row != expected:
            differ = [name for name in row if row[name] != expected.get(name)]
            found.blame("projections", f"case {case}: {differ} differ from the history")
        if folded is not None and folded.closed_at is None:
            found.counts["cases open"] += 1
    found.counts["cases"] = len(seen)
    for case in history.cases.keys() - seen:
        found.blame("projections", f"case {case} has a history and no row")
    numbers = sorted(int(case.rpartition("-")[2]) for case in seen)
    if numbers and numbers != list(range(1, len(numbers) + 1)):
        found.blame("lost", f"{len(numbers)} cases, numbered up to {numbers[-1]}")


def _check_tasks(rows: Rows, history: _History, found: Findings) -> None:
    tasks: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
    for case, state, due in rows.all("SELECT case_id, state, due_at FROM task"):
        tasks[case].append((state, due))
    for name, case in history.cases.items():
        mine = tasks.pop(name, [])
        if case.closed_at is not None:
            if mine:
                found.blame("projections", f"case {name} is closed and has {len(mine)} tasks")
            continue
        due = min((clock["due_at"] for clock in case.clocks.values()), default=None)
        if not mine:
            found.blame("cases stuck", f"case {name} is open and nobody's task")
        if any(task != (case.state, due) for task in mine):
            found.blame("projections", f"case {name}: tasks {mine}, state {case.state}, due {due}")
    for name in tasks:
        found.blame("projections", f"tasks of a case {name} there is not")


def _check_timers(rows: Rows, history: _History, found: Findings, now: str) -> None:
    timers: dict[str, dict[str, str]] = defaultdict(dict)
    for case, name, at, error in rows.all("SELECT case_id, name, at, error FROM timer"):
        timers[case][name] = at
        if error is not None:
            found.blame("timers set aside", f"{case} {name}: {error}")
        elif at <= now:
            found.blame("timers not fired", f"{case} {name} was due at {at}")
    for name, case in history.cases.items():
        found.counts["timers fired"] += case.fired
        if case.doubled:
            found.blame("timers doubled", f"case {name} took {case.doubled} steps of its clocks twice")
        if case.early:
            found.blame(
                "timers early", f"case {name} took {case.early} steps of its clocks before their time"
            )
        expected, mine = case.timers(TIMED), timers.pop(name, {})
        if mine != expected:
            found.blame("projections", f"case {name}: timers {mine}, by its history {expected}")
    for name in timers:
        found.blame("projections", f"timers of a case {name} there is not")
    found.counts["timers due"] = found.counts["timers fired"] + found.counts["timers not fired"]


def _check_effects(
    rows: Rows, history: _History, received: Path, logs: Sequence[Path], found: Findings
) -> None:
    wanted: dict[str, set[str]] = {HOOK: set(), MAIL: set(), LOG: set()}
    begun: dict[str, set[str]] = defaultdict(set)
    for name, channel, status, error in rows.all("SELECT id, channel, status, error FROM outbox"):
        if channel not in wanted:
            continue
        wanted[channel].add(name)
        begun[channel].add(name.rpartition(":")[0] + ":")
        found.counts["effects written"] += 1
        if status != "sent":
            found.blame("effects lost", f"{name} by {channel} is {status}: {error}")
    inside = {name.rpartition("inbox:")[0] for (name,) in rows.all("SELECT id FROM inbox")}
    for beginning in history.told - inside:
        found.blame("effects lost", f"nothing in the inbox for the event {beginning[:-1]}")
    for channel in wanted:
        for beginning in history.told - begun[channel]:
            found.blame("effects lost", f"nothing by {channel} for the event {beginning[:-1]}")
    came = _came(received, logs, found)
    for channel, names in wanted.items():
        shown = {_mail_id(name) if channel == MAIL else name for name in names}
        found.counts["effects received"] += sum(came[channel].values())
        found.counts["effects repeated"] += sum(times - 1 for times in came[channel].values())
        for name in sorted(shown - came[channel].keys()):
            found.blame("effects lost", f"{name} never came by {channel}")
        for name in sorted(came[channel].keys() - shown):
            found.blame("effects unknown", f"{name} came by {channel} and stands in no outbox")


def _came(received: Path, logs: Sequence[Path], found: Findings) -> dict[str, Counter[str]]:
    """Return channel -> how often each id came."""
    came: dict[str, Counter[str]] = {HOOK: Counter(), MAIL: Counter(), LOG: Counter()}
    contents: dict[tuple[str, str], str] = {}
    for line in lines_of(received):
        came[line["via"]][line["id"]] += 1
        if contents.setdefault((line["via"], line["id"]), line["sha256"]) != line["sha256"]:
            found.blame("effects altered", f"{line['id']} by {line['via']} came with different contents")
    for log in logs:
        for line in lines_of(log):
            came[LOG][line["id"]] += 1
    return came


def _mail_id(name: str) -> str:
    return f"<{hashlib.sha256(name.encode()).hexdigest()[:32]}@example.org>"


__all__ = ["Findings", "check", "text_of"]
