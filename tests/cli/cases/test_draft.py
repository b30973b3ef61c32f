"""``ssj task draft``: saved, listed, shown, discarded."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_fixtures import called, done

from engine.cli.cases.draft import discard, group, list_drafts, save, show

AS = ("--as", "leading")
STEP = ("batch-1", "submit_plan")


@pytest.fixture
def started(home: Path) -> Path:
    done("case", "start", "batch", "--title", "示例期", *AS, home=home)
    return home


def test_a_draft_is_saved_whatever_is_in_it_and_belongs_to_its_person(started: Path, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("quota: 三\nnothing: [x]\n", encoding="utf-8")
    assert called(show, *STEP, *AS, home=started).code == 1
    assert called(save, *STEP, "--form", "a.yaml", *AS, home=started).out == "batch-1\tsubmit_plan\n"
    assert called(show, *STEP, *AS, home=started).json() == {"quota": "三", "nothing": ["x"]}
    assert called(show, *STEP, *AS, "--json", home=started).json()["older"] is None
    assert "batch-1" in called(list_drafts, *AS, home=started).out
    assert called(list_drafts, "--as", "insp-001", home=started).out.strip() in ("", "没有草稿。")
    assert called(discard, *STEP, *AS, home=started).code == 0
    assert called(discard, *STEP, *AS, home=started).code == 1


def test_another_draft_is_replaced_only_on_purpose(started: Path, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("quota: 三\nnothing: [x]\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("quota: 四\n", encoding="utf-8")
    assert called(save, *STEP, "--form", "a.yaml", *AS, home=started).code == 0
    # The same once more changes nothing.
    assert called(save, *STEP, "--form", "a.yaml", *AS, home=started).code == 0
    refused = called(save, *STEP, "--form", "b.yaml", *AS, home=started)
    assert refused.code == 1
    assert ("三" in refused.out, "四" in refused.out, 'nothing\t["x"]\t-' in refused.out) == (
        True,
        True,
        True,
    )
    assert "--replace" in refused.err
    assert called(show, *STEP, *AS, home=started).json() == {"quota": "三", "nothing": ["x"]}
    assert called(save, *STEP, "--form", "b.yaml", "--replace", *AS, home=started).code == 0
    assert called(show, *STEP, *AS, home=started).json() == {"quota": "四"}


def test_its_commands() -> None:
    assert set(group.commands) == {"save", "list", "show", "discard"}
