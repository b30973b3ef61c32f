from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.app.delivery.deliver import Outcome
from engine.app.ports.records import OutboxItem
from engine.runtime.channels import Surroundings
from engine.runtime.channels.log import LogChannel, make
from engine.runtime.channels.wording import as_line
from engine.runtime.settings import SettingsReader


def item(number: int, text: str = "甲") -> OutboxItem:
    return OutboxItem(
        id=f"m{number}",
        kind="message",
        channel="log",
        recipient="p",
        case=None,
        payload={"text": text},
        created_at=datetime(2027, 3, 1, tzinfo=UTC),
    )


def log(path: Path, **more: Any) -> LogChannel:
    return LogChannel(**{"path": path, "most_bytes": 1_000_000, "keep": 2, "batch": 200, **more})


def ids(path: Path) -> list[str]:
    return [json.loads(line)["id"] for line in path.read_bytes().splitlines()]


def test_a_channel_is_made_of_its_settings(tmp_path: Path) -> None:
    around = Surroundings(tmp_path, lambda person: None, {})
    values = {"path": "logs/m.jsonl", "most_bytes": 1_000, "keep": 3, "batch": 9}
    reader = SettingsReader(values, "channels.log")
    assert make(reader, around) == LogChannel(tmp_path / "logs" / "m.jsonl", 1_000, 3, 9)
    assert reader.problems == []
    wrong = SettingsReader({"most_bytes": 999, "keep": 0, "batch": True}, "channels.log")
    make(wrong, around)
    assert [str(problem).split("：")[0] for problem in wrong.problems] == [
        "channels.log.path",
        "channels.log.most_bytes",
        "channels.log.keep",
        "channels.log.batch",
    ]


def test_items_are_appended_and_only_the_owner_reads_them(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "m.jsonl"
    assert log(path).send([item(1), item(2)]) == [Outcome("m1"), Outcome("m2")]
    assert log(path).send([item(3)]) == [Outcome("m3")]
    assert path.read_bytes() == b"".join(as_line(item(number)) for number in (1, 2, 3))
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(whole=st.integers(0, 3), broken=st.binary(max_size=9).filter(lambda data: b"\n" not in data))
def test_what_a_crash_broke_off_is_taken_away(whole: int, broken: bytes, tmp_path: Path) -> None:
    path = tmp_path / "m.jsonl"
    before = b"".join(as_line(item(number)) for number in range(whole))
    path.write_bytes(before + broken)
    log(path).send([item(9)])
    assert path.read_bytes() == before + as_line(item(9))


def test_a_broken_line_longer_than_what_is_read_at_once(tmp_path: Path) -> None:
    path = tmp_path / "m.jsonl"
    path.write_bytes(as_line(item(1)) + b"x" * 150_000)
    log(path).send([item(2)])
    assert ids(path) == ["m1", "m2"]


def test_files_are_put_aside_and_the_oldest_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "m.jsonl"
    size = len(as_line(item(1)))
    channel = log(path, most_bytes=2 * size)
    for number in range(1, 8):
        channel.send([item(number)])
    assert ids(path) == ["m7"]
    assert ids(tmp_path / "m.jsonl.1") == ["m5", "m6"]
    assert ids(tmp_path / "m.jsonl.2") == ["m3", "m4"]
    assert not (tmp_path / "m.jsonl.3").exists()


def test_one_batch_may_be_larger_than_a_file(tmp_path: Path) -> None:
    path = tmp_path / "m.jsonl"
    log(path, most_bytes=10).send([item(1), item(2)])
    assert ids(path) == ["m1", "m2"]
    assert not (tmp_path / "m.jsonl.1").exists()
    log(path, most_bytes=10, keep=1).send([item(3)])
    assert (ids(path), ids(tmp_path / "m.jsonl.1")) == (["m3"], ["m1", "m2"])


def test_a_disk_that_is_full_leaves_all_items_for_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "m.jsonl"
    log(path).send([item(1)])

    def full(_fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    outcomes = log(path).send([item(2), item(3)])
    assert [(outcome.item, outcome.final) for outcome in outcomes] == [("m2", False), ("m3", False)]
    assert str(outcomes[0].error).startswith(f"不能写入日志文件 {path}：")
    assert ids(path) == ["m1"]


def test_a_place_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    (outcome,) = log(tmp_path / "file" / "m.jsonl").send([item(1)])
    assert outcome.error is not None
    assert not outcome.final
