"""Uses the verb of `invented_verb` in every way a verb is used; `test_table` runs it on a copy of the product."""

from __future__ import annotations

import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import engine
from engine.authoring.schema import json_schema
from engine.cli.main import main
from engine.lifecycle.verbs.operations import operations

FLOW = """\
workflow: notice
title: 通知
about: none
initial: drafting
start: {by: leading_office}
states:
  drafting:
    title: 草拟
    for: leading_office
    verbs:
      标记: {谁可办: leading_office, 最多星数: 3, basis: 某办法 第一条}
  closed: {title: 办结, final: true}
transitions:
  - {do: submit, title: 提交, from: drafting, to: closed}
"""


def ssj(home: Path, *words: str) -> tuple[int, str]:
    """Run a command; return its exit code and both streams."""
    said = StringIO()
    try:
        with redirect_stdout(said), redirect_stderr(said):
            main(["--home", str(home), *words])
    except SystemExit as ended:
        return int(ended.code or 0), said.getvalue()
    raise AssertionError(words)


def check(got: tuple[int, str], code: int, *texts: str) -> None:
    assert got[0] == code, got
    assert all(text in got[1] for text in texts), got[1]


def use(home: Path) -> None:
    """Check a definition with the verb, read it aloud, and mark a task by hand and through the application."""
    by = ("--as", "leading")
    check(ssj(home, "init", str(home), "--sample"), 0)
    flow = home / "workflows" / "notice.yaml"
    flow.write_text(FLOW.replace("最多星数: 3", "最多星数: 三"), encoding="utf-8")
    check(ssj(home, "workflow", "check", str(flow)), 1, "此处应是整数")
    flow.write_text(FLOW, encoding="utf-8")
    check(ssj(home, "workflow", "publish", *by), 0)
    check(ssj(home, "workflow", "show", "notice"), 0, "标记（最多 3 颗星、依据：某办法 第一条）")
    check(ssj(home, "case", "start", "notice", "--title", "甲件", *by), 0)
    check(ssj(home, "task", "--help"), 0, "mark", "标记案件。")
    check(ssj(home, "task", "mark", "notice-1", "4", *by), 1, "最多 3 颗星", "某办法 第一条")
    check(ssj(home, "task", "mark", "notice-1", "2", "--reason", "紧要", *by), 0, "notice-1\tdrafting")
    check(ssj(home, "task", "mark", "1", "--where", "state=drafting", *by), 0, "notice-1\t已办")
    check(ssj(home, "task", "show", "notice-1", *by), 0, "还可以：标记")
    through_the_application(home)
    check(ssj(home, "case", "history", "notice-1", *by), 0, "标记")


def through_the_application(home: Path) -> None:
    from engine.app.history.requests import CommandResult
    from engine.deployment.home import find_home
    from engine.deployment.open import open_application

    answer = open_application(find_home(str(home))).do("mark", "notice-1", "leading", stars=3)
    assert isinstance(answer, CommandResult), answer
    assert "mark" in json_schema()["definitions"]
    assert any(operation.name == "mark" for operation in operations())


use(Path(sys.argv[1]))
print(Path(engine.__file__).parent)
