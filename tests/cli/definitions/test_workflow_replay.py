"""``ssj workflow replay`` as somebody at a terminal meets it."""

from __future__ import annotations

from pathlib import Path

from command_fixtures import called, done

from engine.cli.cases.case import group as case_group
from engine.cli.definitions.workflow import group
from engine.cli.definitions.workflow_replay import replay

AS = ("--as", "leading")
YEARS = ("--from", "2000-01-01", "--until", "2099-12-31")
ERRAND = """workflow: errand
title: 差事
about: none
initial: open
start: {by: leading_office}
states:
  open: {title: 待办, for: leading_office, deadline: 20 working days}
  closed: {title: 办结, final: true}
transitions:
  - {do: finish, title: 完成, from: open, to: closed}
"""


def test_what_would_have_been_otherwise_is_said_case_by_case(bare: Path, tmp_path: Path) -> None:
    assert replay in group.commands.values()
    people = tmp_path / "people.csv"
    people.write_text(
        "id,name,section,roles,status\nleading,示例,labour_inspection,leading_office,active\n",
        encoding="utf-8",
    )
    done("register", "import", "people", people, "--as", "system", home=bare)
    file = bare / "workflows" / "errand.yaml"
    file.write_text(ERRAND, encoding="utf-8")
    assert called(group, "publish", "errand", *AS, home=bare).code == 0
    for title in ("一", "二"):
        assert called(case_group, "start", "errand", "--title", title, *AS, home=bare).code == 0
    same = called(group, "replay", "errand", *YEARS, *AS, home=bare)
    assert (same.code, same.out) == (0, "试了 2 件，0 件会有不同；比对 0 步，0 步无从比对\n")
    file.write_text(ERRAND.replace("20 working", "15 working"), encoding="utf-8")
    other = called(group, "replay", "errand", *YEARS, "--limit", "1", *AS, home=bare)
    assert other.code == 1
    lines = other.out.splitlines()
    assert lines[0] == "errand-1  一"
    assert "启动：时限不同：时限“待办”到 " in lines[1]
    assert lines[2:] == [
        "……另有 1 件",
        "试了 2 件，2 件会有不同；比对 0 步，0 步无从比对",
        "  时限不同：2 件",
    ]
    found = called(group, "replay", "errand", *YEARS, "--json", *AS, home=bare).json()
    assert (found["looked"], found["kinds"], len(found["cases"])) == (2, {"deadline": 2}, 2)
    assert called(group, "replay", "errand", *AS, home=bare).code == 2
    assert called(group, "replay", "errand", "--year", "2024", *YEARS, *AS, home=bare).code == 2
    assert called(group, "replay", "errand", "--rename", "open", "--year", "2024", *AS, home=bare).code == 2
