"""Reading everything there is without holding one reading transaction for all of it.

A reading transaction keeps what it sees: on SQLite the log cannot be cut while it lasts, on PostgreSQL dead rows stay.
Whoever walks through all histories reads page by page, each page on one consistent state, and lets go in between.
Between two pages others may write. Histories only grow, so that what was read before is still there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from engine.app.ports.store import ENVIRONMENT_ERRORS

if TYPE_CHECKING:
    from typing import Self

    from engine.app.ports.store import Store, Transaction

#: Pages read in one transaction: beginning one for each page of short histories would take as long as reading them.
PAGES = 100

_Row = TypeVar("_Row")
_Place = TypeVar("_Place")


class PagedReading:
    """Reading transactions one after the other; a context manager."""

    def __init__(
        self, store: Store, pages: int = PAGES, before_page: Callable[[], None] | None = None
    ) -> None:
        self._store, self._pages, self._before_page = store, pages, before_page
        self._served = 0
        self._transaction: Transaction | None = None
        self._open = ExitStack()
        #: Whether texts that are none are read.
        self._anything = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._transaction = None
        # What went wrong is given to the store, which says it in words.
        self._open.__exit__(kind, problem, trace)

    def page(self, *, anew: bool = False) -> Transaction:
        """Return the transaction to read the next page in; what an earlier one returned may no longer be used.

        `anew` begins one for this page, where a page is long. Raises what `before_page` raises, which is asked first: so that long reading can be left.
        """
        if self._before_page is not None:
            self._before_page()
        if self._transaction is None or anew or self._served >= self._pages:
            self._transaction = None
            self._open.close()
            self._transaction = self._open.enter_context(self._store.read())
            if self._anything:
                self._open.enter_context(self._transaction.statements.decoding_anything())
            self._served = 0
        self._served += 1
        return self._transaction

    @contextmanager
    def decoding_anything(self) -> Iterator[None]:
        """Let texts that are none be read until the context ends, in transactions begun from now on."""
        self._anything, self._transaction = True, None
        self._open.close()
        try:
            yield
        finally:
            self._anything, self._transaction = False, None
            self._open.close()


#: Where somebody reads page by page: one transaction for everything, or several.
Reading: TypeAlias = "Transaction | PagedReading"


def page_of(reading: Reading, *, anew: bool = False) -> Transaction:
    """Return the transaction to read the next page in; where there are several, `anew` begins one for it."""
    return reading.page(anew=anew) if isinstance(reading, PagedReading) else reading


def pages_of(
    fetch: Callable[[_Place], Sequence[_Row]], after: _Place, place: Callable[[_Row], _Place], size: int
) -> Iterator[Sequence[_Row]]:
    """Yield pages of `size` rows, each fetched after the `place` of the last row of the one before.

    A page that is not full is the last one. Asked until nothing comes, a reader that lets others write in between would
    read for as long as they write.
    """
    while page := fetch(after):
        yield page
        if len(page) < size:
            return
        after = place(page[-1])


def as_stored(reading: Reading, read: Callable[[], Iterator[_Row]]) -> list[_Row]:
    """Return everything `read` yields; where a text that is stored is none, it is read again with all of them as they are."""
    try:
        return list(read())
    except ENVIRONMENT_ERRORS:
        raise
    except Exception as problem:
        if not page_of(reading).statements.is_undecodable(problem):
            raise
    whole = reading if isinstance(reading, PagedReading) else reading.statements
    with whole.decoding_anything():
        return list(read())
