"""``ssj incident``: what went wrong, as the person in charge meets it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from command_fixtures import called, done, ssj

from engine.app.ports.records import OutboxItem, Timer
from engine.cli.cases.incident import group
from engine.deployment.clocks import SystemClock
from engine.deployment.home import find_home
from engine.deployment.open import open_deployment_store


@pytest.fixture
def broken(home: Path) -> Path:
    """Return a deployment with a timer set aside and a message that was refused."""
    now = SystemClock().now()
    store = open_deployment_store(find_home(str(home)))
    stray = Timer("batch-9", "old", now - timedelta(hours=3))
    letter = OutboxItem(
        id="batch-9:2:1",
        kind="message",
        channel="mail",
        recipient="leading",
        case="batch-9",
        payload={"text": "提醒"},
        created_at=now,
    )
    with store.write() as transaction:
        transaction.timers.put([stray])
        transaction.timers.set_aside(stray, "KeyError: 'x'")
        transaction.outbox.put([letter])
        transaction.outbox.failed(letter.id, "550 no such user", None)
    store.close()
    return home


def test_nothing_went_wrong(home: Path) -> None:
    said = done("incident", "list", home=home)
    assert (said.out, said.err) == ("", "没有异常。\n")
    assert done("incident", "list", "--json", home=home).json() == []


def test_list_show_retry_dismiss(broken: Path) -> None:
    lines = done("incident", "list", home=broken).out.splitlines()
    assert lines == ["batch-9/old\t1\tKeyError: 'x'", "batch-9:2:1\t1\t550 no such user"]
    shown = done("incident", "show", "batch-9:2:1", home=broken).out
    assert "给“leading”的消息没有经渠道“mail”送达" in shown
    assert "已失败 1 次" in shown
    assert "怎么办：" in shown
    assert done("incident", "show", "batch-9/old", "--json", home=broken).json()["kind"] == "timer"
    assert "1 项" in done("incident", "retry", "batch-9:2:1", "--as", "leading", home=broken).err
    done("incident", "dismiss", "batch-9/old", "--reason", "试运行遗留", "--as", "leading", home=broken)
    assert done("incident", "list", "--json", home=broken).json() == []
    assert done("audit", "verify", home=broken).code == 0


def test_what_is_refused(broken: Path) -> None:
    assert ssj("incident", "show", "nothing", home=broken).code == 1
    assert ssj("incident", "retry", "--as", "leading", home=broken).code == 2
    assert ssj("incident", "retry", "x", "--all", "--as", "leading", home=broken).code == 2
    assert ssj("incident", "dismiss", "batch-9/old", "--as", "leading", home=broken).code == 2
    said = ssj("incident", "retry", "--all", "--as", "nobody-here", home=broken)
    assert said.code == 1
    assert "没有“nobody-here”这个人" in said.err
    assert len(done("incident", "list", "--json", home=broken).json()) == 2


def test_the_commands_themselves(broken: Path) -> None:
    listed = called(group, "list", "--json", home=broken).json()
    assert [one["id"] for one in listed] == ["batch-9/old", "batch-9:2:1"]
    assert called(group, "show", "batch-9/old", "--json", home=broken).json() == listed[0]
    assert called(group, "show", "nothing", home=broken).code == 1
    assert called(group, "retry", "--as", "leading", home=broken).code == 2
    tried = called(group, "retry", "--all", "--as", "leading", home=broken)
    assert (tried.code, tried.err) == (0, "2 项将在守护进程的下一轮重试\n")
    assert called(group, "dismiss", "batch-9:2:1", "--reason", "x", "--as", "insp-01", home=broken).code == 1
    assert called(group, "list", "--json", home=broken).json() == []


def test_incidents_of_other_sections_are_counted_and_not_named(home: Path) -> None:
    done("case", "start", "batch", "--title", "示例期", "--as", "leading", home=home)
    store = open_deployment_store(find_home(str(home)))
    with store.write() as transaction:
        stray = Timer("batch-1", "old", SystemClock().now() - timedelta(hours=3))
        transaction.timers.put([stray])
        transaction.timers.set_aside(stray, "KeyError: 'x'")
    store.close()
    said = done("incident", "list", "--as", "clerk-market", home=home)
    assert said.out == ""
    assert said.err == "没有可以查看的异常。\n另有 1 项异常属于其他股室，没有列出。\n"
    shown = ssj("incident", "show", "batch-1/old", "--as", "clerk-market", home=home)
    assert (shown.code, shown.err) == (
        1,
        "没有异常“batch-1/old”；也可能已有人处理，或属于其他股室；用 ssj incident list 查看\n",
    )
    assert "batch-1/old" in done("incident", "list", home=home).out
    assert "1 项" in done("incident", "retry", "--all", "--as", "leading", home=home).err
    assert done("incident", "list", home=home).out == ""
