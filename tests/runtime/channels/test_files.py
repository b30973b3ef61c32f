from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.app.delivery.deliver import Outcome
from engine.app.ports.records import OutboxItem
from engine.runtime.channels import Surroundings
from engine.runtime.channels.files import FilesChannel, file_name, make
from engine.runtime.channels.wording import as_line
from engine.runtime.settings import SettingsReader


def item(name: str, **payload: Any) -> OutboxItem:
    return OutboxItem(
        id=name,
        kind="message",
        channel="files",
        recipient="p",
        case=None,
        payload=payload,
        created_at=datetime(2027, 3, 1, tzinfo=UTC),
    )


def test_a_channel_is_made_of_its_settings(tmp_path: Path) -> None:
    around = Surroundings(tmp_path, lambda person: None, {})
    reader = SettingsReader({"path": "outgoing", "batch": 7}, "channels.files")
    assert make(reader, around) == FilesChannel(tmp_path / "outgoing", 7)
    assert reader.problems == []
    wrong = SettingsReader({"batch": 0}, "channels.files")
    make(wrong, around)
    assert [str(problem) for problem in wrong.problems] == [
        "channels.files.path：必须填写",
        "channels.files.batch：应为 1 至 10000 的整数，实为“0”",
    ]


def test_each_item_is_a_file_of_its_own_and_a_repeat_changes_nothing(tmp_path: Path) -> None:
    channel = FilesChannel(tmp_path / "a" / "outgoing", 50)
    items = [item("c-1:1:1", text="甲"), item("c-1:1:2", text="乙")]
    assert channel.send(items) == [Outcome("c-1:1:1"), Outcome("c-1:1:2")]
    assert sorted(file.name for file in channel.folder.iterdir()) == ["c-1%3A1%3A1.json", "c-1%3A1%3A2.json"]
    first = channel.folder / "c-1%3A1%3A1.json"
    assert first.read_bytes() == as_line(items[0])
    assert channel.send([item("c-1:1:1", text="另一条")]) == [Outcome("c-1:1:1")]
    assert json.loads(first.read_bytes())["payload"] == {"text": "甲"}


def test_a_folder_that_is_none_fails_the_item_for_now(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    (outcome,) = FilesChannel(tmp_path / "file", 50).send([item("a")])
    assert (outcome.item, outcome.final) == ("a", False)
    assert str(outcome.error).startswith(f"不能写入文件夹 {tmp_path / 'file'}：")


def test_a_write_that_breaks_off_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    channel = FilesChannel(tmp_path, 50)
    (outcome,) = channel.send([item("a")])
    assert "No space left on device" in str(outcome.error)
    assert list(tmp_path.iterdir()) == []
    monkeypatch.undo()
    assert channel.send([item("a")]) == [Outcome("a")]


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=120))
def test_a_name_is_one_part_of_a_path_and_fits_every_file_system(name: str) -> None:
    found = file_name(name)
    assert found == file_name(name)
    assert PurePath(found).name == found
    assert found.isascii()
    assert len(found) <= 205
    assert not set(found) & set('/\\:*?"<>|')
    assert found not in {".", ".."}


def test_long_ids_become_digests_and_different_ids_different_names() -> None:
    assert file_name("inspection-1_a") == "inspection-1_a.json"
    assert [file_name(one) for one in ("../a b", ".", "..")] == [
        "%2E.%2Fa%20b.json",
        "%2E.json",
        "%2E..json",
    ]
    long = "甲" * 80
    assert file_name(long) == f"{hashlib.sha256(long.encode()).hexdigest()}.json"
    assert file_name("x" * 200) == f"{'x' * 200}.json"
    assert len({file_name(one) for one in ("a:b", "a-b", "a_b", "a%3Ab")}) == 4
