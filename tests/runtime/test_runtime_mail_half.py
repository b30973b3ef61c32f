"""Delivery against the mail server of another house (aiosmtpd): refusing, greylisting, hanging, taking half, hanging up.

What must hold in every case: whoever's mail was answered with 250 never gets it again; everybody else's is tried again
until it is taken or becomes an incident. A line that breaks after the message and before the answer leaves the outcome
unknown: then the mail is sent again with the same Message-ID, because a deadline told twice does less harm than one not
told at all.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from hypothesis import given, settings
from hypothesis import strategies as st
from outbox_store import NOW, OutboxStore, item

from engine.app.delivery.deliver import Retry, deliver
from engine.runtime.channels.smtp import MailChannel
from tests.hung_run import HUNG

RETRY = Retry(minutes=(1, 5), lease=10)
PEOPLE = {f"p{n}": f"p{n}@example.cn" for n in range(30)}


class House:
    """A mail server's manners: asked once for each receiver and once for each message."""

    def __init__(self) -> None:
        self.at_rcpt: Callable[[str], str] = lambda address: "250 OK"
        #: An answer, or "hang", "drop" (before the message is kept) or "lose" (kept, then the line goes dead).
        self.at_data: Callable[[str], str] = lambda address: "250 kept"
        self.kept: Counter[str] = Counter()
        self.accepted: Counter[str] = Counter()
        self.message_ids: dict[str, set[str]] = {}
        self.seen: Counter[str] = Counter()

    async def handle_RCPT(  # noqa: N802 - the name the server calls
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        self.seen[address] += 1
        answer = self.at_rcpt(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - see above
        (address,) = envelope.rcpt_tos
        answer = self.at_data(address)
        if answer == "hang":
            await asyncio.sleep(5)
            return "451 too late"
        if answer == "drop":
            server.transport.abort()
            return "451 gone"
        if answer == "lose" or answer.startswith("250"):
            self.kept[address] += 1
            for line in envelope.content.decode("utf-8", "replace").splitlines():
                if line.lower().startswith("message-id:"):
                    self.message_ids.setdefault(address, set()).add(line.split(":", 1)[1].strip())
        if answer == "lose":
            server.transport.abort()
            return "250 nobody hears this"
        if answer.startswith("250"):
            self.accepted[address] += 1
        return answer


@contextmanager
def running(house: House) -> Iterator[int]:
    """Run the server on a free port of loopback."""
    controller = Controller(house, hostname="127.0.0.1", port=0)
    # The controller looks whether it can be reached at the port it was given, so it needs a real one.
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        controller.port = probe.getsockname()[1]
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def channel(port: int, timeout: float = HUNG) -> MailChannel:
    return MailChannel(
        host="127.0.0.1",
        port=port,
        sender="ssj@example.cn",
        addresses=PEOPLE.get,
        timeout_seconds=timeout,
        batch_seconds=60,
        batch=30,
    )


def letters(count: int) -> OutboxStore:
    return OutboxStore(*(item(n, "mail", f"p{n}") for n in range(count)))


def address(number: int) -> str:
    return f"p{number}@example.cn"


def until_settled(store: OutboxStore, port: int, timeout: float = HUNG) -> list[datetime]:
    """Deliver at every instant something is due, until nothing waits; returns the instants."""
    moments, now = [], NOW
    while any(status == "waiting" for status in store.status().values()):
        deliver(store, {"mail": channel(port, timeout)}, now, retry=RETRY)
        moments.append(now)
        due = [i.next_at for i in store.items.values() if i.status == "waiting" and i.next_at]
        now = min(due, default=now)
        assert len(moments) < 20
    return moments


def test_a_server_that_takes_half_keeps_no_mail_twice_and_the_rest_becomes_incidents():
    house = House()
    house.at_rcpt = lambda a: "250 OK" if int(a[1:].partition("@")[0]) % 2 else "550 no such mailbox"
    store = letters(10)
    with running(house) as port:
        until_settled(store, port)
    assert house.kept == Counter({address(n): 1 for n in (1, 3, 5, 7, 9)})
    assert Counter(store.status().values()) == {"sent": 5, "incident": 5}
    # A 5xx is final: asked once, not again.
    assert house.seen[address(0)] == 1
    assert "550" in str(store.items["inspection-0:1:1"].error)


def test_greylisting_is_waited_for_and_disturbs_nobody_else():
    house = House()
    house.at_rcpt = lambda a: (
        "451 4.7.1 come back later" if a == address(1) and house.seen[a] == 1 else "250 OK"
    )
    store = letters(3)
    with running(house) as port:
        moments = until_settled(store, port)
    assert moments == [NOW, NOW + timedelta(minutes=1)]
    assert house.kept == Counter({address(n): 1 for n in range(3)})
    assert {i.attempts for i in store.items.values()} == {0, 1}


def test_a_server_that_says_later_for_ever_ends_in_an_incident_with_its_words():
    house = House()
    house.at_data = lambda a: "452 mailbox full"
    store = letters(1)
    with running(house) as port:
        moments = until_settled(store, port)
    assert [(after - before) // timedelta(minutes=1) for before, after in pairwise(moments)] == [1, 5]
    (found,) = store.items.values()
    assert (found.status, found.attempts) == ("incident", 3)
    assert "452 mailbox full" in str(found.error)


@pytest.mark.parametrize("fate", ["hang", "drop"])
def test_one_receiver_the_server_breaks_at_is_an_incident_and_the_others_have_their_mail_once(fate: str):
    house = House()
    house.at_data = lambda a: fate if a == address(1) else "250 kept"
    store = letters(4)
    with running(house) as port:
        until_settled(store, port, timeout=0.5)
    assert house.kept == Counter({address(n): 1 for n in (0, 2, 3)})
    assert store.status()["inspection-1:1:1"] == "incident"
    assert store.items["inspection-1:1:1"].attempts == 3


def test_two_mails_the_server_breaks_at_do_not_take_those_behind_them_along():
    house = House()
    house.at_data = lambda a: "drop" if a in (address(0), address(1)) else "250 kept"
    store = letters(6)
    with running(house) as port:
        until_settled(store, port)
    assert house.kept == Counter({address(n): 1 for n in range(2, 6)})
    assert Counter(store.status().values()) == {"sent": 4, "incident": 2}


def test_an_outcome_nobody_knows_is_sent_again_under_the_same_message_id():
    house = House()
    house.at_data = lambda a: "lose" if a == address(1) and not house.kept[a] else "250 kept"
    store = letters(3)
    with running(house) as port:
        until_settled(store, port)
    assert set(store.status().values()) == {"sent"}
    assert house.accepted == Counter({address(n): 1 for n in range(3)})
    assert house.kept[address(1)] == 2
    assert len(house.message_ids[address(1)]) == 1
    assert house.kept[address(0)] == house.kept[address(2)] == 1


def test_a_server_that_is_not_there_yet_gets_everything_once_it_is():
    import socket

    with socket.socket() as nothing:
        nothing.bind(("127.0.0.1", 0))
        store = letters(3)
        done = deliver(store, {"mail": channel(nothing.getsockname()[1])}, NOW, retry=RETRY)
    assert (done.sent, done.failed) == (0, 3)
    house = House()
    with running(house) as port:
        deliver(store, {"mail": channel(port)}, NOW + timedelta(minutes=1), retry=RETRY)
    assert house.kept == Counter({address(n): 1 for n in range(3)})


FATES = st.sampled_from(["250 kept", "451 later", "550 never", "drop", "lose"])


@settings(max_examples=15, deadline=None)
@given(st.lists(st.lists(FATES, min_size=3, max_size=3), min_size=1, max_size=8))
def test_whatever_the_server_does_nobody_who_accepted_gets_it_again(fates: list[list[str]]) -> None:
    house = House()
    house.at_data = lambda a: fates[int(a[1:].partition("@")[0])][min(house.seen[a], 3) - 1]
    store = letters(len(fates))
    with running(house) as port:
        until_settled(store, port)
    for number in range(len(fates)):
        where, status = address(number), store.status()[f"inspection-{number}:1:1"]
        assert house.accepted[where] == (status == "sent")
        assert len(house.message_ids.get(where, ())) <= 1
