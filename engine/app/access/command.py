"""The decorator of every command: access, one transaction, request ids, retries, and the audit of what was refused."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, TypeVar, cast

from engine.app.access.caller import Caller
from engine.app.access.check import why_denied
from engine.app.access.preparation import Preparation, PreparationContext, Prepare, prepared
from engine.app.access.proposals import SecondPerson, settle
from engine.app.access.table import access_row
from engine.app.access.text_check import why_unfit
from engine.app.daemons.clock_guard import HELD, jumped, why_held
from engine.app.definitions.bureau import bureau_of
from engine.app.history.credential import marked
from engine.app.history.journal import add_entry
from engine.app.history.retry import retry_on_conflict
from engine.app.people.directory import find_actor
from engine.app.ports.records import IdempotencyRecord
from engine.app.ports.store import Clock, ConflictError, Store, Transaction
from engine.app.session.refused import CommandRefused
from engine.kernel.refusal import NextAction, Refusal, RefusalReason
from engine.language import Message, say
from engine.lifecycle.chain import canonical
from engine.lifecycle.command import Actor
from engine.tracing import span

if TYPE_CHECKING:
    from engine.app.history.sealed_texts import Entropy
    from engine.app.services import Services
    from engine.lifecycle.model.bureau import Bureau

P = ParamSpec("P")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)


@dataclass(slots=True)
class CommandContext:
    """What the body of a command works with: one writing transaction, and who acts."""

    services: Services
    transaction: Transaction
    caller: Caller
    now: datetime
    #: What the preparation of the command worked out, where it has one; it still holds.
    prepared: Any = None
    #: Whether the command has entered what it did into a history.
    recorded: bool = False
    notes: dict[str, Any] = field(default_factory=dict)
    #: Who agreed to it, where two have to: what every entry made says besides.
    agreed: Mapping[str, Any] = field(default_factory=dict)
    #: Done once the transaction is committed, and not at all where it is not.
    afterwards: list[Callable[[], None]] = field(default_factory=list)

    @property
    def by(self) -> str:
        """Return the id of the person who acts."""
        return self.caller.person

    def record(self, kind: str, body: Mapping[str, Any], stream: str = "office") -> None:
        """Enter what was done into the history `stream`, as the person who acts."""
        self.recorded = True
        add_entry(self.transaction, self.now, kind, self.by, body, stream)

    @property
    def actor(self) -> Actor:
        """Return who acts, with their section and roles."""
        return find_actor(self.transaction, self.by) or Actor(self.by)

    @property
    def bureau(self) -> Bureau | None:
        """Return the bureau in force."""
        return bureau_of(self.services.definitions, self.transaction)

    def why_denied(self, use_case: str, about: str | None = None) -> RefusalReason | None:
        """Return why who acts may not use another row of the access table; None when they may."""
        row = access_row(use_case)
        return why_denied(self.transaction, lambda _: self.bureau, row, self.by, about)

    def require(self, use_case: str, about: str | None = None) -> None:
        """Refuse the command unless who acts may use another row of the access table."""
        if (denied := self.why_denied(use_case, about)) is not None:
            raise refused(denied)

    def refusal(
        self, code: str, message: Message, *, basis: str | None = None, next_action: NextAction | None = None
    ) -> CommandRefused:
        """Return the exception that refuses the command; nothing of it is kept but the attempt."""
        return refused(RefusalReason(code, message, basis=basis, next=next_action))


def refused(*reasons: RefusalReason) -> CommandRefused:
    """Return the exception that refuses a command for these reasons."""
    return CommandRefused(Refusal(None, "", reasons))


class _DryRunDoneError(Exception):
    def __init__(self, answer: object) -> None:
        super().__init__("dry run")
        self.answer = answer


class StoreAndClock(Protocol):
    """Where something is entered, and when."""

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


class CommandFunction(Protocol[P, R_co]):
    """A command as its callers see it."""

    use_case: str

    def __call__(
        self, services: Services, caller: Caller, /, *args: P.args, **kwargs: P.kwargs
    ) -> R_co | Refusal:
        """Run the command for `caller`; return its result, or why it was refused."""
        ...


def command(
    use_case: str,
    *,
    by_kind: str | None = None,
    about: str | None = None,
    decode: Callable[[Any], Any] | None = None,
    prepare: Callable[..., Any] | None = None,
    asked: Callable[..., Mapping[str, Any]] | None = None,
    second: Callable[..., SecondPerson | None] | None = None,
) -> Callable[[Callable[Concatenate[CommandContext, P], R]], CommandFunction[P, R]]:
    """Make a command of a function whose first argument is a `CommandContext`.

    The row ``use_case`` of the access table is asked inside the writing transaction, before the function runs;
    `by_kind` names the argument that is added to it (``register.change/objects``), `about` the argument that holds
    the person it is about. The function raises `CommandRefused` to refuse. What is refused is kept in the history
    "office". Written over by somebody else, the whole is judged again (`retry_on_conflict`). With a request id it acts
    once: the result is kept as JSON (its ``as_json()`` where it has one) and given back through `decode`.

    `second` takes the context and the same arguments and says what two have to agree to (`second_person`); None where
    one is enough. What was proposed and not done is a Refusal of the code ``proposed``, which is no attempt.

    `asked` takes the arguments and returns those that tell one request from another, as plain values; without it they
    must all have a plain form.

    `prepare` takes a `PreparationContext` and the same arguments and works something out in a reading transaction before the writing one; the
    function finds it as ``context.prepared``, where the histories it relies on are as they were.
    """

    def decorate(function: Callable[Concatenate[CommandContext, P], R]) -> CommandFunction[P, R]:
        signature = inspect.signature(function)

        @wraps(function)
        def run(services: Services, caller: Caller, /, *args: P.args, **kwargs: P.kwargs) -> R | Refusal:
            bound = signature.bind(None, *args, **kwargs)
            bound.apply_defaults()
            given = dict(list(bound.arguments.items())[1:])
            row = f"{use_case}/{given[by_kind]}" if by_kind else use_case
            person = str(given[about]) if about and given[about] is not None else None
            if (unfit := why_unfit(given, caller)) is not None:
                return Refusal(None, "", (unfit,))
            wanted = asked(*args, **kwargs) if asked is not None else given

            def needs(context: CommandContext) -> SecondPerson | None:
                return second(context, *args, **kwargs) if second is not None else None

            call = _CommandRun(services, caller, row, person, wanted, needs)

            def work(context: CommandContext) -> R:
                return function(context, *args, **kwargs)

            def ready(context: PreparationContext) -> Any:
                return prepare(context, *args, **kwargs) if prepare is not None else None

            return call.run(work, decode, ready if prepare is not None else None)

        run.use_case = use_case  # type: ignore[attr-defined] # read by the test that walks all commands
        run.by_two = second is not None  # type: ignore[attr-defined] # so is this
        return cast("CommandFunction[P, R]", run)

    return decorate


@dataclass(slots=True)
class _CommandRun:
    """One call of a command."""

    services: Services
    caller: Caller
    use_case: str
    about: str | None
    given: Mapping[str, Any]
    second: Callable[[CommandContext], SecondPerson | None]

    def run(
        self,
        work: Callable[[CommandContext], R],
        decode: Callable[[Any], Any] | None,
        prepare: Prepare | None,
    ) -> R | Refusal:
        digest = self._digest() if self.caller.request_id else ""

        def transact() -> tuple[R, Sequence[Callable[[], None]]]:
            with span("command", verb=self.use_case):
                ready = prepared(self.services, self.caller, prepare) if prepare is not None else None
                with self.services.store.write() as transaction:
                    # What is judged here must still be so when it is written, whatever rows it was judged by.
                    transaction.serialize()
                    return self._once(transaction, work, decode, digest, ready)

        try:
            answer, afterwards = retry_on_conflict(transact)
        except _DryRunDoneError as done:
            return cast("R", done.answer)
        except CommandRefused as no:
            if not self.caller.dry_run:
                note_refused(self.services, self.caller, self.use_case, self._target(), no.refusal)
                note_held(self.services, no.refusal)
            return no.refusal
        except ConflictError:
            return overtaken()
        for act in afterwards:
            act()
        return answer

    def _once(
        self,
        transaction: Transaction,
        work: Callable[[CommandContext], R],
        decode: Callable[[Any], Any] | None,
        digest: str,
        ready: Preparation | None,
    ) -> tuple[R, Sequence[Callable[[], None]]]:
        request_id = self.caller.request_id
        if request_id and (kept := known_answer(transaction, request_id, digest)):
            return cast("R", (decode or _as_kept)(kept["result"])), ()
        ask_access(self.services, transaction, self.use_case, self.caller.person, self.about)
        if self.use_case not in WITHOUT_CLOCK:
            require_steady_clock(self.services, transaction)
        context = CommandContext(self.services, transaction, self.caller, self.services.clock.now())
        if ready is not None:
            context.prepared = ready.taken_up(transaction)
        marks = self._agreed(context)
        if isinstance(marks, Refusal):
            # The proposal is kept.
            return cast("R", marks), ()
        context.agreed = marks
        with marked(marks):
            result = work(context)
            if self.caller.dry_run:
                raise _DryRunDoneError(result)
            if not context.recorded:
                context.record("done", {"verb": self.use_case, "about": self._target()})
        if request_id:
            kept = {"result": plain(result)}
            transaction.record_request(IdempotencyRecord(request_id, digest, kept, context.now))
        return result, context.afterwards

    def _agreed(self, context: CommandContext) -> Mapping[str, Any] | Refusal:
        """Return what the entries say of who agreed, or the refusal that says that the act was proposed."""
        second = None if self.caller.dry_run else self.second(context)
        if second is None:
            return {}
        return settle(
            context.transaction,
            context.now,
            context.by,
            self.use_case,
            self._digest,
            second,
            self.services.entropy,
        )

    def _target(self) -> str:
        """Return what the command is about, for the audit: the person, or the first argument that is a text."""
        return self.about or next((value for value in self.given.values() if isinstance(value, str)), "")

    def _digest(self) -> str:
        return request_digest(self.use_case, self.caller.person, self.given)


def request_digest(use_case: str, person: str, given: Mapping[str, Any]) -> str:
    """Return the SHA-256 of what is asked for, to tell a repetition from another command with the same id."""
    text = canonical([use_case, person, {name: plain(value) for name, value in given.items()}])
    return hashlib.sha256(text.encode()).hexdigest()


def known_answer(transaction: Transaction, request_id: str, digest: str) -> Mapping[str, Any] | None:
    """Return what is kept of a request that was answered before. Raises CommandRefused for that of another command."""
    known = transaction.idempotency_record(request_id)
    if known is None:
        return None
    if known.digest != digest:
        message = say("请求编号“{id}”已用于另一条命令；每条命令须有自己的编号", id=request_id)
        raise CommandRefused(Refusal(None, "", (RefusalReason("request", message),)))
    return known.answer


def ask_access(
    services: Services, transaction: Transaction, use_case: str, person: str, about: str | None = None
) -> None:
    """Ask the access table. Raises `CommandRefused` where `person` may not."""

    def bureau(inside: Transaction) -> Any:
        return bureau_of(services.definitions, inside)

    denied = why_denied(transaction, bureau, access_row(use_case), person, about)
    if denied is not None:
        raise CommandRefused(Refusal(None, "", (denied,)))


#: What is done whatever the clock says: looking at it, and bringing a deployment into a state to be looked at.
WITHOUT_CLOCK = frozenset({"incident.change", "system.upgrade", "system.restore"})


def require_steady_clock(services: Services, transaction: Transaction) -> None:
    """Raise CommandRefused where the clock is far ahead of the last daemon and nobody has looked at it yet."""
    reason = why_held(transaction, services.clock.now(), services.clock_hold)
    if reason is not None:
        raise CommandRefused(Refusal(None, "", (reason,)))


def note_held(services: Services, refusal: Refusal) -> None:
    """Note for people to see that the clock holds everything up, where a command was refused for it."""
    if any(reason.code == HELD for reason in refusal.reasons):
        jumped(services.store, services.clock.now(), services.clock_hold)


def note_refused(
    services: StoreAndClock, caller: Caller, use_case: str, about: str, refusal: Refusal
) -> None:
    """Keep a refused attempt in the history "office", in a transaction of its own; its texts stand apart."""
    # Whatever is done without being refused loads nothing for it.
    from engine.app.history.refusal_texts import add_refusal
    from engine.app.people.refused_person import under_known_name

    body: dict[str, Any] = {
        "verb": use_case,
        "about": about,
        "reasons": [reason.as_json() for reason in refusal.reasons],
    }
    if caller.request_id:
        body["request"] = caller.request_id

    def transact() -> None:
        with services.store.write() as transaction:
            who, named = under_known_name(transaction, caller.person, body)
            add_refusal(transaction, services.clock.now(), who, named, services.entropy)

    retry_on_conflict(transact)


def overtaken(case: str | None = None, attempt: str = "") -> Refusal:
    """Return the refusal of a command that others have overtaken every time it was tried."""
    message = say("数据库同时在写同一处，本次没有保存任何内容；请重试")
    return Refusal(case, attempt, (RefusalReason("conflict", message),))


def _as_kept(value: Any) -> Any:
    return value


def plain(value: Any) -> Any:
    """Return `value` as JSON keeps it; bytes by their digest. Raises TypeError for what has no plain form."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, bytes):
        return {"sha256": hashlib.sha256(value).hexdigest()}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    for name in ("as_json", "isoformat"):
        if callable(made := getattr(value, name, None)):
            return plain(made())
    raise TypeError(f"{type(value).__name__} has no plain form")
