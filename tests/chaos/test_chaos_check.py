"""The checker, held before stores in which something is wrong: it has to say so."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.app.delivery.deliver import Outcome, Retry, deliver
from engine.app.ports.records import OutboxItem
from engine.app.timers.fire_due import fire_due
from engine.deployment.clocks import VirtualClock
from engine.deployment.open import open_application, open_deployment_store
from tests.chaos.check import Findings, check
from tests.chaos.client import Client
from tests.chaos.environment import set_up_bureau
from tests.chaos.fold import text_of
from tests.chaos.journal import Journal, lines_of
from tests.chaos.rows import open_rows

BEGIN = datetime(2026, 3, 2, 1, tzinfo=UTC)
COMMANDS = 150
APART = timedelta(minutes=4)
#: Some cases are still open then.
END = BEGIN + COMMANDS * APART + timedelta(minutes=30)


class _Receiver:
    """A channel that writes down what it takes, as the receiver of a run does."""

    batch = 1000

    def __init__(self, via: str, path: Path) -> None:
        self._via = via
        self._path = path

    def send(self, items: Sequence[OutboxItem]) -> list[Outcome]:
        with self._path.open("a", encoding="utf-8") as file:
            for item in items:
                name = item.id
                if self._via == "mail":
                    name = f"<{hashlib.sha256(name.encode()).hexdigest()[:32]}@example.org>"
                print(json.dumps({"via": self._via, "id": name, "sha256": "-"}), file=file)
        return [Outcome(item.id) for item in items]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return what a client without misfortune leaves: some cases done, some lapsed, some suspended."""
    place = tmp_path_factory.mktemp("played")
    clock = VirtualClock(BEGIN)
    home = set_up_bureau(place / "home", "data/ssj.db", clock, webhook_port=1, mail_port=1)
    journals = place / "journals"
    journals.mkdir()
    path = journals / "c0.jsonl"
    with closing(open_deployment_store(home)) as store:
        application = open_application(home, clock=clock, store=store)
        client = Client("c0", application, Journal(path), random.Random(3))
        for _ in range(COMMANDS):
            clock.advance(APART)
            line = client.choose()
            client.journal.write(line, sync=False)
            client.carry_through(line)
            fire_due(application)
        clock.set(END)
        fire_due(application)
        outside = {name: _Receiver(name, place / "received.jsonl") for name in ("hook", "mail")}
        outside["log"] = _Receiver("log", place / "log.jsonl")
        deliver(store, outside, END, limit=10**6, retry=Retry((1,), 15))
    return place


@pytest.fixture
def place(played: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(played, tmp_path / "place"))


def checked(place: Path) -> Findings:
    with open_rows(str(place / "home/data/ssj.db")) as rows:
        return check(rows, place / "journals", place / "received.jsonl", [place / "log.jsonl"], text_of(END))


def change(place: Path, *statements: str) -> None:
    """Edit the store as its owner may not."""
    with closing(sqlite3.connect(place / "home/data/ssj.db")) as connection, connection:
        for statement in statements:
            assert connection.execute(statement).rowcount != 0, statement


def test_a_whole_store_is_whole(place: Path) -> None:
    found = checked(place)
    assert found.wrong == {}
    assert found.counts["acknowledged"] + found.counts["refused"] == COMMANDS
    assert found.counts["timers fired"] > 5
    assert found.counts["cases open"] > 0
    assert found.counts["effects repeated"] == 0


def _acknowledged(place: Path, verb: str) -> tuple[str, int]:
    """Return the first command of a kind the client was told had been carried out: (case, seq) of its event."""
    asked: dict[int, str] = {}
    for line in lines_of(place / "journals" / "c0.jsonl"):
        if "do" in line:
            asked[line["n"]] = line["do"]
        elif "rev" in line and asked[line["n"]] == verb:
            return line["case"], line["rev"]
    raise AssertionError(verb)


def _chain_anew(place: Path, stream: str) -> None:
    """Make a chain whole again over its events as they are: what only a forger would take the trouble to do."""
    with closing(sqlite3.connect(place / "home/data/ssj.db")) as connection, connection:
        rows = connection.execute(
            "SELECT seq, at, actor, kind, body FROM event WHERE stream = ? ORDER BY seq", (stream,)
        ).fetchall()
        connection.execute("DELETE FROM event WHERE stream = ?", (stream,))
        head = "0" * 64
        for number, (_, at, actor, kind, body) in enumerate(rows, 1):
            text = f"{head}\n{stream}\n{number}\n{at}\n{actor}\n{kind}\n{body}"
            digest = hashlib.sha256(text.encode()).hexdigest()
            values = (stream, number, at, actor, kind, body, head, digest)
            connection.execute("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
            head = digest
        connection.execute('UPDATE "case" SET rev = ?, head = ? WHERE id = ?', (len(rows), head, stream))


def _lose_event(place: Path) -> None:
    case, seq = _acknowledged(place, "finish")
    change(place, f"DELETE FROM event WHERE stream = '{case}' AND seq = {seq}")


def _lose_last_event(place: Path) -> None:
    change(
        place,
        "DELETE FROM event WHERE stream = 'drill-1' AND seq = (SELECT max(seq) FROM event WHERE stream = 'drill-1')",
    )


def _lose_event_and_hide_it(place: Path) -> None:
    _lose_event(place)
    _chain_anew(place, _acknowledged(place, "finish")[0])


def _lose_claim_and_hide_it(place: Path) -> None:
    case, seq = _acknowledged(place, "claim")
    change(place, f"DELETE FROM event WHERE stream = '{case}' AND seq = {seq}")
    _chain_anew(place, case)


def _double_event(place: Path) -> None:
    case, seq = _acknowledged(place, "urge")
    change(
        place,
        "INSERT INTO event SELECT stream, seq + 1000, at, actor, kind, body, previous, hash FROM event "
        f"WHERE stream = '{case}' AND seq = {seq}",
    )
    _chain_anew(place, case)


def _double_reminder(place: Path) -> None:
    change(
        place,
        "INSERT INTO event SELECT stream, seq + 1000, at, actor, kind, body, previous, hash FROM event "
        "WHERE kind = 'reminded' ORDER BY stream, seq LIMIT 1",
    )
    with closing(sqlite3.connect(place / "home/data/ssj.db")) as connection:
        (stream,) = connection.execute("SELECT stream FROM event WHERE seq > 1000").fetchone()
    _chain_anew(place, stream)


def _lose_case(place: Path) -> None:
    change(place, "DELETE FROM event WHERE stream = 'drill-2'", "DELETE FROM \"case\" WHERE id = 'drill-2'")


def _acknowledge_what_never_was(place: Path) -> None:
    lines = [{"n": 9999, "do": "claim", "case": "drill-1", "by": "leading"}]
    lines += [{"n": 9999, "case": "drill-1", "rev": 77, "state": "open", "closed": False}]
    _append(place / "journals" / "c0.jsonl", lines)


def _append(path: Path, lines: list[dict[str, Any]]) -> None:
    with path.open("a", encoding="utf-8") as file:
        for line in lines:
            print(json.dumps(line), file=file)


def _drop_line(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[1:]), encoding="utf-8")


