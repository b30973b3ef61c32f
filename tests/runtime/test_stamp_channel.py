"""Time stamps as a channel: asked for once, entered beside the head, and tried again where there was none."""

from __future__ import annotations

from pathlib import Path

import pytest
from heads_fixtures import HeadBureau
from time_stamp_authority import stamped

from engine.app.ports.audit.heads import TimeStampError
from engine.app.ports.records import OutboxItem
from engine.language import say
from engine.runtime.stamp_channel import StampChannel


class Authority:
    """A made-up authority that stamps by openssl, or does not answer."""

    def __init__(self, folder: Path, scratch: Path, *, silent: bool = False) -> None:
        self.folder, self.scratch, self.silent = folder, scratch, silent
        self.asked: list[bytes] = []

    def stamp(self, content: bytes) -> bytes:
        self.asked.append(content)
        if self.silent:
            raise TimeStampError(say("时间戳机构的答复不能用（HTTP {status}）", status=500))
        file = self.scratch / "asked.txt"
        file.write_bytes(content)
        return stamped(self.folder, file).read_bytes()


@pytest.fixture
def bureau() -> HeadBureau:
    found = HeadBureau()
    found.services.settings = {"heads": {"stamp": {"url": "x"}}}
    found.day("甲")
    return found


def orders(bureau: HeadBureau, kind: str) -> list[OutboxItem]:
    with bureau.store.read() as transaction:
        return [one for one in transaction.outbox.listed() if one.kind == kind]


def test_a_stamp_is_entered_once_and_published(bureau: HeadBureau, authority: Path, tmp_path: Path) -> None:
    asked = Authority(authority, tmp_path)
    channel = StampChannel(bureau.store, bureau.services.clock, asked)
    (item,) = orders(bureau, "stamp")
    assert [one.error for one in channel.send([item])] == [None]
    assert [one.error for one in channel.send([item])] == [None]
    assert len(asked.asked) == 1
    assert {one.id for one in orders(bureau, "site")} == {"head:1", "head:1:stamped"}
    files = bureau.files()
    assert files["1.checkpoint"] == asked.asked[0]
    assert files["1.tsr"] == bureau.history.stamps[1]
    assert bureau.findings() == []
    # The stranger's program says of what it is, and what it cannot check.
    from engine.app.audit.kit import verify_head

    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    wrong, said = verify_head.check_list(str(tmp_path / "heads.json"), [], None)
    assert wrong is None
    assert any("机构的签名没有核对" in one for one in said)
    (tmp_path / "1.tsr").write_bytes(files["1.tsr"][:-400])
    assert verify_head.check_list(str(tmp_path / "heads.json"), [], None)[0] is not None


def test_where_there_is_none_it_is_said(bureau: HeadBureau, authority: Path, tmp_path: Path) -> None:
    channel = StampChannel(bureau.store, bureau.services.clock, Authority(authority, tmp_path, silent=True))
    (item,) = orders(bureau, "stamp")
    (outcome,) = channel.send([item])
    assert "HTTP 500" in str(outcome.error)
    assert not outcome.final
    assert bureau.history.stamps == {}


def test_an_order_for_no_head(bureau: HeadBureau, authority: Path, tmp_path: Path) -> None:
    channel = StampChannel(bureau.store, bureau.services.clock, Authority(authority, tmp_path))
    item = OutboxItem(
        id="head:9:stamp",
        kind="stamp",
        channel="stamp",
        recipient=None,
        case=None,
        payload={"number": 9},
        created_at=bureau.services.clock.now(),
    )
    assert channel.send([item])[0].final
