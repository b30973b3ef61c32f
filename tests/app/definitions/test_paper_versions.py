"""A template is held against every version that has running cases."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bureau_factories import BUREAU, Bureau

from engine.app.definitions.paper_versions import PAPER, unprintable
from engine.app.definitions.versions import compare_with_published
from engine.app.ports.records import CaseFilter
from engine.definition.library import Loaded, load_files

FORM = """
form: visit_report
title: 检查表
fields:
  - found: {title: 发现}
"""
VISIT = """
workflow: visit
title: 检查
about: object
initial: open
start: {by: clerk}
fields:
  - place: {title: 地点, type: text}
states:
  open: {title: 待检查, for: clerk, deadline: 20 working days}
  closed: {title: 已办结, final: true}
transitions:
  - {do: report, title: 报告, from: open, to: closed, form: visit_report, then: [{render: report}]}
"""
WIDER = FORM + "  - seen: {title: 所见}\n"


def loaded(bureau: Bureau, form: str, template: str) -> Loaded:
    texts = {**bureau.texts, "form.visit_report.yaml": form.strip() + "\n", "bureau.yaml": BUREAU}
    found = load_files(texts, templates={"report": template})
    assert found.sound, [str(problem.message) for problem in found.problems]
    return found


def asked(bureau: Bureau, form: str, template: str) -> list[str]:
    """Return what a template asks of running cases that they do not have."""
    found = loaded(bureau, form, template)
    with bureau.look() as transaction:
        same = compare_with_published(transaction, found).same
        reasons = list(unprintable(transaction, bureau.application.definitions, found, same))
    assert {(reason.code, reason.field) for reason in reasons} <= {(PAPER, "visit")}
    return [reason.message.render("zh_CN") for reason in reasons]


@pytest.fixture
def bureau() -> Bureau:
    return Bureau(FORM, VISIT)


NEEDED = "<p>\n{{ shown.visit_report.seen }}</p>"


def test_a_template_that_asks_what_an_older_version_does_not_have_is_told(bureau: Bureau) -> None:
    bureau.start("visit")
    bureau.start("visit")
    (said,) = asked(bureau, WIDER, NEEDED)
    assert "report.html 第 2 行" in said
    assert "“seen”" in said
    assert "“检查”第 1 版还有 2 件在办" in said


def test_what_may_be_left_out_and_versions_without_cases_are_no_reason(bureau: Bureau) -> None:
    assert asked(bureau, WIDER, NEEDED) == []
    bureau.start("visit")
    assert asked(bureau, WIDER, '{{ shown.visit_report.seen | default("") }}') == []
    assert asked(bureau, FORM, "{{ shown.visit_report.found }}") == []


def test_a_version_between_is_named_as_well(bureau: Bureau) -> None:
    bureau.start("visit")
    bureau.publish(WIDER)
    bureau.start("visit")
    widest = WIDER + "  - more: {title: 其他}\n"
    assert ["第 1 版" in one for one in asked(bureau, widest, "{{ shown.visit_report.more }}")] == [
        True,
        False,
    ]
    # The newest version is as it is: what its own template asks of it is found by the check.
    assert ["第 1 版" in one for one in asked(bureau, WIDER, NEEDED)] == [True]


def test_definitions_loaded_without_templates_ask_nothing(bureau: Bureau) -> None:
    bureau.start("visit")
    bare = replace(loaded(bureau, WIDER, NEEDED), templates={})
    with bureau.look() as transaction:
        assert list(unprintable(transaction, bureau.application.definitions, bare, {})) == []
        assert transaction.cases.count(CaseFilter(workflow="visit", version=1)) == 1
        assert transaction.cases.count(CaseFilter(workflow="visit", version=2)) == 0
