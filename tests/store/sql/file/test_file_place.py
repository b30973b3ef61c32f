"""Whether SQLite can be trusted with a file and the disk below it."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.store.problem import StoreUnavailableError
from engine.store.sql.file.file_place import check_sqlite, file_system


def test_the_file_system_of_a_path(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"a / ext4 rw\nb {tmp_path} nfs4 rw\nshort\n", encoding="utf-8")
    assert file_system(tmp_path / "ssj.db", mounts) == "nfs4"
    assert file_system(Path("/ssj.db"), mounts) == "ext4"
    assert file_system(tmp_path / "ssj.db", tmp_path / "none") is None
    with pytest.raises(StoreUnavailableError, match="网络盘"):
        check_sqlite(tmp_path / "ssj.db", create=True, mounts=mounts)
