"""The commands of the page for firms, each once, with something to do, for the walk over faults."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from house import BUREAU, done
from scenarios import Scenario, by

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


def _chance(_what: str, length: int) -> bytes:
    """Return the same bytes each time, as nothing here depends on them."""
    return bytes(length)


def _issue(application: Application) -> object:
    application.entropy = _chance
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
    return Scenario(act, frozenset(), before)


FIRM_PAGE: dict[str, Scenario] = {
    "issue_firm_code": _one(lambda a, n, f: _issue(a), _ordered),
    "end_firm_code": _one(lambda a, n, f: end_firm_code(a, by("anna"), ORDERED), _coded),
    "enter_for_firm": _one(
        lambda a, n, f: enter_for_firm(a, by("anna"), ORDERED, "feedback", FEEDBACK), _ordered
    ),
    "answer_feedback": _one(
        lambda a, n, f: answer_feedback(a, by("anna"), ORDERED, 1, "", accepted=True),
        _entered("feedback", FEEDBACK),
    ),
    "answer_extension": _one(
        lambda a, n, f: answer_extension(a, by("anna"), ORDERED, "同意", accepted=True),
        _entered("extension", EXTENSION),
    ),
    "open_firm_page": _one(lambda a, n, f: _open(a, f), _coded),
    "enter_own": _one(lambda a, n, f: enter_own(a, _page(f), "contact", {"phone": "0311-86000002"}), _opened),
    "close_firm_page": _one(lambda a, n, f: close_firm_page(a, _page(f)), _opened),
}
