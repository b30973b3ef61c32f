"""Channels made from settings; the log file and the file drop."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import threading
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from outbox_store import item

from engine.runtime.channels import channel_paces, check_channels, open_channels
from engine.runtime.channels.files import FilesChannel, file_name
from engine.runtime.channels.log import LogChannel
from engine.runtime.settings import SettingsError


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n")[:-1]]


def log(path: Path, **more) -> LogChannel:
    return LogChannel(**{"path": path, "most_bytes": 10_000, "keep": 2, "batch": 100, **more})


def test_every_channel_can_be_made_from_settings(tmp_path: Path):
    channels = open_channels(
        {
            "log": {},
            "mail": {"host": "mail.example.cn", "from": "ssj@example.cn", "starttls": True},
            "webhook": {"url": "https://example.cn/hook", "style": "wecom"},
            "second": {"kind": "webhook", "url_env": "HOOK"},
            "files": {"path": "out"},
        },
        tmp_path,
        environ={"HOOK": "http://example.cn/x"},
    )
    assert list(channels) == ["log", "mail", "webhook", "second", "files"]
    assert all(channel.batch > 0 for channel in channels.values())
    log: Any = channels["log"]
    assert log.path == tmp_path / "logs" / "messages.jsonl"
    assert not list(tmp_path.iterdir())


def test_what_is_not_used_is_not_imported():
    code = (
        "import sys, pathlib; from engine.runtime.channels import open_channels;"
        "open_channels({'log': {}}, pathlib.Path('.'));"
        "print([m for m in ('smtplib', 'urllib.request', 'apscheduler') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path):
    wrong = {
        "logg": {},
        "fax": {},
        "log": {"paht": "x", "keep": 0, "batch": True},
        "mail": {
            "port": "25",
            "from": "nobody",
            "tls": True,
            "starttls": True,
            "user": "u",
            "ca_file": "no.pem",
        },
        "webhook": {"url": "ftp://example.cn", "style": "wechat"},
        "files": "out",
    }
    with pytest.raises(SettingsError) as refused:
        open_channels(wrong, tmp_path, environ={})
    told = "\n".join(str(problem) for problem in refused.value.problems)
    for part in (
        "“logg”，是否想写“log”",
        "“fax”；可用",
        "channels.log.paht",
        "是否想写“path”",
        "channels.log.keep",
        "channels.log.batch",
        "channels.mail.host：必须填写",
        "channels.mail.port",
        "channels.mail.from：“nobody”",
        "channels.mail.tls",
        "channels.mail.ca_file",
        "channels.mail.user：缺口令",
        "channels.webhook.url",
        "channels.webhook.style",
        "channels.files：应为",
    ):
        assert part in told
    assert "channels.log.keep" in str(refused.value.message)
    assert [str(p) for p in check_channels(wrong, tmp_path, environ={})] == [
        str(p) for p in refused.value.problems
    ]


@pytest.mark.parametrize(
    ("mail", "word"),
    [
        ({"user": "u", "password_env": "NOT_SET", "starttls": True}, "NOT_SET"),
        ({"user": "u", "password_file": "none.txt", "starttls": True}, "password_file"),
        ({"user": "u", "password_env": "WORD"}, "明文"),
        ({"password_env": "WORD"}, "user"),
        ({"password": "in the settings"}, "password"),
    ],
)
def test_passwords_stay_out_of_settings_and_off_the_open_line(tmp_path: Path, mail, word):
    problems = check_channels(
        {"mail": {"host": "mail.example.cn", "from": "a@b.cn", **mail}}, tmp_path, environ={"WORD": "x"}
    )
    assert len(problems) == 1
    assert word in str(problems[0])
    assert "in the settings" not in str(problems[0])


@pytest.mark.parametrize(
    ("settings", "whole"), [({"user": "u", "password_env": "WORD", "plain_login": True}, "x"), ({}, "")]
)
def test_what_is_right_has_no_problems(tmp_path: Path, settings, whole):
    made = open_channels(
        {"mail": {"host": "mail.example.cn", "from": "a@b.cn", **settings}}, tmp_path, environ={"WORD": "x"}
    )
    mail: Any = made["mail"]
    assert mail.password == whole


@pytest.mark.parametrize("settings", [[], "log", 3])
def test_settings_that_are_no_mapping(tmp_path: Path, settings):
    assert len(check_channels(settings, tmp_path)) == 1


def test_the_log_has_one_line_for_each_item_and_grows(tmp_path: Path):
    channel = log(tmp_path / "deep" / "messages.jsonl")
    assert all(o.error is None for o in channel.send([item(1), item(2)]))
    channel.send([item(3, recipient=None, payload={"text": "一\n二\u2028\ud800"})])
    found = lines(channel.path)
    assert [one["id"] for one in found] == [f"inspection-{n}:1:1" for n in (1, 2, 3)]
    assert found[0]["payload"]["text"] == "请于今日办结第 1 件"
    assert found[0]["created_at"] == "2027-03-01T01:01:00+00:00"
    assert found[2]["recipient"] is None
    if os.name == "posix":
        assert stat.S_IMODE(channel.path.stat().st_mode) == 0o600


def test_a_line_a_crash_broke_off_is_replaced(tmp_path: Path):
    channel = log(tmp_path / "m.jsonl", most_bytes=1_000_000)
    channel.send([item(1)])
    with channel.path.open("ab") as file:
        file.write(b'{"id": "inspection-2' + b"x" * 100_000)
    channel.send([item(2)])
    assert [one["id"] for one in lines(channel.path)] == ["inspection-1:1:1", "inspection-2:1:1"]


def test_a_file_of_nothing_but_a_broken_line(tmp_path: Path):
    channel = log(tmp_path / "m.jsonl")
    channel.path.write_bytes(b"y" * 70_000)
    channel.send([item(1)])
    assert [one["id"] for one in lines(channel.path)] == ["inspection-1:1:1"]
    assert not (tmp_path / "m.jsonl.1").exists()


def test_the_log_is_put_aside_by_size_and_the_oldest_dropped(tmp_path: Path):
    channel = log(tmp_path / "m.jsonl", most_bytes=1_000, keep=2)
    for n in range(40):
        channel.send([item(n)])
    names = sorted(p.name for p in tmp_path.iterdir() if not p.name.endswith(".lock"))
    assert names == ["m.jsonl", "m.jsonl.1", "m.jsonl.2"]
    numbers = [
        int(one["id"].split(":")[0].split("-")[1])
        for name in ("m.jsonl.2", "m.jsonl.1", "m.jsonl")
        for one in lines(tmp_path / name)
    ]
    assert numbers == list(range(numbers[0], 40))
    assert all((tmp_path / name).stat().st_size <= 1_000 for name in names)


def test_a_batch_larger_than_the_limit_is_written_all_the_same(tmp_path: Path):
    channel = log(tmp_path / "m.jsonl", most_bytes=1_000)
    channel.send([item(n) for n in range(20)])
    assert len(lines(channel.path)) == 20


def test_a_log_that_cannot_be_written_fails_its_items_for_now(tmp_path: Path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    outcomes = log(tmp_path / "file" / "m.jsonl").send([item(1), item(2)])
    assert len(outcomes) == 2
    assert all(o.error is not None and not o.final for o in outcomes)


def test_a_full_disk_leaves_no_half_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    channel = log(tmp_path / "m.jsonl")
    channel.send([item(1)])
    write = os.write

    def full(fd: int, data: bytes) -> int:
        if len(data) < 100:
            raise OSError(28, "No space left on device")
        return write(fd, data[:100])

    monkeypatch.setattr(os, "write", full)
    (outcome,) = channel.send([item(2)])
    monkeypatch.undo()
    assert "No space left" in str(outcome.error)
    assert [one["id"] for one in lines(channel.path)] == ["inspection-1:1:1"]


def test_many_writers_at_once_lose_no_line(tmp_path: Path):
    path = tmp_path / "m.jsonl"

    def write(start: int) -> None:
        channel = log(path, most_bytes=2_000, keep=1000)
        for n in range(start, start + 20):
            channel.send([item(n)])

    threads = [threading.Thread(target=write, args=(100 * n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = [one["id"] for p in tmp_path.glob("m.jsonl*") if p.suffix != ".lock" for one in lines(p)]
    assert len(found) == len(set(found)) == 80


def test_the_file_drop_writes_each_item_once(tmp_path: Path):
    channel = FilesChannel(folder=tmp_path / "out", batch=10)
    assert all(o.error is None for o in channel.send([item(1), item(2)]))
    (first, second) = sorted(channel.folder.iterdir())
    assert json.loads(first.read_bytes())["id"] == "inspection-1:1:1"
    before = first.stat().st_mtime_ns
    assert channel.send([item(1)])[0].error is None
    assert first.stat().st_mtime_ns == before
    assert second.name == file_name("inspection-2:1:1")


@pytest.mark.parametrize(
    "odd", ["../../etc/passwd", "a/b", "C:\\x", "案件-1:2", "x" * 900, ".", "..", "con/aux"]
)
def test_no_id_leaves_the_folder(tmp_path: Path, odd):
    channel = FilesChannel(folder=tmp_path / "out", batch=10)
    assert channel.send([item(1, id=odd)])[0].error is None
    (found,) = (tmp_path / "out").iterdir()
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    assert len(found.name) < 255
    assert json.loads(found.read_bytes())["id"] == odd


def test_a_folder_that_cannot_be_written_fails_the_item_for_now(tmp_path: Path):
    (tmp_path / "out").write_text("", encoding="utf-8")
    (outcome,) = FilesChannel(folder=tmp_path / "out", batch=1).send([item(1)])
    assert outcome.error is not None
    assert not outcome.final


def test_hours_of_a_channel_are_read_and_wrong_ones_are_told_all_at_once(tmp_path: Path):
    good = {
        "log": {},
        "webhook": {
            "url": "https://example.cn/x",
            "digest": "09:30",
            "quiet": "18:00-08:30",
            "office_days": True,
        },
        "inbox": {},
    }
    paces = channel_paces(good)
    assert paces["log"].plain
    assert (paces["webhook"].digest, paces["webhook"].gather_above) == (time(9, 30), 5)
    assert paces["webhook"].quiet == (time(18), time(8, 30))
    assert "inbox" not in open_channels(good, tmp_path)
    wrong = {
        "log": {"quiet": "18:00", "digest": "25:00", "gather_above": -1, "office_day": True},
        "files": {"path": "x", "quiet": "08:00-08:00"},
        "box": {"kind": "inbox"},
    }
    problems = [str(problem) for problem in check_channels(wrong, tmp_path)]
    assert len(problems) == 6
    assert any("office_days" in problem for problem in problems)
    assert any("inbox" in problem for problem in problems)


@pytest.mark.parametrize(
    "address", ["a@b..cn", "a@.cn", "@", "a@", "a b@c.cn", "a@b@c.cn", "<a@b.cn", '"a@b.cn', "\\"]
)
def test_addresses_that_break_the_parser_of_the_library_are_told(address: str, tmp_path: Path):
    from engine.runtime.channels.smtp import _address

    assert _address(address) is None
