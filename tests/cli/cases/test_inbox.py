"""``ssj inbox``: what a person was told, and that they have read it."""

from __future__ import annotations

from pathlib import Path

from command_fixtures import called, done, ssj

from engine.app.ports.records import InboxEntry
from engine.cli.cases.inbox import group
from engine.deployment.clocks import SystemClock
from engine.deployment.home import find_home
from engine.deployment.open import open_deployment_store


def fill(home: Path) -> None:
    store = open_deployment_store(find_home(str(home)))
    with store.write() as transaction:
        transaction.inbox.put(
            [
                InboxEntry(
                    id=f"batch-1:{n}:1",
                    recipient="leading",
                    case="batch-1",
                    about="reminded",
                    title="示例期",
                    text=f"提醒第 {n} 条",
                    urgent=n == 2,
                    created_at=SystemClock().now(),
                )
                for n in (1, 2, 3)
            ]
        )
    store.close()


def test_reading_and_acknowledging(home: Path) -> None:
    fill(home)
    lines = done("inbox", "list", "--as", "leading", home=home).out.splitlines()
    assert len(lines) == 3
    assert any("【紧急】提醒第 2 条" in line for line in lines)
    assert "已确认 1 条" in done("inbox", "ack", "batch-1:2:1", "--as", "leading", home=home).err
    left = done("inbox", "list", "--as", "leading", "--json", home=home).json()
    assert {one["id"] for one in left} == {"batch-1:1:1", "batch-1:3:1"}
    assert "已确认 2 条" in done("inbox", "ack", "--all", "--as", "leading", home=home).err
    assert "没有未读消息" in done("inbox", "list", "--as", "leading", home=home).err
    every = done("inbox", "list", "--all", "--as", "leading", "--json", home=home).json()
    assert len(every) == 3
    assert all(one["acked_at"] for one in every)
    done("audit", "verify", home=home)


def test_what_is_refused(home: Path) -> None:
    fill(home)
    assert ssj("inbox", "list", "--as", "nobody-here", home=home).code == 1
    assert ssj("inbox", "ack", "--as", "leading", home=home).code == 2
    said = ssj("inbox", "ack", "batch-1:1:1", "--as", "drawer", home=home)
    assert said.code == 1
    assert "“drawer”的收件箱里没有消息“batch-1:1:1”" in said.err
    assert len(done("inbox", "list", "--as", "leading", "--json", home=home).json()) == 3


def test_a_deployment_without_an_inbox_says_how_to_have_one(home: Path) -> None:
    settings = home / "settings.yaml"
    settings.write_text(settings.read_text("utf-8").replace("  inbox: {}", "  # inbox"), encoding="utf-8")
    assert "inbox: {}" in done("inbox", "list", "--as", "leading", home=home).err


def test_the_commands_themselves(home: Path) -> None:
    fill(home)
    listed = called(group, "list", "--as", "leading", "--json", home=home).json()
    assert {(one["id"], one["urgent"], one["acked_at"]) for one in listed} == {
        (f"batch-1:{n}:1", n == 2, None) for n in (1, 2, 3)
    }
    assert called(group, "ack", "--as", "leading", home=home).code == 2
    some = called(group, "ack", "batch-1:1:1", "strange", "--as", "leading", home=home)
    assert (some.code, "已确认 1 条" in some.err, "strange" in some.err) == (1, True, True)
    left = called(group, "list", "--as", "leading", "--format", "csv", home=home).out.splitlines()
    assert len(left) == 3
    every = called(group, "list", "--all", "--as", "leading", "--json", home=home).json()
    assert [one["id"] for one in every if one["acked_at"]] == ["batch-1:1:1"]
