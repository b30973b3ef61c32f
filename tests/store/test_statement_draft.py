"""A statement says in its rows what was reported, in order, each part with its digest."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

from engine.app.ports.audit.statements import statement_hash
from engine.lifecycle.chain import GENESIS, canonical, follow
from engine.store.reports import EVENTS, PARTIAL, REMOVED, ROWS
from engine.store.row_parts import PART
from engine.store.statement_draft import digest_of, statement_of

NOW = datetime(2027, 3, 1, tzinfo=UTC)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_statement_names_parts_keys_digests_and_events() -> None:
    first = follow("s", 3, NOW, "p", "k", {}, GENESIS)
    second = follow("s", 4, NOW, "p", "k", {}, first.hash)
    kind, events, rows, hashed = statement_of(
        [
            (ROWS, "setting", [("a", "1")]),
            (PARTIAL, "token.revoked", [("t", "2027")]),
            (REMOVED, "task", [("c",)]),
            (EVENTS, "", [first]),
            (EVENTS, "", [second]),
        ]
    )
    assert kind == "written"
    assert json.loads(events) == [["s", 3, 4, second.hash]]
    assert json.loads(rows) == [
        ["setting", ["a"], sha256('["setting","a","1"]')],
        ["token.revoked", ["t"], sha256('["token.revoked","t","2027"]')],
        ["task", ["c"], None],
    ]
    assert hashed == statement_hash(kind, events, rows) == sha256(f"written\n{events}\n{rows}")


def test_bytes_are_hashed_and_flags_are_flags() -> None:
    digest = digest_of(PART["definition_source"], ("d", b"text"))
    assert digest == sha256(canonical(["definition_source", "d", sha256("text")]))
    row = ("c", "state", "2027", 1, None)
    assert digest_of(PART["timer"], row) == sha256('["timer","c","state","2027",true]')
    stated = statement_of([(ROWS, "timer", [("c", "state", "2027", True, None)])])[2]
    assert json.loads(stated)[0] == ["timer", ["c", "state"], digest_of(PART["timer"], row)]
