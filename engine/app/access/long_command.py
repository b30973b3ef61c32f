"""The decorator of commands whose work is too long for one transaction: begun, worked, ended, each in the audit."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

from engine.app.access.caller import Caller
from engine.app.access.command import (
    CommandFunction,
    ask_access,
    known_answer,
    note_held,
    note_refused,
    overtaken,
    plain,
    request_digest,
    require_steady_clock,
)
from engine.app.access.proposals import ended, settle, still_agreed
from engine.app.access.text_check import why_unfit
from engine.app.history.credential import marked
from engine.app.history.journal import add_entry
from engine.app.history.retry import retry_on_conflict
from engine.app.ports.records import IdempotencyRecord
from engine.app.ports.store import ConflictError
from engine.app.session.refused import CommandRefused
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say
from engine.tracing import span

if TYPE_CHECKING:
    from engine.app.access.proposals import SecondPerson
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
    #: What is asked for, to tell a repetition from another command with the same request id.
    digest: str = ""
    #: What two have to agree to before anything begins; None where one is enough.
    second: Callable[[Transaction], SecondPerson | None] | None = None
    #: What every entry says of who agreed.
    marks: Mapping[str, Any] = field(default_factory=dict)

    @property
    def by(self) -> str:
        """Return the id of the person who acts."""
        return self.caller.person

    def end(self, transaction: Transaction, result: Any, kind: str = DONE) -> None:
        """Enter the end into a transaction of the work itself, for work after which its store is no longer written.

        `result` is what the command will return: it is kept for a repetition of the request.
        """
        if not self.caller.dry_run and not self.ended:
            self._enter(transaction, kind, self.notes)
            if kind == DONE:
                ended(transaction, self.services.clock.now(), self.by, self.marks)
            request_id = self.caller.request_id
            # Where the work was handed on, or a server lost the hold, the answer of the first is the one that is kept.
            if request_id and kind == DONE and transaction.idempotency_record(request_id) is None:
                kept = {"result": plain(result)}
                now = self.services.clock.now()
                transaction.record_request(IdempotencyRecord(request_id, self.digest, kept, now))
            self.ended = True

    def begin(self, transaction: Transaction) -> None:
        """Enter that the work begins."""
        if not self.caller.dry_run:
            self._enter(transaction, BEGUN, {})

    def _enter(self, transaction: Transaction, kind: str, more: Mapping[str, Any]) -> None:
        body = {"verb": self.use_case, "about": self.about, **more}
        add_entry(transaction, self.services.clock.now(), kind, self.by, body)


def long_command(
    use_case: str, *, decode: str | None = None, second: Callable[..., SecondPerson | None] | None = None
) -> Callable[[Callable[Concatenate[LongCommandContext, P], R]], CommandFunction[P, R]]:
    """Make a command of a function whose first argument is a `LongCommandContext`.

    The access table is asked, and the beginning entered into the history "office", in one short transaction; then the
    function works, in transactions of its own; then its end is entered: ``done``, or ``failed`` where it raised, and
    the exception goes on. A process that is killed between leaves ``begun`` without an end. A dry run is asked for like
    any other and enters nothing.

    With a request id that has ended in ``done`` nothing is begun: the result is kept as JSON and given back through
    the function that the argument named by `decode` holds. One that failed, or whose process was killed, is begun anew.
    One that is still at work holds its request (`Store.hold`): meanwhile the same request is refused.

    `second` takes the context, a transaction and the same arguments and says what two have to agree to, as for `command`:
    its `summary` says all of it, since that is what they agree to. A dry run is not agreed to.
    """

    def decorate(function: Callable[Concatenate[LongCommandContext, P], R]) -> CommandFunction[P, R]:
        signature = inspect.signature(function)

        @wraps(function)
        def run(services: Services, caller: Caller, /, *args: P.args, **kwargs: P.kwargs) -> R | Refusal:
            bound = dict(list(signature.bind(None, *args, **kwargs).arguments.items())[1:])
            if (unfit := why_unfit(bound, caller)) is not None:
                return Refusal(None, "", (unfit,))
            about = next((value for value in bound.values() if isinstance(value, str)), "")
            context = LongCommandContext(services, caller, use_case, about, services.clock.now())
            if caller.request_id:
                asked = {name: value for name, value in bound.items() if not callable(value)}
                context.digest = request_digest(use_case, caller.person, asked)
            if second is not None:
                context.second = lambda transaction: second(context, transaction, **bound)

            def read(kept: Any) -> Any:
                return kept if decode is None or kept is None else bound[decode](kept)

            # Before the answer of an earlier one is looked for: whoever holds the request may be about to end it.
            with _held(context) as held:
                return cast("R", _run(context, lambda: function(context, *args, **kwargs), read, held=held))

        run.use_case = use_case  # type: ignore[attr-defined] # read by the test that walks all commands
        run.by_two = second is not None  # type: ignore[attr-defined] # so is this
        return cast("CommandFunction[P, R]", run)

    return decorate


def _held(context: LongCommandContext) -> AbstractContextManager[bool]:
    request_id = context.caller.request_id
    if not request_id or context.caller.dry_run:
        return nullcontext(True)
    return context.services.store.hold(f"request:{request_id}")


def _run(
    context: LongCommandContext, work: Callable[[], Any], read: Callable[[Any], Any], *, held: bool
) -> Any:
    begun = _begin(context, held=held)
    if isinstance(begun, Refusal):
        return begun
    if begun is not None:
        return read(begun["result"])
    worked = False
    result: Any = None
    try:
        with span("command", verb=context.use_case), marked(context.marks):
            result = work()
        worked = True
    finally:
        if not context.ended:
            _end(context, result, DONE if worked else FAILED)
    return result


def _begin(context: LongCommandContext, *, held: bool) -> Refusal | Mapping[str, Any] | None:
    """Enter the beginning; return why not, or what is kept of the same request; None where the work is to be done."""
    services, caller = context.services, context.caller

    def transact() -> Mapping[str, Any] | Refusal | None:
        with services.store.write() as transaction:
            if caller.request_id and (kept := known_answer(transaction, caller.request_id, context.digest)):
                return kept
            ask_access(services, transaction, context.use_case, caller.person)
            require_steady_clock(services, transaction)
            if not held:
                message = say(
                    "请求“{id}”正在办理，还没有办完，没有再办一次；请稍后以同一编号再试",
                    id=caller.request_id,
                )
                raise CommandRefused(Refusal(None, "", (RefusalReason("under-way", message),)))
            agreed = _agreed(context, transaction)
            if isinstance(agreed, Refusal):
                # The proposal is kept.
                return agreed
            context.marks = agreed
            with marked(agreed):
                context.begin(transaction)
        return None

    try:
        return retry_on_conflict(transact)
    except CommandRefused as refused:
        if not caller.dry_run:
            note_refused(services, caller, context.use_case, context.about, refused.refusal)
            note_held(services, refused.refusal)
        return refused.refusal
    except ConflictError:
        return overtaken()


def _agreed(context: LongCommandContext, transaction: Transaction) -> Mapping[str, Any] | Refusal:
    """Return what the entries say of who agreed, or the refusal that says that the act was proposed."""
    second = None if context.caller.dry_run or context.second is None else context.second(transaction)
    if second is None:
        return {}

    def digest() -> str:
        return request_digest(context.use_case, context.by, {"about": context.about, **second.summary})

    now = context.services.clock.now()
    going_on = still_agreed(transaction, now, context.by, context.use_case, digest())
    return going_on or settle(transaction, now, context.by, context.use_case, digest, second)


def _end(context: LongCommandContext, result: Any, kind: str) -> None:
    if context.caller.dry_run:
        return

    def transact() -> None:
        # Where the transaction before was overtaken, what it entered is not there.
        context.ended = False
        with context.services.store.write() as transaction, marked(context.marks):
            context.end(transaction, result, kind)

    retry_on_conflict(transact)
