"""The commands of the page for firms, each with something to do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from house import BUREAU, done
from scenarios import Scenario, by, row

from engine.app.commands.application import Application
from engine.app.commands.publish_definitions import publish
from engine.app.commands.rectification.firm import close_firm_page, enter_own, open_firm_page
from engine.app.commands.rectification.office import (
    answer_extension,
    answer_feedback,
    end_firm_code,
    enter_for_firm,
    issue_firm_code,
)
from engine.app.session.new_case import NewCase
from engine.definition.library import load_files

#: A firm of the register of objects, and its case.
FIRM, ORDERED = "E1", "rectify-1"
ORDER = "form: order\ntitle: 责令改正\nfields:\n  - due_on: {title: 改正期限, type: date}\n"
RECTIFY = """\
workflow: rectify
title: 整改
about: object
initial: ordering
start: {by: clerk}
fields:
  - problem_list:
      title: 问题清单
      columns:
        - facts: {title: 事实, type: long text}
states:
  ordering: {title: 待下达, for: clerk}
  waiting: {title: 待整改, for: clerk}
  done: {title: 已办结, final: true}
clocks:
  rectify_due:
    title: 改正期限
    during: [waiting]
    deadline: on forms.order.due_on
transitions:
  - {do: order, title: 下达, from: ordering, to: waiting, form: order}
  - {do: close, title: 办结, from: waiting, to: done}
"""
FEEDBACK: dict[str, Any] = {"problem": 1, "text": "已补签"}
EXTENSION: dict[str, Any] = {"until": "2024-11-15", "reason": "等料"}


def _issue(application: Application, number: int = 0) -> object:
    def chance(_what: str, length: int) -> bytes:
        return bytes([number]) * length

    application.entropy = chance
    return issue_firm_code(application, by("anna"), ORDERED, [])


def _ordered(application: Application, folder: Path) -> None:
    """Begin a case in which a firm has one problem to put right until a day."""
    loaded = load_files({"bureau.yaml": BUREAU, "order.yaml": ORDER, "rectify.yaml": RECTIFY})
    assert loaded.sound, [str(problem) for problem in loaded.problems]
    publish(application, by("lena"), loaded)
    subject = {"id": FIRM, "name": "示例1"}
    problems = {"problem_list": [{"facts": "未签劳动合同"}]}
    new = NewCase(title="示例1", section="north", subject=subject, fields=problems)
    done(application.start("rectify", "anna", new))
    done(application.advance(ORDERED, "order", "anna", {"due_on": "2024-10-31"}))


def _coded(application: Application, folder: Path) -> None:
    _ordered(application, folder)
    issued: Any = _issue(application)
    (folder / "code").write_text(issued.code, encoding="utf-8")


def _opened(application: Application, folder: Path) -> None:
    _coded(application, folder)
    opened: Any = _open(application, folder)
    (folder / "page").write_text(opened.secret, encoding="utf-8")


def _open(application: Application, folder: Path) -> object:
    return open_firm_page(application, FIRM, (folder / "code").read_text(encoding="utf-8"))


def _page(folder: Path) -> str:
    return (folder / "page").read_text(encoding="utf-8")


def _entered(act: str, answers: dict[str, Any]) -> Any:
    def before(application: Application, folder: Path) -> None:
        _ordered(application, folder)
        enter_for_firm(application, by("anna"), ORDERED, act, answers)

    return before


def _one(act: Any, before: Any) -> Scenario:
    return Scenario(act, row("page of a firm"), before)


def _say(application: Application, number: int) -> object:
    feedback = {**FEEDBACK, "text": ("已补签", "另有说明")[number % 2]}
    return enter_for_firm(application, by("anna"), ORDERED, "feedback", feedback)


def _correct(application: Application, number: int, folder: Path) -> object:
    return enter_own(application, _page(folder), "contact", {"phone": f"0311-8600000{number}"})


FIRM_PAGE: dict[str, Scenario] = {
    "issue_firm_code": _one(lambda a, n, f: _issue(a, n), _ordered),
    "end_firm_code": _one(lambda a, n, f: end_firm_code(a, by("anna"), ORDERED), _coded),
    "enter_for_firm": _one(lambda a, n, f: _say(a, n), _ordered),
    "answer_feedback": _one(
        lambda a, n, f: answer_feedback(
            a, by("anna"), ORDERED, 1, ("", "照片看不清")[n % 2], accepted=n % 2 == 0
        ),
        _entered("feedback", FEEDBACK),
    ),
    "answer_extension": _one(
        lambda a, n, f: answer_extension(
            a, by("anna"), ORDERED, ("同意", "不同意")[n % 2], accepted=n % 2 == 0
        ),
        _entered("extension", EXTENSION),
    ),
    "open_firm_page": _one(lambda a, n, f: type(_open(a, f)).__name__, _coded),
    "enter_own": _one(_correct, _opened),
    "close_firm_page": _one(lambda a, n, f: close_firm_page(a, _page(f)), _opened),
}
