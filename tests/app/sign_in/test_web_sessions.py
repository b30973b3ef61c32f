"""Sessions as they are kept: only the digest of a secret, good until they end, of people and of the page for firms."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from engine.app.sign_in.passwords import limits
from engine.app.sign_in.web_sessions import (
    FIRM,
    SESSION,
    case_of_visitor,
    end,
    find,
    firm_visitor,
    open_firm_session,
)
from engine.store.memory import MemoryStore

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def test_a_page_for_firms_is_on_one_case_until_its_hours_are_over() -> None:
    store = MemoryStore()
    digest = hashlib.sha256(b"code").hexdigest()
    with store.write() as transaction:
        secret, session = open_firm_session(
            transaction, NOW, "visit-1", digest, lambda length: bytes(range(length))
        )
        assert (session.person, session.kind, session.credential) == (firm_visitor("visit-1"), FIRM, digest)
        assert case_of_visitor(session) == "visit-1"
        assert secret not in session.sha256
        over = NOW + timedelta(hours=limits()["firm_hours"])
        assert find(transaction, FIRM, secret, over - timedelta(seconds=1)) == session
        assert find(transaction, FIRM, secret, over) is None
        assert find(transaction, SESSION, secret, NOW) is None
        assert find(transaction, FIRM, secret[:-1], NOW) is None
        assert end(transaction, NOW, session, "firm")
        assert find(transaction, FIRM, secret, NOW) is None
        assert not end(transaction, NOW, session, "firm")
