"""A paper reads what is there when it is printed; names in it are names of the workflows that print it."""

from __future__ import annotations

import pytest
from definition_examples import BUREAU, FILE, FILES, FORM, workflow_text

from engine.definition.library import load_files
from engine.definition.meaning.papers import FOLDER, PaperReads, papers_alone

LATE = FORM.replace("form: onsite_check", "form: late")
#: The paper is printed by the first step; `late` is filled in by the second.
STEPS = """\
fields:
  - outcome: {title: 结果}
states:
  open: {title: 待办, for: clerk, no deadline: 示例流程，不设时限}
  review: {title: 待审, for: clerk, no deadline: 示例流程，不设时限}
  done: {title: 办结, final: true}
transitions:
  - {do: submit, title: 提交, from: open, to: review, form: onsite_check, then: [{render: paper}]}
  - {do: look, title: 补记, from: review, to: review, form: late, then: [{set: {outcome: a}}]}
  - {do: finish, title: 办结, from: review, to: done, then: [{render: last}]}
"""


def said(paper: str, last: str = "", steps: str = STEPS, **parts: str) -> list[str]:
    files = {**FILES, "bureau.yaml": BUREAU, "forms/late.yaml": LATE, FILE: workflow_text(steps)}
    templates = {"paper": paper, "last": last, **parts}
    return [
        f"{one.file.removeprefix(FOLDER)}:{one.line} {one.rule} {one.severity.value} {one.hint or ''}"
        for one in load_files(files, templates=templates).problems
        if one.file.startswith(FOLDER)
    ]


@pytest.mark.parametrize(
    ("paper", "found"),
    [
        ("{{ shown.onsite_check.staff }}", ""),
        ("<p>\n{{ shown.late.staff }}", "paper.html:2 read-before-written error"),
        ("{{ forms.late.staff | default('') }}", "paper.html:1 read-before-written warning"),
        ("{% set a = shown.late | default({}) %}\n{{ a.staff | default('') }}", "paper.html:1 read-before-written warning"),
        ("{% if forms.late %}{{ forms.late.staff }}{% endif %}", "paper.html:1 read-before-written warning"),
        ("{{ case.fields.outcome }}", "paper.html:1 read-before-written error"),
        ("{{ case.fields.outcome | default('') }}", ""),
        ("{{ shown.onsite_check.staf }}", "paper.html:1 unknown-template error 是否想写“staff”"),
        ("{{ shown.onsite_chek.staff | default('') }}", "paper.html:1 unknown-template error 是否想写“onsite_check”"),
        ("{{ case.fields.outcom | default('') }}", "paper.html:1 unknown-template error 是否想写“outcome”"),
        ("{% for one in parties.inspector %}{% endfor %}", "paper.html:1 unknown-template error 是否想写“inspectors”"),
        ('{% set a = shown["before"] | default({}) %}{{ a.x | default("") }}', ""),
        ('{{ shown["onsite_check"].before | default("") }}', ""),
        ('{% include "_part.html" %}', "_part.html:2 read-before-written error"),
        ("{% for f in ['staff', 'stafff'] %}\n{{ shown.onsite_check[f] | default('') }}{% endfor %}", "paper.html:2 unknown-template error 是否想写“staff”"),
        ("{% set a = shown.onsite_check if x else shown.late %}{{ a.staff | default('') }}", "paper.html:1 read-before-written warning"),
        ("{% set a = shown.onsite_check if x else forms.onsite_check %}{{ a.stafff | default('') }}", "paper.html:1 unknown-template error 是否想写“staff”"),
        ("\n{{ shown.onsite_check[name] }}", "paper.html:2 computed-name error 请逐栏写明；要循环的"),
        ("{% for a in shown.onsite_check.values() %}{% endfor %}", "paper.html:1 computed-name error 请逐栏写明，如"),
        ("{% macro a(b) %}{% endmacro %}", "paper.html:1 computed-name error 可用：if、for、set、include"),
    ],
)  # fmt: skip
def test_what_a_paper_reads_is_there(paper: str, found: str) -> None:
    lines = said(paper, _part="\n{{ shown.late.staff }}")
    assert lines == [] if not found else lines[0].startswith(found), lines


def test_what_need_not_be_there_is_told_of_the_step_that_prints() -> None:
    assert said("", "{{ shown.late.staff }}")[0].startswith("last.html:1 read-before-written warning")
    assert said("", "{{ shown.late.staff | default('') }}") == []
    asked = STEPS.replace(
        "title: 办结, from: review", "title: 办结, from: review, when: filled(forms.late.staff)"
    )
    assert [one for one in said("", "{{ shown.late.staff }}", asked) if "last.html" in one] == []
    only_then = STEPS.replace("[{render: last}]", "[{render: last, when: filled(forms.late.staff)}]")
    assert said("", "{{ shown.late.staff }}", only_then) == []


def test_a_paper_written_anew_when_it_is_approved_may_wait_for_what_comes_later() -> None:
    draft = STEPS.replace("{render: paper}", "{render: paper, as: draft}").replace(
        "{render: last}", "{approved: paper}"
    )
    assert said("{{ forms.late.staff | default('') }}", steps=draft) == []


def test_parts_are_no_papers() -> None:
    templates = {"paper": "{{ a }}", "_part": "{{ b }}"}
    assert papers_alone(templates) == {"paper": "{{ a }}"}
    assert PaperReads(templates, {}).templates == templates


def test_a_form_of_another_process_is_asked_for_in_a_guard() -> None:
    # Where forms of items are filled in, every form is one of the process; whoever shares the paper fills in this one.
    steps = STEPS.replace("form: onsite_check,", "form: onsite_check, item_forms: true,").replace(
        "form: late, ", ""
    )
    assert said("{{ shown.late.staff | default('') }}", steps=steps) == []
    assert said("{{ shown.late.staff | default('') }}") != []
