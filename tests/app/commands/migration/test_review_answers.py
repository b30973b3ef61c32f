from __future__ import annotations

from bureau_factories import Bureau

from engine.app.commands import Caller
from engine.app.commands.migration.migrate_cases import migrate
from engine.app.commands.migration.review_answers import review_answers
from engine.kernel.refusal import Refusal

FORM = "form: note\ntitle: 记录\nfields:\n  - text: {title: 内容}\n"
FLOW = """
workflow: errand
title: 差事
about: none
initial: open
start: {by: clerk}
states:
  open: {title: 待办, for: clerk, deadline: 3 days}
  done: {title: 待阅, for: clerk, deadline: 3 days}
  closed: {title: 办结, final: true}
transitions:
  - {do: write, title: 记录, from: open, to: done, form: note}
  - {do: finish, title: 完成, from: done, to: closed}
"""


def test_the_holder_of_the_task_looks_and_nobody_else() -> None:
    office = Bureau(FORM, FLOW)
    case = office.start("errand")
    office.take(case, "write", answers={"text": "甲"})
    assert isinstance(review_answers(office.application, Caller("anna"), case), Refusal)
    office.publish(FORM + "  - day: {title: 日期, type: date}\n", FLOW)
    migrate(office.application, Caller("dora"), "errand")
    assert office.case(case).to_review == {"note.day": "unanswered"}
    for other in ("carl", "bela"):
        assert isinstance(review_answers(office.application, Caller(other), case), Refusal)
    assert review_answers(office.application, Caller("anton"), case) == ["note.day"]
    assert office.events(case)[-1].kind == "reviewed"
    assert office.case(case).to_review == {}
    assert office.findings() == []
