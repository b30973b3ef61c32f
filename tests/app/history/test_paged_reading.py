"""Reading page by page: a transaction serves so many pages, and what is written between two pages is no finding."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from visit_bureau import audited_bureau

from engine.app.audit.seals import seal
from engine.app.audit.verify_deployment import verify
from engine.app.history.paged_reading import PagedReading, page_of, pages_of
from engine.app.ports.store import Transaction


class Counted:
    """A store that counts its reading transactions, and does something before each of them."""

    def __init__(self, bureau: object, before: object = None) -> None:
        self.store = bureau.store  # type: ignore[attr-defined] # a bureau of a test
        self.before, self.began, self.open = before, 0, 0

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        assert self.open == 0
        if self.before is not None:
            self.before(self.began)  # type: ignore[operator] # what a test hands in
        self.began += 1
        with self.store.read() as transaction:
            self.open += 1
            try:
                yield transaction
            finally:
                self.open -= 1


def test_a_transaction_serves_so_many_pages() -> None:
    store = Counted(audited_bureau())
    with PagedReading(store, pages=3) as pages:  # type: ignore[arg-type] # what is used of it
        seen = [pages.page() for _ in range(7)]
        assert store.open == 1
    assert store.open == 0
    assert store.began == 3
    assert len(seen) == 7


def test_it_is_let_go_when_something_is_raised() -> None:
    store = Counted(audited_bureau())

    def read_and_fail() -> None:
        with PagedReading(store) as pages:  # type: ignore[arg-type] # what is used of it
            pages.page()
            raise KeyError

    with pytest.raises(KeyError):
        read_and_fail()
    assert store.open == 0


def test_one_transaction_serves_all_pages() -> None:
    bureau = audited_bureau()
    with bureau.look() as transaction:
        assert page_of(transaction) is transaction


def test_pages_end_with_the_first_that_is_not_full_however_fast_the_rows_grow() -> None:
    rows = list(range(1, 8))

    def fetch(after: int) -> list[int]:
        page = rows[after : after + 3]
        rows.append(len(rows) + 1)
        return page

    assert list(pages_of(fetch, 0, int, 3)) == [[1, 2, 3], [4, 5, 6], [7, 8, 9], [10]]
    assert next(iter(pages_of(lambda after: rows[after : after + 3], 4, int, 3))) == [5, 6, 7]
    assert list(pages_of(lambda after: [], 0, int, 3)) == []


def test_what_is_written_between_two_pages_is_no_finding() -> None:
    bureau = audited_bureau()
    assert seal(bureau.application) is not None

    def work(number: int) -> None:
        case = bureau.start("visit", section="north")
        if number % 2:
            bureau.take(case, "send")
        if number % 3 == 0:
            seal(bureau.application)

    store = Counted(bureau, work)
    with PagedReading(store, pages=1) as pages:  # type: ignore[arg-type] # what is used of it
        assert list(verify(pages)) == []
    assert store.began > 10
    assert bureau.findings() == []


def test_reading_is_left_before_the_page_at_which_somebody_says_so() -> None:
    store, asked = Counted(audited_bureau()), 0

    def stop_at_the_third() -> None:
        nonlocal asked
        asked += 1
        if asked == 3:
            raise InterruptedError

    pages = PagedReading(store, pages=1, before_page=stop_at_the_third)  # type: ignore[arg-type] # what is used of it
    with pytest.raises(InterruptedError), pages:
        list(verify(pages))
    assert (asked, store.began, store.open) == (3, 2, 0)
