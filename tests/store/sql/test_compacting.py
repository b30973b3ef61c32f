"""After it nothing of what was deleted is in the file or in its log; on a server nothing is done."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sample_rows import after, make_outgoing

from engine.app.ports.store import UnavailableError
from engine.store.sql import open_store
from engine.store.sql.file import compacting
from engine.store.sql.file.compacting import compact

VALUE = "某某的手机号一三八".encode()


def test_nothing_is_left_in_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "ssj.db"
    with closing(open_store(file, create=True, synchronous="NORMAL")) as store:
        with store.write() as transaction:
            transaction.outbox.put([make_outgoing("o-1", payload={"text": VALUE.decode()})])
            transaction.outbox.sent(["o-1"], after(hours=1))
        with store.write() as transaction:
            assert transaction.pruning.prune("messages", after(days=1), 10) == 1
        assert compact(store)
        assert not any(VALUE in path.read_bytes() for path in tmp_path.iterdir())
        monkeypatch.setattr(compacting, "_BUSY_TIMEOUT_SECONDS", 0)
        with store.write(), pytest.raises(UnavailableError):
            compact(store)


def test_a_server_is_left_to_its_administrator() -> None:
    engine = SimpleNamespace(dialect=SimpleNamespace(name="postgresql"))
    assert not compact(cast(Any, SimpleNamespace(engine=engine)))
