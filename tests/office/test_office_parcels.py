"""What was sent together once is sent together again, and nothing else with it: a receiver can drop every repeat."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.app.delivery.deliver import Outcome, Pacing, Retry, deliver
from engine.app.delivery.quiet_hours import DIGEST, DeliveryPolicy, OfficeHours
from engine.app.ports.records import OutboxItem
from engine.calendars.load import load_calendar
from engine.language import say
from engine.store.memory import MemoryStore
from tests.examples import examples

BEGIN = datetime(2026, 3, 2, 1, tzinfo=UTC)
OFFICE = OfficeHours(load_calendar([]), ZoneInfo("Asia/Shanghai"), time(9))
RETRY = Retry(minutes=(1,) * 60, lease=5)


class Running:
    """A clock that goes on with every look, as a real one does."""

    def __init__(self) -> None:
        self.at = BEGIN

    def now(self) -> datetime:
        self.at += timedelta(microseconds=7)
        return self.at


class Way:
    """A channel that takes, refuses, dies before it answers, or leaves parcels untried, as it is told."""

    batch = 3

    def __init__(self, acts: Iterator[str]) -> None:
        self._acts = acts
        #: Every parcel that was handed over: its id and the messages in it.
        self.handed: list[tuple[str, frozenset[str]]] = []
        self.taken: set[str] = set()

    def send(self, items: Sequence[OutboxItem]) -> list[Outcome]:
        answers = []
        for item in items:
            act = next(self._acts, "takes")
            if act == "leaves":
                continue
            inside = (
                frozenset(one["id"] for one in item.payload["messages"]) if DIGEST in item.id else {item.id}
            )
            self.handed.append((item.id, frozenset(inside)))
            if act == "dies":
                raise SystemExit
            answers.append(Outcome(item.id, say("不收") if act == "refuses" else None))
            self.taken |= set(inside) if act == "takes" else set()
        return answers


@settings(max_examples=examples(60), deadline=None)
@given(
    st.lists(
        st.one_of(st.integers(1, 4), st.sampled_from(["send", "wait", "long"])), min_size=4, max_size=25
    ),
    st.lists(st.sampled_from(["takes", "refuses", "dies", "leaves"]), max_size=20),
    st.sampled_from([0, 1, 2]),
    st.booleans(),
)
def test_whatever_fails_dies_and_comes_besides(
    acts: list[int | str], answers: list[str], above: int, morning: bool
) -> None:
    store, clock, way = MemoryStore(), Running(), Way(iter(answers))
    pace = DeliveryPolicy(digest=time(9)) if morning else DeliveryPolicy(gather_above=max(above, 1))
    written = 0

    def send() -> None:
        paced = Pacing({"post": pace}, OFFICE)
        with contextlib.suppress(SystemExit):
            deliver(store, {"post": way}, clock.now(), retry=RETRY, paced=paced, clock=clock)

    for act in [*acts, *["long", "send"] * 40]:
        if isinstance(act, int):
            with store.write() as transaction:
                items = [_item(written + n, clock.now()) for n in range(act)]
                transaction.outbox.put(items)
            written += act
        elif act == "send":
            send()
        else:
            clock.at += timedelta(minutes=1) if act == "wait" else timedelta(days=1)
    inside = dict(way.handed)
    # One id is always the same parcel, and each message is in one parcel alone, however often that is handed over.
    assert all(inside[name] == messages for name, messages in way.handed)
    assert sum(len(messages) for messages in inside.values()) == written
    with store.read() as transaction:
        assert {item.status for item in transaction.outbox.listed()} <= {"sent"}
    assert len(way.taken) == written


def _item(number: int, at: datetime) -> OutboxItem:
    return OutboxItem(
        id=f"m{number:03}",
        kind="message",
        channel="post",
        recipient=f"p{number % 2}",
        case=None,
        payload={"text": f"{number}"},
        created_at=at,
    )
