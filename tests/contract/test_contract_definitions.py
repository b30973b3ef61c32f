from __future__ import annotations

from typing import Any

import pytest
from sample_rows import HARD, NOW, after

from engine.app.ports.records import Version
from engine.app.ports.store import ConflictError, Store


def make_version(workflow: str = "inspection", number: int = 1, **more: Any) -> Version:
    values = {
        "digest": "a" * 64,
        "parts": {"inspection.yaml": "b" * 64, "forms/现场检查.yaml": "c" * 64},
        "published_at": NOW,
        "published_by": "p-1",
        "note": None,
    }
    return Version(workflow=workflow, number=number, **{**values, **more})


def test_texts_are_kept_by_their_digest(store: Store) -> None:
    with store.write() as transaction:
        transaction.definitions.put_texts({"a": b"\x00\xff", "b": HARD.encode()})
        transaction.definitions.put_texts({"a": b"never replaced", "c": b""})
        transaction.definitions.put_texts({})
    with store.read() as transaction:
        assert transaction.definitions.text("a") == b"\x00\xff"
        assert transaction.definitions.text("b") == HARD.encode()
        assert transaction.definitions.text("c") == b""
        assert transaction.definitions.text("d") is None


def test_versions(store: Store) -> None:
    rows = [make_version(number=n, note=HARD) for n in (1, 2, 10)]
    with store.write() as transaction:
        for row in reversed(rows):
            transaction.definitions.add_version(row)
        transaction.definitions.add_version(make_version("batch"))
    with store.read() as transaction:
        assert transaction.definitions.version("inspection") == rows[2]
        assert transaction.definitions.version("inspection", 2) == rows[1]
        assert transaction.definitions.version("inspection", 3) is None
        assert transaction.definitions.version("unknown") is None
        assert transaction.definitions.versions("inspection") == rows
        assert transaction.definitions.versions() == [make_version("batch"), *rows]


def test_a_version_never_changes(store: Store) -> None:
    with store.write() as transaction:
        transaction.definitions.add_version(make_version())
    with pytest.raises(ConflictError), store.write() as transaction:
        transaction.definitions.add_version(make_version(digest="d" * 64, published_at=after(days=1)))
    with store.read() as transaction:
        assert transaction.definitions.version("inspection") == make_version()


def test_settings(store: Store) -> None:
    value = {"年": [2027, None, True, {"深": HARD}]}
    with store.write() as transaction:
        transaction.settings.put("calendar:2027", value)
        transaction.settings.put("calendar:2026", 0)
        transaction.settings.put("cursor", "x")
        transaction.settings.put("cursor", None)
    with store.read() as transaction:
        assert transaction.settings.get("calendar:2027") == value
        assert transaction.settings.get("calendar:2026") == 0
        assert transaction.settings.get("cursor") is None
        assert transaction.settings.get("unknown") is None
        assert transaction.settings.names("calendar:") == ["calendar:2026", "calendar:2027"]
        assert transaction.settings.names("") == ["calendar:2026", "calendar:2027", "cursor"]
        assert transaction.settings.names("c%") == []
        # What is read is the reader's own.
        transaction.settings.get("calendar:2027")["年"].append(1)
        assert transaction.settings.get("calendar:2027") == value


def test_a_setting_that_was_dropped_is_unknown(store: Store) -> None:
    with store.write() as transaction:
        transaction.settings.put("daemon/one", 1)
        transaction.settings.put("daemon/two", 2)
        transaction.settings.drop("daemon/one")
        transaction.settings.drop("unknown")
    with store.read() as transaction:
        assert transaction.settings.get("daemon/one") is None
        assert transaction.settings.names("daemon/") == ["daemon/two"]
