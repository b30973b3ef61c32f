"""A record of a reading as plain values, and the kinds that can be removed, each a table that is stated."""

from __future__ import annotations

from sample_rows import make_reading

from engine.app.ports.audit.readings import KINDS
from engine.store.row_parts import TABLES


def test_plain_values() -> None:
    assert make_reading().as_json() == {
        "at": "2027-03-01T01:02:03.456789Z",
        "person": "p-1",
        "verb": "register.read",
        "about": "inspectors",
        "credential": "password",
        "columns": ["cert_no", "phone"],
        "rows": 3,
    }


def test_histories_are_no_kind() -> None:
    assert set(KINDS.values()) <= set(TABLES)
    assert not {"case", "register_entry", "document", "publication", "paper"} & set(KINDS.values())
