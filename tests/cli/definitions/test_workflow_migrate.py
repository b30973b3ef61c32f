"""``ssj workflow migrate`` as somebody at a terminal meets it."""

from __future__ import annotations

from pathlib import Path

from command_fixtures import called

from engine.cli.cases.case import group as case_group
from engine.cli.definitions.workflow import group
from engine.cli.definitions.workflow_migrate import migrate

AS = ("--as", "leading")
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


def test_cases_are_previewed_migrated_and_named_where_they_stay(bare: Path, tmp_path: Path) -> None:
    assert migrate in group.commands.values()
    sample = bare
    people = tmp_path / "people.csv"
    people.write_text(
        "id,name,section,roles,status\nleading,示例,labour_inspection,leading_office,active\n",
        encoding="utf-8",
    )
    from command_fixtures import done

    done("register", "import", "people", people, "--as", "system", home=sample)
    file = sample / "workflows" / "errand.yaml"
    file.write_text(ERRAND, encoding="utf-8")
    assert called(group, "publish", "errand", *AS, home=sample).code == 0
    assert called(case_group, "start", "errand", "--title", "一", *AS, home=sample).code == 0
    file.write_text(ERRAND.replace("20 working", "15 working").replace("open", "waiting"), encoding="utf-8")
    assert called(group, "publish", "errand", *AS, home=sample).code == 0
    stays = called(group, "migrate", "errand", "--dry-run", *AS, home=sample)
    assert stays.code == 1
    assert "不能换：新版没有环节“待办”（open）；须写明改为哪个环节\n    是不是改名为“waiting”？" in stays.out
    renames = tmp_path / "map.yaml"
    renames.write_text("migrate: errand\nstates: {open: waiting}\n", encoding="utf-8")
    how = ("--map", renames, *AS)
    # One deadline that ends earlier, not one that ends and another that begins.
    shown = called(group, "migrate", "errand", "--dry-run", *how, home=sample).out
    assert shown.count("时限") == 1
    assert "→ -" not in shown
    seen = called(group, "migrate", "errand", "--dry-run", "--json", *how, home=sample).json()
    assert seen["migrated"] == 1
    assert called(group, "migrate", "errand", "--json", "--to", "2", *how, home=sample).json() == seen
    assert called(group, "migrate", "errand", *how, home=sample).out == "没有要换版的在办案件。\n"
    assert called(group, "migrate", "errand", "--rename", "open", *AS, home=sample).code == 2
    assert called(group, "migrate", "errand", "--to", "9", *AS, home=sample).code == 1
    assert called(case_group, "review", "errand-1", *AS, home=sample).code == 1
