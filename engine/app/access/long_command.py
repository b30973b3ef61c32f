"""The decorator of commands whose work is too long for one transaction: begun, worked, ended, each in the audit."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

from engine.app.access.caller import Caller
from engine.app.access.command import CommandFunction, ask_access, note_refused, overtaken
from engine.app.access.text_check import why_unfit
from engine.app.history.journal import add_entry
from engine.app.history.retry import retry_on_conflict
from engine.app.ports.store import ConflictError
from engine.app.session.refused import CommandRefused
from engine.kernel.refusal import Refusal
from engine.tracing import span

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction
    from engine.app.services import Services

P = ParamSpec("P")
R = TypeVar("R")

BEGUN, DONE, FAILED = "begun", "done", "failed"


@dataclass(slots=True)
class LongCommandContext:
    """What the body of a long command works with: no transaction, it opens its own."""

    services: Services
    caller: Caller
    use_case: str
    about: str
    now: datetime
    #: What is entered with the end, besides what was done.
    notes: dict[str, Any] = field(default_factory=dict)
    ended: bool = False

    @property
    def by(self) -> str:
        """Return the id of the person who acts."""
        return self.caller.person

    def end(self, transaction: Transaction, kind: str = DONE) -> None:
        """Enter the end into a transaction of the work itself, for work after which its store is no longer written."""
        if not self.caller.dry_run and not self.ended:
            self._enter(transaction, kind, self.notes)
            self.ended = True

    def begin(self, transaction: Transaction) -> None:
        """Enter that the work begins."""
        if not self.caller.dry_run:
            self._enter(transaction, BEGUN, {})

    def _enter(self, transaction: Transaction, kind: str, more: Mapping[str, Any]) -> None:
        body = {"verb": self.use_case, "about": self.about, **more}
        add_entry(transaction, self.services.clock.now(), kind, self.by, body)


def long_command(
    use_case: str,
) -> Callable[[Callable[Concatenate[LongCommandContext, P], R]], CommandFunction[P, R]]:
    """Make a command of a function whose first argument is a `LongCommandContext`.

    The access table is asked, and the beginning entered into the history "office", in one short transaction; then the
    function works, in transactions of its own; then its end is entered: ``done``, or ``failed`` where it raised, and
    the exception goes on. A process that is killed between leaves ``begun`` without an end. A dry run is asked for like
    any other and enters nothing. It has no request id: done twice it is done twice.
    """

    def decorate(function: Callable[Concatenate[LongCommandContext, P], R]) -> CommandFunction[P, R]:
        signature = inspect.signature(function)

        @wraps(function)
        def run(services: Services, caller: Caller, /, *args: P.args, **kwargs: P.kwargs) -> R | Refusal:
            bound = dict(list(signature.bind(None, *args, **kwargs).arguments.items())[1:])
            if (unfit := why_unfit(bound, caller)) is not None:
                return Refusal(None, "", (unfit,))
            given = bound.values()
            about = next((value for value in given if isinstance(value, str)), "")
            context = LongCommandContext(services, caller, use_case, about, services.clock.now())
            refusal = _begin(context)
            if refusal is not None:
                return refusal
            worked = False
            try:
                with span("command", verb=use_case):
                    result = function(context, *args, **kwargs)
                worked = True
            finally:
                if not context.ended:
                    _end(context, DONE if worked else FAILED)
            return result

        run.use_case = use_case  # type: ignore[attr-defined] # read by the test that walks all commands
        return cast("CommandFunction[P, R]", run)

    return decorate


def _begin(context: LongCommandContext) -> Refusal | None:
    services, caller = context.services, context.caller

    def transact() -> None:
        with services.store.write() as transaction:
            ask_access(services, transaction, context.use_case, caller.person)
            context.begin(transaction)

    try:
        retry_on_conflict(transact)
    except CommandRefused as refused:
        if not caller.dry_run:
            note_refused(services, caller, context.use_case, context.about, refused.refusal)
        return refused.refusal
    except ConflictError:
        return overtaken()
    return None


def _end(context: LongCommandContext, kind: str) -> None:
    if context.caller.dry_run:
        return

    def transact() -> None:
        # Where the transaction before was overtaken, what it entered is not there.
        context.ended = False
        with context.services.store.write() as transaction:
            context.end(transaction, kind)

    retry_on_conflict(transact)
