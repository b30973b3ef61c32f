from __future__ import annotations

from pathlib import Path

import pytest

from engine.store.problem import StoreUnavailableError
from engine.store.sql.database_url import address


def test_a_path_is_a_file_of_sqlite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for named in ("data/ssj.db", "sqlite:///data/ssj.db"):
        url = address(named)
        assert (url.get_backend_name(), url.database) == ("sqlite", str(tmp_path / "data/ssj.db"))


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_a_server_is_asked_with_psycopg(scheme: str) -> None:
    assert address(f"{scheme}://office@example/db").drivername == "postgresql+psycopg"


@pytest.mark.parametrize("named", ["mysql://a:secret@b/c", "sqlite://", "sqlite:///:memory:", "://"])
def test_others_are_refused_without_their_password(named: str) -> None:
    with pytest.raises(StoreUnavailableError, match="不认识数据库地址") as refused:
        address(named)
    assert "secret" not in str(refused.value)
