"""Posting one item after the other: what is lost, what is left untried."""

from __future__ import annotations

from http.client import HTTPResponse
from typing import cast
from urllib.request import OpenerDirector

import pytest
from outbox_store import item

from engine.app.delivery.deliver import Outcome
from engine.app.ports.records import OutboxItem
from engine.runtime.channels.posting import MOST_READS, post_each, read_answer, signature, wrong_url

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


class Dripping:
    """An answer that comes a byte at a time, and ends after so many; a clock that is read goes on by a second."""

    def __init__(self, length: int, step: int = 1) -> None:
        self.left, self.step, self.now, self.reads = length, step, 0, 0

    def read1(self, most: int) -> bytes:
        """Return the next byte."""
        self.reads += 1
        self.left -= 1
        return b"" if self.left < 0 or most == 0 else b"{"

    def monotonic(self) -> float:
        """Return the seconds so far."""
        self.now += self.step
        return self.now


def drip(answer: Dripping, most: int, seconds: int) -> bytes:
    return read_answer(cast("HTTPResponse", answer), most, seconds, answer.monotonic)


def test_an_answer_that_drips_is_given_up_when_the_time_of_the_whole_is_over() -> None:
    slow = Dripping(10**9)
    with pytest.raises(TimeoutError, match="30"):
        drip(slow, 10**6, 30)
    assert slow.reads == 31
    still = Dripping(10**9, step=0)
    with pytest.raises(TimeoutError):
        drip(still, 10**6, 30)
    assert still.reads == MOST_READS


def test_no_more_of_an_answer_is_read_than_counts() -> None:
    assert drip(Dripping(5), 10**6, 30) == b"{{{{{"
    long = Dripping(10**9)
    assert (drip(long, 7, 30), long.reads) == (b"{" * 7, 7)
