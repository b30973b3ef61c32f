"""After a correction: papers and publications that hold the old answer are named, and nothing of them is changed."""

from __future__ import annotations

from bureau_material import BUREAU, Bureau

from engine.app.history.replay import history

FORM = """
form: note
title: 记录
fields:
  - on: {title: 检查日期, type: date}
"""
VISIT = """
workflow: visit
title: 检查
about: object
initial: open
start: {by: clerk}
states:
  open: {title: 待办, for: clerk, no deadline: 试}
  shown: {title: 已公示, for: clerk, no deadline: 试二, verbs: [correct]}
  done: {title: 办结, final: true}
transitions:
  - {do: show, title: 公示, from: open, to: shown, form: note, then: [{publish: result, title: 检查结果}]}
  - {do: finish, title: 办结, from: shown, to: done}
"""


def test_the_old_value_stays_in_the_history_and_what_was_published_is_named() -> None:
    bureau = Bureau(BUREAU, FORM, VISIT)
    case = bureau.start("visit", subject={"id": "E1"})
    bureau.take(case, "show", answers={"on": "2024-08-30"})
    outcome = bureau.application.correct(case, "anna", "note.on", "2024-08-29", reason="打错了")
    assert [str(one) for one in outcome.warnings] == [  # type: ignore[union-attr] # of a test
        "公示不随之改动：检查结果；公示了原值的，撤回公示后更正、重新公示"
    ]
    assert bureau.case(case).forms["note"] == {"on": "2024-08-29"}
    with bureau.look() as transaction:
        entries = list(history(transaction, case))
    assert [entry.kind for entry in entries] == ["started", "advanced", "corrected"]
    assert [entry.body["answers"]["on"] for entry in entries[1:]] == ["2024-08-30", "2024-08-29"]
    assert entries[2].body["title"] == "更正《记录》的“检查日期”：2024-08-30 改为 2024-08-29"
    assert entries[2].body["reason"] == "打错了"