OPEN = '(SELECT id FROM "case" WHERE closed_at IS NULL ORDER BY id LIMIT 1)'
DAMAGE: dict[str, tuple[str, Callable[[Path], None]]] = {
    "an event is gone": ("broken chains", _lose_event),
    "the last event is gone": ("projections", _lose_last_event),
    "an event is gone and the chain made anew": ("lost", _lose_event_and_hide_it),
    "a claim is gone and the chain made anew": ("lost", _lose_claim_and_hide_it),
    "an event stands twice": ("doubled", _double_event),
    "a reminder went out twice": ("timers doubled", _double_reminder),
    "a case is gone": ("lost", _lose_case),
    "an answer nobody kept": ("lost", _acknowledge_what_never_was),
    "an event is edited": (
        "broken chains",
        lambda place: change(
            place, "UPDATE event SET actor = 'someone' WHERE stream = 'drill-1' AND seq = 1"
        ),
    ),
    "a case is edited": (
        "projections",
        lambda place: change(place, "UPDATE \"case\" SET state = 'nowhere' WHERE id = 'drill-1'"),
    ),
    "what a case carries is edited": (
        "projections",
        lambda place: change(place, "UPDATE \"case\" SET body = '{}' WHERE body LIKE '%drill_result%'"),
    ),
    "a receipt is gone": (
        "lost",
        lambda place: change(
            place, "DELETE FROM idempotency_key WHERE id = (SELECT min(id) FROM idempotency_key)"
        ),
    ),
    "a task is gone": (
        "cases stuck",
        lambda place: change(place, f"DELETE FROM task WHERE case_id = {OPEN}"),
    ),
    "a task is of another state": (
        "projections",
        lambda place: change(place, f"UPDATE task SET state = 'to_enter2' WHERE case_id = {OPEN}"),
    ),
    "a timer slept on": (
        "timers not fired",
        lambda place: change(
            place, f"INSERT INTO timer VALUES ({OPEN}, 'stray', '2026-03-02T00:00:00.000000Z', 0, NULL)"
        ),
    ),
    "a timer nobody set": (
        "projections",
        lambda place: change(
            place, f"INSERT INTO timer VALUES ({OPEN}, 'stray', '2027-03-03T00:00:00.000000Z', 0, NULL)"
        ),
    ),
    "a timer was set aside": (
        "timers set aside",
        lambda place: change(
            place, f"INSERT INTO timer VALUES ({OPEN}, 'stray', '2027-03-03T00:00:00.000000Z', 0, 'x')"
        ),
    ),
    "a message is gone": (
        "effects lost",
        lambda place: change(place, "DELETE FROM outbox WHERE channel = 'hook'"),
    ),
    "an entry of an inbox is gone": (
        "effects lost",
        lambda place: change(place, "DELETE FROM inbox WHERE case_id = 'drill-1'"),
    ),
    "a message was given up": (
        "effects lost",
        lambda place: change(place, "UPDATE outbox SET status = 'incident' WHERE channel = 'mail'"),
    ),
    "a message never came": ("effects lost", lambda place: _drop_line(place / "received.jsonl")),
    "a message nobody sent": (
        "effects unknown",
        lambda place: _append(
            place / "received.jsonl", [{"via": "hook", "id": "drill-1:77:1", "sha256": "-"}]
        ),
    ),
    "a message that changed on its way": (
        "effects altered",
        lambda place: _append(
            place / "received.jsonl",
            [{**next(lines_of(place / "received.jsonl")), "sha256": "other"}],
        ),
    ),
    "a client that was told nonsense": (
        "untranslated errors",
        lambda place: _append(place / "journals" / "c0.jsonl", [{"fell": "KeyError: 'x'"}]),
    ),
    "a command without an answer": (
        "never answered",
        lambda place: _append(
            place / "journals" / "c0.jsonl", [{"n": 9999, "do": "claim", "case": "drill-1", "by": "leading"}]
        ),
    ),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_the_checker_says_so(what: str, place: Path) -> None:
    kind, damage = DAMAGE[what]
    damage(place)
    assert kind in checked(place).wrong


def test_a_repeat_is_counted_and_no_fault(place: Path) -> None:
    received = place / "received.jsonl"
    _append(received, [next(lines_of(received))])
    found = checked(place)
    assert found.wrong == {}
    assert found.counts["effects repeated"] == 1
