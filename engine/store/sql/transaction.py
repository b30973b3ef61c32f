"""A transaction of the SQL store: the repositories on one connection, each made when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING

from engine.store.sql.prepared import DriverConnection, PreparedStatement
from engine.value import Lazy

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from engine.app.ports.drafts import DraftKey
    from engine.app.ports.records import IdempotencyRecord
    from engine.store.reports import Report
    from engine.store.sql.repositories.cases import SqlCases
    from engine.store.sql.repositories.daemons import SqlDaemons
    from engine.store.sql.repositories.definitions import SqlDefinitions
    from engine.store.sql.repositories.drafts import SqlDrafts
    from engine.store.sql.repositories.events import SqlEvents
    from engine.store.sql.repositories.filing.jobs import SqlJobs
    from engine.store.sql.repositories.filing.signatures import SqlRetention, SqlSignatures
    from engine.store.sql.repositories.idempotency import SqlIdempotencyRecords
    from engine.store.sql.repositories.inbox import SqlInbox
    from engine.store.sql.repositories.outbox import SqlOutbox
    from engine.store.sql.repositories.papers import SqlPapers
    from engine.store.sql.repositories.people.delegations import SqlDelegations
    from engine.store.sql.repositories.people.personal_values import SqlPersonalValues
    from engine.store.sql.repositories.people.proposals import SqlProposals
    from engine.store.sql.repositories.people.readings import SqlReadings
    from engine.store.sql.repositories.people.retention import SqlPruning
    from engine.store.sql.repositories.people.sign_in import SqlCredentials, SqlSignInAttempts, SqlTokens
    from engine.store.sql.repositories.people.web_sessions import SqlWebSessions
    from engine.store.sql.repositories.records import SqlRecords
    from engine.store.sql.repositories.registers import SqlRegisters
    from engine.store.sql.repositories.settings import SqlSettings
    from engine.store.sql.repositories.statements import SqlStatements
    from engine.store.sql.repositories.tasks import SqlTasks
    from engine.store.sql.repositories.timers import SqlTimers


@cache
def _look_ahead() -> Callable[[DriverConnection, str | None, str, Sequence[str], DraftKey | None], None]:
    from engine.store.sql.trips.look_ahead import look_ahead

    return look_ahead


@cache
def _stating(
    on_server: bool,
) -> tuple[PreparedStatement, Callable[[list[Report]], tuple[str, str, str, str]]]:
    from engine.store.sql.kept.kept_statements import kept
    from engine.store.statement_draft import statement_of

    core = kept("statements")
    return core.ADD_ON_SERVER if on_server else core.ADD, statement_of


class SqlTransaction:
    """`engine.app.ports.store.Transaction` on one connection.

    A repository is imported and made when it is first asked for: each builds its statements when it is imported, and
    a command that lists tasks needs those of the tasks alone.
    """

    def __init__(self, driver: DriverConnection) -> None:
        """Where the transaction is begun on the driver, which SQLAlchemy does not know of, `commit` and `roll_back` end it."""
        self._driver = driver
        self.begin, self.commit, self.roll_back = driver.begin, driver.commit, driver.roll_back
        #: Writes the row statement of what has been written since the last one; done before the transaction commits.
        self.state = driver.state
        if driver.writing:
            self._driver.add_statement = self._add_statement

    def next(self) -> SqlTransaction:
        """Return the transaction after this one, which has ended: the same object.

        Its repositories hold nothing of what was; to make them anew for every step is a tenth of its calls.
        """
        self._driver.begin_anew()
        return self

    def look_ahead(
        self, request: str | None, case: str, streams: Sequence[str], draft: DraftKey | None = None
    ) -> None:
        """Fetch together what a command on a case asks first."""
        _look_ahead()(self._driver, request, case, streams, draft)

    @property
    def work(self) -> bool:
        """Tell whether something was written that a daemon has to do."""
        return self._driver.work

    #: Whether it has written registers, delegations or settings. It is asked several times in every step, without a call.
    touched = property(attrgetter("_driver.touched"))

    @property
    def driver(self) -> DriverConnection:
        """Return the connection as the repositories use it."""
        return self._driver

    @property
    def connection(self) -> Connection:
        """Return the connection, for what is about the database as a whole."""
        return self._driver.connection

    @Lazy
    def cases(self) -> SqlCases:
        """The cases in their present state."""
        from engine.store.sql.repositories.cases import SqlCases

        return SqlCases(self._driver)

    @Lazy
    def events(self) -> SqlEvents:
        """The histories."""
        from engine.store.sql.repositories.events import SqlEvents

        return SqlEvents(self._driver)

    @Lazy
    def tasks(self) -> SqlTasks:
        """What people must do now."""
        from engine.store.sql.repositories.tasks import SqlTasks

        return SqlTasks(self._driver)

    @Lazy
    def timers(self) -> SqlTimers:
        """The due instants."""
        from engine.store.sql.repositories.timers import SqlTimers

        return SqlTimers(self._driver)

    @Lazy
    def outbox(self) -> SqlOutbox:
        """The transactional outbox."""
        from engine.store.sql.repositories.outbox import SqlOutbox

        return SqlOutbox(self._driver)

    @Lazy
    def inbox(self) -> SqlInbox:
        """The messages people read in the product itself."""
        from engine.store.sql.repositories.inbox import SqlInbox

        return SqlInbox(self._driver)

    @Lazy
    def registers(self) -> SqlRegisters:
        """一单两库 and the rest."""
        from engine.store.sql.repositories.registers import SqlRegisters

        return SqlRegisters(self._driver)

    @Lazy
    def records(self) -> SqlRecords:
        """Draws, publications, documents."""
        from engine.store.sql.repositories.records import SqlRecords

        return SqlRecords(self._driver)

    @Lazy
    def papers(self) -> SqlPapers:
        """Papers, numbers of their series, kept files."""
        from engine.store.sql.repositories.papers import SqlPapers

        return SqlPapers(self._driver)

    @Lazy
    def definitions(self) -> SqlDefinitions:
        """Published definitions."""
        from engine.store.sql.repositories.definitions import SqlDefinitions

        return SqlDefinitions(self._driver)

    @Lazy
    def settings(self) -> SqlSettings:
        """JSON values by name."""
        from engine.store.sql.repositories.settings import SqlSettings

        return SqlSettings(self._driver)

    @Lazy
    def delegations(self) -> SqlDelegations:
        """Who acts for whom."""
        from engine.store.sql.repositories.people.delegations import SqlDelegations

        return SqlDelegations(self._driver)

    @Lazy
    def credentials(self) -> SqlCredentials:
        """Password hashes."""
        from engine.store.sql.repositories.people.sign_in import SqlCredentials

        return SqlCredentials(self._driver)

    @Lazy
    def tokens(self) -> SqlTokens:
        """Personal access tokens."""
        from engine.store.sql.repositories.people.sign_in import SqlTokens

        return SqlTokens(self._driver)

    @Lazy
    def readings(self) -> SqlReadings:
        """Records of who was shown personal values."""
        from engine.store.sql.repositories.people.readings import SqlReadings

        return SqlReadings(self._driver)

    @Lazy
    def personal_values(self) -> SqlPersonalValues:
        """Personal values outside the histories."""
        from engine.store.sql.repositories.people.personal_values import SqlPersonalValues

        return SqlPersonalValues(self._driver)

    @Lazy
    def pruning(self) -> SqlPruning:
        """The removal of what is past its term."""
        from engine.store.sql.repositories.people.retention import SqlPruning

        return SqlPruning(self._driver)

    @Lazy
    def web_sessions(self) -> SqlWebSessions:
        """Sessions of the workbench and one-time links."""
        from engine.store.sql.repositories.people.web_sessions import SqlWebSessions

        return SqlWebSessions(self._driver)

    @Lazy
    def proposals(self) -> SqlProposals:
        """Acts that two have to agree to."""
        from engine.store.sql.repositories.people.proposals import SqlProposals

        return SqlProposals(self._driver)

    @Lazy
    def drafts(self) -> SqlDrafts:
        """Answers that were typed and not handed in."""
        from engine.store.sql.repositories.drafts import SqlDrafts

        return SqlDrafts(self._driver)

    @Lazy
    def signatures(self) -> SqlSignatures:
        """Who signed what."""
        from engine.store.sql.repositories.filing.signatures import SqlSignatures

        return SqlSignatures(self._driver)

    @Lazy
    def retention(self) -> SqlRetention:
        """What was done with files whose time was near."""
        from engine.store.sql.repositories.filing.signatures import SqlRetention

        return SqlRetention(self._driver)

    @Lazy
    def jobs(self) -> SqlJobs:
        """Heavy work, done by workers."""
        from engine.store.sql.repositories.filing.jobs import SqlJobs

        return SqlJobs(self._driver)

    @Lazy
    def sign_in_attempts(self) -> SqlSignInAttempts:
        """Failed attempts to sign in."""
        from engine.store.sql.repositories.people.sign_in import SqlSignInAttempts

        return SqlSignInAttempts(self._driver)

    @Lazy
    def daemons(self) -> SqlDaemons:
        """The last heartbeat of every daemon."""
        from engine.store.sql.repositories.daemons import SqlDaemons

        return SqlDaemons(self._driver)

    @Lazy
    def statements(self) -> SqlStatements:
        """The row statements."""
        from engine.store.sql.repositories.statements import SqlStatements

        return SqlStatements(self._driver)

    @Lazy
    def _idempotency(self) -> SqlIdempotencyRecords:
        """What requests answered."""
        from engine.store.sql.repositories.idempotency import SqlIdempotencyRecords

        return SqlIdempotencyRecords(self._driver)

    def idempotency_record(self, request_id: str) -> IdempotencyRecord | None:
        """Return what a request answered, if it has been carried out."""
        return self._idempotency.get(request_id)

    def record_request(self, record: IdempotencyRecord) -> None:
        """Store the answer of a request. Raises ConflictError where its id is taken."""
        self._idempotency.put(record)

    def serialize(self) -> None:
        """Let this transaction end only as if no other had run beside it; asked for before anything else.

        SQLite lets one write at a time. On PostgreSQL the server watches what is read (serializable snapshot isolation).
        """
        if self._driver.on_server:
            self._driver.connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE")

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Begin a part that is undone alone when its block raises."""
        kept = list(self._driver.reports)
        try:
            with self._driver.connection.begin_nested():
                yield
        except BaseException:
            # What was stated meanwhile is undone as well.
            self._driver.reports = kept
            self._driver.ahead = self._driver.looked_at = None
            self._driver.heads, self._driver.holders, self._driver.stems = {}, {}, []
            self._driver.fresh = set()
            raise

    def _add_statement(self, reports: list[Report]) -> None:
        add, statement_of = _stating(self._driver.on_server)
        self._driver.send("row_statement", (add, [statement_of(reports)]))
