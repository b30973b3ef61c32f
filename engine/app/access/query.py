"""The decorator of every query: it takes a viewer, asks the access table, and reads in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, Protocol, TypeVar, cast

from engine.app.access.check import why_denied
from engine.app.access.table import AccessRow, access_row
from engine.app.access.text_check import why_unfit_person
from engine.app.access.visible_cases import VisibleCases
from engine.app.definitions.derived_settings import ENGLISH_TEXTS
from engine.app.people.directory import find_actor
from engine.kernel.instants import to_text
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import SOURCE_LANGUAGE, current_language, know_published
from engine.lifecycle.command import Actor

if TYPE_CHECKING:
    from engine.app.definitions.cache import DefinitionCache
    from engine.app.history.paged_reading import PagedReading
    from engine.app.history.sealed_texts import Entropy
    from engine.app.ports.audit.readings import PersonalReading
    from engine.app.ports.files import FileStore
    from engine.app.ports.store import Clock, Store, Transaction
    from engine.lifecycle.case import Case
    from engine.lifecycle.model.bureau import Bureau

#: Characters kept of what somebody asked for who may not ask.
MAX_ABOUT = 200

P = ParamSpec("P")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)


class QuerySource(Protocol):
    """Where queries read. Definitions are opened only by those that need them."""

    @property
    def store(self) -> Store:
        """Return the store."""
        ...

    @property
    def clock(self) -> Clock:
        """Return the clock."""
        ...

    @property
    def entropy(self) -> Entropy | None:
        """Return the source of random bytes, where there is one."""
        ...

    @property
    def definitions(self) -> DefinitionCache:
        """Return the definitions in force."""
        ...

    @property
    def files(self) -> FileStore | None:
        """Return the store of files, where there is one."""
        ...


@dataclass(slots=True)
class QueryContext:
    """What the body of a query works with: one reading transaction, and who looks."""

    source: QuerySource
    transaction: Transaction
    viewer: Actor
    now: datetime
    #: What the viewer sees; None: everything, since the row does not keep sections apart.
    visible: VisibleCases | None = None
    #: Where a query that reads everything there is reads page by page; it has no `transaction` for long.
    pages: PagedReading | None = None
    #: The case that was asked for and is not for the viewer, if one was.
    hidden: str | None = None
    #: What personal values are shown: (about what, columns, of how many rows).
    shown: list[tuple[str, tuple[str, ...], int]] = field(default_factory=list)

    @property
    def limited(self) -> bool:
        """Tell whether the viewer sees some sections only."""
        return self.visible is not None and not self.visible.everything

    @property
    def bureau(self) -> Bureau | None:
        """Return the bureau in force."""
        from engine.app.definitions.bureau import bureau_of

        return bureau_of(self.source.definitions, self.transaction)

    def shows_personal(self, about: str, columns: Iterable[str], rows: int) -> None:
        """Note that the answer shows personal values of others: it is recorded before it is given."""
        if rows:
            self.shown.append((about[:MAX_ABOUT], tuple(sorted(columns)), rows))

    def why_denied(self, use_case: str, about: str | None = None) -> RefusalReason | None:
        """Return why the viewer may not use another row of the access table; None when they may."""
        row = access_row(use_case)
        return why_denied(self.transaction, lambda _: self.bureau, row, self.viewer.id, about)

    def sees_section(self, section: str | None) -> bool:
        """Tell whether the viewer sees what belongs to `section`; what belongs to none is seen by all."""
        return self.visible is None or self.visible.sees_section(section)

    def lists(self, case: Case) -> bool:
        """Tell whether a case is in the viewer's lists."""
        return self.visible is None or self.visible.lists(case)

    def lists_task(self, section: str | None, case_id: str) -> bool:
        """Tell whether a task is in the viewer's lists."""
        return self.visible is None or self.visible.lists_task(section, case_id)

    def sees(self, case: Case) -> bool:
        """Tell whether the viewer may look at a case."""
        return self.visible is None or self.visible.sees(case)


class QueryFunction(Protocol[P, R_co]):
    """A query as its callers see it."""

    use_case: str

    def __call__(
        self, source: QuerySource, viewer: str, /, *args: P.args, **kwargs: P.kwargs
    ) -> R_co | Refusal:
        """Read for `viewer`; return what was found, or why it may not be read."""
        ...


