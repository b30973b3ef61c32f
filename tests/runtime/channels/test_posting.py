"""Posting one item after the other: what is lost, what is left untried."""

from __future__ import annotations

from urllib.request import OpenerDirector

from outbox_store import item

from engine.app.delivery.deliver import Outcome
from engine.app.ports.records import OutboxItem
from engine.runtime.channels.posting import post_each, signature, wrong_url

URL = "http://receiver.example/in"


def posted(fates: str, times: list[int]) -> list[tuple[str, bool]]:
    """Post an item for each letter of `fates` (``.`` arrives, ``x`` is lost); `times` are what the clock says."""
    fate, clock = iter(fates), iter(times)

    def post(_: OpenerDirector, one: OutboxItem) -> Outcome:
        if next(fate) == "x":
            raise TimeoutError("no answer")
        return Outcome(one.id)

    found = post_each(URL, [item(n) for n in range(len(fates))], 30, lambda: next(clock), post)
    return [(one.item.rpartition(":")[2], one.error is None) for one in found]


def test_a_line_lost_twice_running_leaves_the_rest_for_later() -> None:
    assert [fine for _, fine in posted("x.x..", [0] * 6)] == [False, True, False, True, True]
    assert [fine for _, fine in posted(".xx..", [0] * 6)] == [True, False, False]


def test_no_item_is_begun_after_the_time_of_the_batch() -> None:
    assert len(posted("....", [0, 10, 30, 31, 32])) == 2


def test_addresses_and_signatures() -> None:
    assert wrong_url(URL) is None
    assert wrong_url("file:///etc/passwd") is not None
    assert signature("k", "1", b"{}") != signature("k", "2", b"{}")
