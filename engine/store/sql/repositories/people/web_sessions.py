"""Sessions of the workbench and one-time links, in SQL."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from engine.app.ports.records import WebSession
from engine.app.ports.store import ConflictError
from engine.kernel.instants import to_text
from engine.store.people_codec import web_session_of, web_session_row
from engine.store.sql.building import bind, insert_new
from engine.store.sql.prepared import DriverConnection, PreparedStatement
from engine.store.sql.tables import web_session

GET_SESSION = PreparedStatement(select(web_session).where(web_session.c.id == bind(web_session, "id")), "id")
ADD_SESSION = insert_new(web_session)
END_SESSION = PreparedStatement(
    update(web_session)
    .where(web_session.c.id == bind(web_session, "id", "session_id"), web_session.c.ended_at.is_(None))
    .values(ended_at=bind(web_session, "ended_at")),
    "ended_at",
    "session_id",
)


class SqlWebSessions:
    """`engine.app.ports.repositories.WebSessions`."""

    __slots__ = ("_driver",)

    def __init__(self, driver: DriverConnection) -> None:
        self._driver = driver

    def get(self, session_id: str) -> WebSession | None:
        """Return a session by its id."""
        row = self._driver.first(GET_SESSION, (session_id,))
        return None if row is None else web_session_of(row)

    def add(self, session: WebSession) -> None:
        """Store a new session. Raises ConflictError where its id is taken."""
        row = web_session_row(session)
        if self._driver.run(ADD_SESSION, row).rowcount != 1:
            raise ConflictError(session.id)
        self._driver.wrote("web_session", [row])

    def end(self, session_id: str, at: datetime) -> bool:
        """End a session; tell whether this changed it."""
        moment = to_text(at)
        if self._driver.run(END_SESSION, (moment, session_id)).rowcount != 1:
            return False
        self._driver.changed("web_session.ended", [(session_id, moment)])
        return True

    def all(self, person: str | None = None) -> list[WebSession]:
        """Return the sessions and links (of one person), newest first."""
        query = select(web_session).order_by(web_session.c.made_at.desc(), web_session.c.id.desc())
        if person is not None:
            query = query.where(web_session.c.person == person)
        return [web_session_of(row) for row in self._driver.connection.execute(query)]