def query(
    use_case: str, *, about: str | None = None, in_pages: bool = False
) -> Callable[[Callable[Concatenate[QueryContext, P], R]], QueryFunction[P, R]]:
    """Make a query of a function whose first argument is a `QueryContext`.

    The row ``use_case`` of the access table is asked before the function runs; `about` names the argument that holds
    the person it is about. Queries write nothing but records of readings: where personal values of others are shown
    (`QueryContext.shows_personal`), who was shown what is recorded, once a day each, and what cannot be recorded is not shown. Whom
    the table or a section keeps out is entered in the history "office". With `in_pages` the function is handed ``context.pages`` and reads page by page, each in a transaction of
    its own; ``context.transaction`` is over by then.
    """

    def decorate(function: Callable[Concatenate[QueryContext, P], R]) -> QueryFunction[P, R]:
        row = access_row(use_case)

        @wraps(function)
        def run(source: QuerySource, viewer: str, /, *args: P.args, **kwargs: P.kwargs) -> R | Refusal:
            if (unfit := why_unfit_person(viewer)) is not None:
                return Refusal(None, "", (unfit,))
            person = cast("str | None", kwargs.get(about)) if about else None
            found: R | Refusal | None = None
            shown: list[PersonalReading] = []
            with source.store.read() as transaction:
                if current_language() != SOURCE_LANGUAGE:
                    know_published(transaction.settings.get(ENGLISH_TEXTS) or {})
                context = _asked(source, transaction, viewer, row, person)
                if not isinstance(context, Refusal) and not in_pages:
                    found = function(context, *args, **kwargs)
                    shown = _not_recorded(context, use_case) if context.shown else []
            if isinstance(context, Refusal):
                asked = next((one for one in (*args, *kwargs.values()) if isinstance(one, str)), "")
                _note_refused(source, viewer, use_case, person or asked[:MAX_ABOUT], context)
                return context
            if shown:
                _record(source, shown)
            if in_pages:
                # Few queries read in pages: the others load nothing for it.
                from engine.app.history.paged_reading import PagedReading

                with PagedReading(source.store) as pages:
                    context.pages = pages
                    found = function(context, *args, **kwargs)
            if context.hidden is not None and isinstance(found, Refusal):
                _note_refused(source, viewer, use_case, context.hidden, found)
            return cast("R | Refusal", found)

        run.use_case = use_case  # type: ignore[attr-defined] # read by the test that walks all queries
        return cast("QueryFunction[P, R]", run)

    return decorate


def _not_recorded(context: QueryContext, use_case: str) -> list[PersonalReading]:
    """Return the records that are still to be made of what an answer shows: one a day for the same person and subject."""
    from engine.app.history.credential import credential_of
    from engine.app.ports.audit.readings import PersonalReading

    person, now = context.viewer.id, context.now
    day = to_text(now)[:10]
    return [
        PersonalReading(day, person, use_case, about, now, credential_of(person), columns, rows)
        for about, columns, rows in context.shown
        if not context.transaction.readings.known(day, person, use_case, about)
    ]


def _record(source: QuerySource, shown: list[PersonalReading]) -> None:
    """Record readings in a transaction of their own. What cannot be recorded is not shown: what the store raises goes on."""
    from engine.app.history.retry import retry_on_conflict

    def transact() -> None:
        with source.store.write() as transaction:
            transaction.readings.add(shown)

    retry_on_conflict(transact)


def _note_refused(source: QuerySource, viewer: str, use_case: str, about: str, refusal: Refusal) -> None:
    """Keep a refused look in the history "office", where the store can be written: it is refused either way."""
    from engine.app.access.caller import Caller
    from engine.app.access.command import note_refused
    from engine.app.ports.store import ENVIRONMENT_ERRORS

    with suppress(*ENVIRONMENT_ERRORS):
        note_refused(source, Caller(viewer), use_case, about, refusal)


def _asked(
    source: QuerySource, transaction: Transaction, viewer: str, row: AccessRow, about: str | None
) -> QueryContext | Refusal:
    """Ask the access table; return what the body works with, or why it may not be read."""

    def open_bureau(inside: Transaction) -> Bureau | None:
        from engine.app.definitions.bureau import bureau_of

        return bureau_of(source.definitions, inside)

    denied = why_denied(transaction, open_bureau, row, viewer, about)
    if denied is not None:
        return Refusal(None, "", (denied,))
    actor = find_actor(transaction, viewer) or Actor(viewer)
    now = source.clock.now()
    visible = VisibleCases(transaction, actor, now, open_bureau) if row.own_section else None
    return QueryContext(source, transaction, actor, now, visible)
