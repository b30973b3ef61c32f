"""Formats of workbooks are held against what is published and against every version that has running cases."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bureau_factories import BUREAU, Bureau

from engine.app.definitions.exchange_versions import FORMAT, running_versions, unfilled, unknown_names
from engine.app.definitions.versions import compare_with_published
from engine.app.queries.definitions import list_running_versions
from engine.authoring.impact import uses_in_version
from engine.definition.library import Loaded, load_files
from engine.exchange.format_file import read_format
from engine.kernel.refusal import Refusal

FORM = "form: visit_report\ntitle: 检查表\nfields:\n  - found: {title: 发现}\n"
RENAMED = FORM.replace("found:", "seen:")
KEPT = RENAMED.replace("{title: 发现}", "{title: 发现, id: found}")
VISIT = """
workflow: visit
title: 检查
about: object
initial: open
start: {by: clerk}
states:
  open: {title: 待检查, for: clerk, deadline: 20 working days}
  closed: {title: 已办结, final: true}
transitions:
  - {do: report, title: 报告, from: open, to: closed, form: visit_report}
"""
FILE = "exchange/visits.yaml"


def text(value: str) -> str:
    return (
        "exchange: visits\ntitle: 检查\nrows: {cases: visit}\nkey: [id]\ncolumns:\n"
        "  - id: {title: 编号, value: case.id}\n"
        f'  - found: {{title: 发现, value: "{value}"}}\n'
    )


@pytest.fixture
def bureau() -> Bureau:
    return Bureau(FORM, VISIT)


def loaded(bureau: Bureau, form: str, value: str) -> Loaded:
    texts = {**bureau.texts, "form.visit_report.yaml": form, "bureau.yaml": BUREAU}
    found = load_files(texts)
    assert found.sound, [str(problem.message) for problem in found.problems]
    return replace(found, files={FILE: text(value)})


def said(bureau: Bureau, form: str, value: str) -> tuple[list[str], list[str]]:
    """Return why a form and a format may not be published, and what is said besides."""
    found = loaded(bureau, form, value)
    with bureau.look() as transaction:
        compared = compare_with_published(transaction, found)
        reasons, notes = unfilled(transaction, bureau.application.definitions, found, compared)
    assert {reason.code for reason in reasons} <= {FORMAT}
    return [one.message.render("zh_CN") for one in reasons], [one.render("zh_CN") for one in notes]


def test_a_column_that_no_version_would_fill_is_refused(bureau: Bureau) -> None:
    assert said(bureau, FORM, "forms.visit_report.found") == ([], [])
    (why,), _ = said(bureau, FORM, "forms.visit_report.fuond")
    assert why.startswith("exchange/visits.yaml 第 7 行")
    # Published with a form that calls the field otherwise.
    assert len(said(bureau, RENAMED, "forms.visit_report.found")[0]) == 1
    assert said(bureau, KEPT, "forms.visit_report.found") == ([], [])


def test_what_running_cases_of_former_versions_do_not_have_is_said(bureau: Bureau) -> None:
    assert said(bureau, RENAMED, "forms.visit_report.seen") == ([], [])
    bureau.start("visit")
    reasons, (note,) = said(bureau, RENAMED, "forms.visit_report.seen")
    assert reasons == []
    assert "“检查”第 1 版还有 1 件在办" in note
    # Kept under the same id, or with the former name in its place, nothing is empty.
    assert said(bureau, KEPT, "forms.visit_report.seen") == ([], [])
    both = "first_filled(forms.visit_report.seen, forms.visit_report.found)"
    reasons, notes = said(bureau, RENAMED, both)
    assert reasons == []
    assert not any("在办" in one for one in notes)


def test_a_former_name_is_taken_once_it_is_noted(bureau: Bureau) -> None:
    bureau.publish(KEPT)
    third = KEPT.replace("seen:", "noticed:")
    assert said(bureau, third, "forms.visit_report.seen") == ([], [])
    assert said(bureau, third, "forms.visit_report.found") == ([], [])
    assert len(said(bureau, third, "forms.visit_report.other")[0]) == 1


def test_only_formats_a_publication_concerns_are_looked_at(bureau: Bureau) -> None:
    found = loaded(bureau, FORM, "forms.visit_report.fuond")
    with bureau.look() as transaction:
        compared = compare_with_published(transaction, found)
        untouched = replace(compared, files={}, new={})
        assert unfilled(transaction, bureau.application.definitions, found, untouched) == ((), ())


def test_the_versions_with_running_cases(bureau: Bureau) -> None:
    def running() -> list[tuple[int, int]]:
        with bureau.look() as transaction:
            made = running_versions(transaction, bureau.application.definitions, "visit")
            return [(number, count) for _, number, count in made]

    assert running() == []
    bureau.start("visit")
    bureau.publish(RENAMED)
    bureau.start("visit")
    bureau.start("visit")
    assert running() == [(1, 1), (2, 2)]
    listed = list_running_versions(bureau.application, "anna")
    assert not isinstance(listed, Refusal)
    assert [(one.process.workflow.id, one.number, one.running) for one in listed] == [
        ("visit", 1, 1),
        ("visit", 2, 2),
    ]
    # What the folder does not have any more is still of cases of the first version.
    uses = [len(uses_in_version(one.process.workflow, "visit_report.found")) for one in listed]
    assert uses[0] > 0
    assert uses[1] == 0


def test_what_an_export_leaves_empty_is_named(bureau: Bureau) -> None:
    def names(value: str) -> int:
        used = read_format(FILE, text(value).encode()).format
        assert used is not None
        with bureau.look() as transaction:
            return len(unknown_names(transaction, bureau.application.definitions, used, {}))

    assert (names("forms.visit_report.found"), names("forms.visit_report.notes")) == (0, 1)
