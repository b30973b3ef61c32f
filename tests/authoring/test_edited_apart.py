from __future__ import annotations

from engine.authoring.diff import compare
from engine.authoring.edited_apart import changes_in_words, edited_apart
from engine.definition.library import load_files
from engine.lifecycle.model.workflow import Workflow

TEXT = """workflow: errand
title: 差事
about: none
initial: open
start: {by: clerk}
states:
  open: {title: 待办, for: clerk, deadline: 3 days, remind: [1 day before]}
  closed: {title: 办结, final: true}
transitions:
  - {do: finish, title: 完成, from: open, to: closed}
"""
BUREAU = "bureau: example\ntitle: 局\ntimezone: Asia/Shanghai\nsections: {a: 甲股}\nroles: {clerk: {title: 经办人, scope: section}}\n"


def workflow(text: str = TEXT) -> Workflow:
    return load_files({"bureau.yaml": BUREAU, "errand.yaml": text}).workflows["errand"]


def test_what_is_inside_a_change_is_indented() -> None:
    lines = list(map(str, changes_in_words(compare(workflow(), workflow(TEXT.replace("[1 day", "[2 days"))))))
    assert lines[0] == "改动时限“open”：提醒（remind）"
    assert lines[1].startswith("    ")


def test_both_changes_are_listed_and_what_both_have_changed_is_named() -> None:
    theirs, mine = workflow(TEXT.replace("3 days", "5 days")), workflow(TEXT.replace("3 days", "2 days"))
    lines = list(map(str, edited_apart(workflow(), theirs, mine)))
    assert lines == [
        "“差事”其后发布的改动：",
        "    改动时限“open”：时限（deadline）3 日 → 5 日",
        "您的改动：",
        "    改动时限“open”：时限（deadline）3 日 → 2 日",
        "两处都改的：open",
    ]
    assert "    （没有改动）" in list(map(str, edited_apart(workflow(), workflow(), mine)))
