"""Steps of one case that one person may not take together: asked of its history, of delegates too."""

from __future__ import annotations

from register_fixtures import BUREAU, CLERK, KEEPER, OTHER, by, reasons, small_application

from engine.app.commands.application import Application, CommandResult
from engine.app.commands.publish_definitions import Published, publish
from engine.app.execution.incompatible_steps import require_compatible
from engine.app.session.new_case import NewCase
from engine.definition.library import load_files
from engine.lifecycle.model.people.incompatible import IncompatibleSteps

RULES = """\
incompatible_on_a_case:
  - {workflow: report, first: [submit], then: [approve], basis: 条例 第一条}
  - {first: [approve], then: [close]}
"""
REPORT = """\
workflow: report
title: 报告
about: none
initial: draft
start: {by: [clerk, roster_admin]}
states:
  draft: {title: 草拟, for: [clerk, roster_admin]}
  waiting: {title: 待批, for: [clerk, roster_admin]}
  approved: {title: 已批, for: [clerk, roster_admin]}
  closed: {title: 办结, final: true}
transitions:
  - {do: submit, title: 提交, from: draft, to: waiting}
  - {do: send_back, title: 退回, from: waiting, to: draft}
  - {do: approve, title: 批准, from: waiting, to: approved}
  - {do: close, title: 办结, from: approved, to: closed}
"""


def bureau() -> Application:
    application = small_application()
    loaded = load_files({"bureau.yaml": BUREAU + RULES, "report.yaml": REPORT})
    assert loaded.sound, [str(problem.message) for problem in loaded.problems]
    assert isinstance(publish(application, by(), loaded), Published)
    assert isinstance(application.start("report", KEEPER, NewCase(title="示例")), CommandResult)
    return application


def test_who_submits_does_not_approve() -> None:
    application = bureau()
    assert isinstance(application.advance("report-1", "submit", KEEPER), CommandResult)
    assert reasons(application.advance("report-1", "approve", KEEPER)) == [
        "“keeper-1”已在本件办过“提交”，不能再办“批准”（依据：条例 第一条）"
    ]
    # Sent back and submitted by another, the first one has submitted all the same.
    assert isinstance(application.advance("report-1", "send_back", CLERK), CommandResult)
    assert isinstance(application.advance("report-1", "submit", CLERK), CommandResult)
    reasons(application.advance("report-1", "approve", KEEPER))
    reasons(application.advance("report-1", "approve", CLERK))
    assert isinstance(application.advance("report-1", "approve", OTHER), CommandResult)
    assert "依据：本局规定" in reasons(application.advance("report-1", "close", OTHER))[0]
    assert isinstance(application.advance("report-1", "close", KEEPER), CommandResult)


def test_steps_taken_in_one_command_count() -> None:
    application = bureau()
    both = [("submit", KEEPER, None), ("approve", KEEPER, None)]
    assert "不能再办" in reasons(application.advance_together("report-1", both))[0]
    assert isinstance(
        application.advance_together("report-1", [both[0], ("approve", CLERK, None)]), CommandResult
    )


def test_rules_of_other_workflows_say_nothing() -> None:
    rule = IncompatibleSteps("report", ("submit",), ("approve",))
    assert rule.against("report", "approve") == ("submit",)
    assert rule.against("report", "submit") == ("approve",)
    assert rule.against("report", "close") == ()
    assert rule.against("errand", "approve") == ()
    assert IncompatibleSteps(None, ("submit",), ("approve",)).against("errand", "approve") == ("submit",)
    assert callable(require_compatible)
