"""What the use cases need from outside: a store and a clock. Adapters implement these.

Everything a command changes goes through one `Transaction` and is committed together or not at all. What it reads and
writes by is in `engine.app.ports.repositories`.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from engine.app.ports.audit.personal_values import PersonalValues
    from engine.app.ports.audit.readings import Pruning, Readings
    from engine.app.ports.audit.statements import Statements
    from engine.app.ports.drafts import DraftKey, Drafts
    from engine.app.ports.jobs import Jobs
    from engine.app.ports.papers import Papers
    from engine.app.ports.proposals import Proposals
    from engine.app.ports.records import IdempotencyRecord
    from engine.app.ports.repositories import (
        Cases,
        Daemons,
        Definitions,
        Delegations,
        Events,
        Inbox,
        Outbox,
        Records,
        Registers,
        Settings,
        Timers,
    )
    from engine.app.ports.retention import Retention
    from engine.app.ports.sign_in import Credentials, SignInAttempts, Tokens, WebSessions
    from engine.app.ports.signatures import SignatureRecords
    from engine.app.ports.task_query import Tasks


class ConflictError(Exception):
    """Another transaction wrote the same row first; `case` names the case or the stream."""

    def __init__(self, case: str) -> None:
        super().__init__(case)
        self.case = case


class UnavailableError(Exception):
    """What the work is done with cannot be used at the moment, such as a database that is locked, away or full.

    It says nothing about the item that was worked on: the item is left as it is, and is worked on again later.
    """


#: What says that the environment failed, not the item. Whoever sets items aside for what they raise lets these pass.
ENVIRONMENT_ERRORS = (UnavailableError, OSError, MemoryError)


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the present instant, aware."""
        ...


class Transaction(Protocol):
    """One transaction."""

    @property
    def touched(self) -> bool:
        """Tell whether it has written registers, delegations or settings: what it reads of them may yet be undone."""
        ...

    @property
    def cases(self) -> Cases:
        """The cases in their present state."""
        ...

    @property
    def events(self) -> Events:
        """The histories."""
        ...

    @property
    def tasks(self) -> Tasks:
        """What people must do now."""
        ...

    @property
    def timers(self) -> Timers:
        """The due instants."""
        ...

    @property
    def outbox(self) -> Outbox:
        """The transactional outbox."""
        ...

    @property
    def inbox(self) -> Inbox:
        """The messages people read in the product itself."""
        ...

    @property
    def registers(self) -> Registers:
        """一单两库 and the rest."""
        ...

    @property
    def records(self) -> Records:
        """Draws, publications, documents."""
        ...

    @property
    def papers(self) -> Papers:
        """Papers, numbers of their series, kept files."""
        ...

    @property
    def signatures(self) -> SignatureRecords:
        """Who signed what."""
        ...

    @property
    def retention(self) -> Retention:
        """What was done with files whose time was near."""
        ...

    @property
    def jobs(self) -> Jobs:
        """Heavy work, done by workers."""
        ...

    @property
    def definitions(self) -> Definitions:
        """Published definitions."""
        ...

    @property
    def settings(self) -> Settings:
        """JSON values by name."""
        ...

    @property
    def delegations(self) -> Delegations:
        """Who acts for whom."""
        ...

    @property
    def credentials(self) -> Credentials:
        """Password hashes."""
        ...

    @property
    def tokens(self) -> Tokens:
        """Personal access tokens."""
        ...

    @property
    def readings(self) -> Readings:
        """Records of who was shown personal values."""
        ...

    @property
    def personal_values(self) -> PersonalValues:
        """Personal values outside the histories."""
        ...

    @property
    def pruning(self) -> Pruning:
        """The removal of what is past its term."""
        ...

    @property
    def web_sessions(self) -> WebSessions:
        """Sessions of the workbench and one-time links."""
        ...

    @property
    def proposals(self) -> Proposals:
        """Acts that two have to agree to."""
        ...

    @property
    def drafts(self) -> Drafts:
        """Answers that were typed and not handed in."""
        ...

    @property
    def sign_in_attempts(self) -> SignInAttempts:
        """Failed attempts to sign in."""
        ...

    @property
    def daemons(self) -> Daemons:
        """The last heartbeat of every daemon."""
        ...

    @property
    def statements(self) -> Statements:
        """The row statements: what each transaction has written."""
        ...

    def look_ahead(
        self, request: str | None, case: str, streams: Sequence[str], draft: DraftKey | None = None
    ) -> None:
        """Fetch together what a command on a case asks first: its receipt, the last heartbeat, the newest events of some histories,
        the case, locked, and whether there is a draft. Nothing need be fetched: each is asked for all the same.
        """
        ...

    def idempotency_record(self, request_id: str) -> IdempotencyRecord | None:
        """Return what a request answered, if it has been carried out."""
        ...

    def record_request(self, record: IdempotencyRecord) -> None:
        """Store the answer of a request. Raises ConflictError where its id is taken."""
        ...

    def serialize(self) -> None:
        """Let this transaction end only as if no other had run beside it; asked for before anything else.

        Where another that was serialized writes what this one has read, one of the two ends in a ConflictError, which
        may come as late as the commit.
        """
        ...

    def savepoint(self) -> AbstractContextManager[None]:
        """Begin a part that is undone alone when its block raises."""
        ...


class Store(Protocol):
    """Where everything is kept."""

    def write(self) -> AbstractContextManager[Transaction]:
        """Begin a transaction that may write; it commits at the end of the block, or rolls back if that raises."""
        ...

    def read(self) -> AbstractContextManager[Transaction]:
        """Begin a transaction that only reads, on one consistent state."""
        ...

    def hold(self, name: str) -> AbstractContextManager[bool]:
        """Hold a name among all who use what is kept here, while the block lasts; False where somebody else holds it.

        It ends with the process, however that ends. It may be held outside of a transaction only.
        """
        ...

    def close(self) -> None:
        """Close the connections."""
        ...


@runtime_checkable
class ReadsTogether(Protocol):
    """A store whose transactions that read can share a connection."""

    def reading(self) -> AbstractContextManager[None]:
        """Let what this thread reads in the block be read on one connection and one state, until it writes."""
        ...


def read_together(store: Store) -> AbstractContextManager[None]:
    """Let what this thread reads in the block be read together, where the store can: it takes fewer trips."""
    return store.reading() if isinstance(store, ReadsTogether) else nullcontext()
