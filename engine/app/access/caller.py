"""Who asks for a command, and how."""

from __future__ import annotations

from engine.value import value


@value
class Caller:
    """The person who acts. `person` has been authenticated by the face where the deployment asks for that."""

    person: str
    #: Sent twice with one id, a command acts once and answers the same.
    request_id: str | None = None
    #: Judge and answer, keep nothing.
    dry_run: bool = False
