from __future__ import annotations

from engine.authoring.simulate.comparison import compared, comparison
from engine.authoring.simulate.report import SimulationReport
from engine.definition.library import load_files
from engine.lifecycle.model.workflow import Workflow

BUREAU = """bureau: example
title: 示例局
timezone: Asia/Shanghai
notify_at: "09:00"
sections: {north: 北片股}
roles: {clerk: {title: 经办人, scope: section}}
"""
FLOW = """workflow: check
title: 检查
about: none
initial: open
start: {by: clerk}
states:
  open: {title: 待查, for: clerk, deadline: 20 working days}
  closed: {title: 完, final: true}
transitions:
  - {do: finish, title: 办结, from: open, to: closed}
"""
LONGER = FLOW.replace(
    "to: closed}", "to: held}\n  - {do: agree, title: 审批, from: held, to: closed}"
).replace("  closed:", "  held: {title: 待批, for: clerk, deadline: 3 working days}\n  closed:")


def workflow(text: str) -> Workflow:
    return load_files({"bureau.yaml": BUREAU, "check.yaml": text}).workflows["check"]


def report(stay: int, *, longer: bool = False) -> SimulationReport:
    found = SimulationReport("check", cases=4, closed=4, overdue=1 if longer else 0)
    found.visits.update({"open": 4, "closed": 4, **({"held": 4} if longer else {})})
    found.taken.update({"finish": 4, **({"agree": 4} if longer else {})})
    found.stays["open"].extend([stay] * 4)
    return found


def test_what_differs_is_said_state_by_state_and_step_by_step() -> None:
    lines = comparison(report(3), workflow(FLOW), report(5, longer=True), workflow(LONGER))
    assert [str(line) for line in lines] == [
        "演练两版《检查》各 4 件：原来办结 4 件，改后办结 4 件",
        "  待查（open）：到过 4 → 4 次，平均停留 3 → 5 个工作日",
        "  待批（held）：到过 0 → 4 次，平均停留 0 → 0 个工作日",
        "  审批（agree）：办过 0 → 4 次",
        "  逾期：0 → 1 次",
    ]


def test_alike_is_said_too_and_both_are_plain_values() -> None:
    lines = [str(line) for line in comparison(report(3), workflow(FLOW), report(3), workflow(FLOW))]
    assert lines[1:] == ["两版没有不同"]
    found = compared(report(3), report(5))
    assert (found["before"]["stays"]["open"]["sum"], found["after"]["stays"]["open"]["sum"]) == (12, 20)
