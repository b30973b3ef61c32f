"""The tutorial, carried out as it stands, and told the same in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from running_documents import ROOT, check, normal_blocks, same, steps

CHINESE = ROOT / "docs/tutorial/first-inspection.zh-CN.md"
ENGLISH = ROOT / "docs/tutorial/first-inspection.md"


def test_the_tutorial_does_what_it_says(tmp_path: Path) -> None:
    check(CHINESE, tmp_path)


def test_both_languages_show_the_same_commands_and_outputs() -> None:
    assert normal_blocks(ENGLISH.read_text(encoding="utf-8")) == normal_blocks(
        CHINESE.read_text(encoding="utf-8")
    )


def test_the_tutorial_takes_every_step_of_an_inspection_and_is_refused_on_the_way() -> None:
    page = CHINESE.read_text(encoding="utf-8")
    taken = [step.command.split()[4] for step in steps(page) if "advance inspection-1 " in step.command]
    wanted = ["approve", "declare", "notify_enterprise", "finish_visit", "enter_result", "pass_review"]
    assert list(dict.fromkeys(taken)) == [*wanted, "publish_result", "file_away"]
    refused = [step for step in steps(page) if step.expected and step.expected[0].startswith("不能办理")]
    assert len(refused) >= 2


@pytest.mark.parametrize(
    ("expected", "printed", "agree"),
    [
        (["2026-03-02"], ["2027-11-30"], True),
        (["2024-03-02"], ["2024-11-30"], False),
        (["inspection-1\tarchived"], ["inspection-1\tclosed"], False),
        (["a", "…", "b"], ["a", "x", "y", "b"], True),
        (["a", "…", "b"], ["a", "b"], True),
        (["a", "b"], ["a", "x", "b"], False),
        (["a"], ["a", "b"], False),
        ([], ["a"], False),
        (["insp-22、insp-10"], ["insp-03、insp-07"], True),
        (["已建立 …/bureau"], ["已建立 /tmp/x-1/bureau"], True),
    ],
)
def test_pages_and_runs_are_compared_by_the_patterns_alone(
    expected: list[str], printed: list[str], agree: bool
) -> None:
    assert same(expected, printed) is agree
