"""The made-up case: what the file says, and by type what it does not; every shipped paper on it and on an empty one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from document_factories import TEMPLATES, definitions
from made_up_papers import KINDS, made_up_html, made_up_paper, shipped_tests, without_answers

from engine.documents.parts.checking import missing_parts
from engine.documents.parts.made_up import INTERNAL, made_up_context, made_up_document
from engine.documents.parts.paper_tests import PaperKind


@pytest.mark.parametrize("name", KINDS)
def test_every_paper_has_its_obligatory_parts(name: str) -> None:
    tests = shipped_tests()
    assert tests.kinds[name].parts
    assert list(missing_parts(tests.kinds[name], made_up_paper(name), tests.never, INTERNAL)) == []


@pytest.mark.parametrize("name", KINDS)
def test_every_paper_is_printed_before_anything_is_answered(name: str) -> None:
    assert b"</html>" in without_answers(name)


@pytest.mark.parametrize("name", KINDS)
def test_nothing_is_printed_twice_beside_its_unit_and_no_code_is_left(name: str) -> None:
    text = made_up_html(name).decode("utf-8").split("</style>")[1]
    for wrong in (
        "元元",
        "人人工",
        "12 人人",
        "None",
        "{{",
        "{%",
        "P01",
        "labour_inspection",
        "。。",
        "，，",
        "：。",
    ):
        assert wrong not in text, wrong


def test_answers_the_file_does_not_have_are_made_up_by_type() -> None:
    workflows, bureau = definitions()
    tests = replace(shipped_tests(), example={**shipped_tests().example, "answers": {}})
    kind = PaperKind("notice", 1, "inspection", (), {"notice": {"planned_on": "", "sent_by": "mail"}})
    made = made_up_context(kind, workflows["inspection"], bureau, tests, [TEMPLATES])
    assert made["number"] == "示人社检通〔2026〕5号"
    assert made["forms"]["inspection_approval"]["purpose"] == "（检查目的）"
    assert made["forms"]["inspection_approval"]["methods"] == ["onsite"]
    assert made["forms"]["inspection_approval"]["planned_on"] == "2026-03-05"
    assert made["forms"]["onsite_check"]["signed_by"] == ["P01", "P02", "P03"]
    assert made["forms"]["result_entry"]["problem_list"][0]["facts"] == "（事实）"
    # What the file leaves empty was not asked; computed fields and files are never made up.
    assert "planned_on" not in made["forms"]["notice"]
    assert made["forms"]["notice"]["sent_by"] == "mail"
    assert "follow_up" not in made["forms"]["result_entry"]
    assert "proof" not in made["forms"]["notice"]


def test_papers_made_before_are_in_the_file_of_the_case_with_their_numbers() -> None:
    workflows, bureau = definitions()
    kind = shipped_tests().kinds["case_file"]
    made = made_up_context(kind, workflows["inspection"], bureau, shipped_tests(), [TEMPLATES])
    assert [(one["kind"], one["title"], one["number"]) for one in made["papers"]] == [
        ("approval", "行政检查审批表", ""),
        ("notice", "行政检查通知书", "示人社检通〔2026〕5号"),
        ("record", "现场检查笔录", ""),
    ]


def test_an_urgent_visit_is_approved_afterwards_with_its_reason() -> None:
    """四十一问 21: reported at once, approved afterwards; the approval says so."""
    kind = replace(
        shipped_tests().kinds["approval"],
        answers={
            "urgent_report": {
                "why": "工人被扣押证件，须立即到场。",
                "reported_to": "bureau_head",
                "reported_on": "2026-03-09",
            }
        },
    )
    text = " ".join(_text(kind).split())
    assert "工人被扣押证件" in text
    assert "已于2026年3月9日向局长报告并先行检查，现补办审批" in text
    assert "补办审批" not in _text(shipped_tests().kinds["approval"])


def test_a_record_nobody_signed_for_the_firm_says_why_and_who_saw_it() -> None:
    """行政诉讼证据规定 15: the refusal and its reason are noted, others present may sign."""
    visit = shipped_tests().example["answers"]["onsite_check"]
    refused = {**visit, "object_signed": False, "refusal_note": "负责人拒绝签名，未说明理由；见证人示例人丙"}
    kind = replace(shipped_tests().kinds["record"], answers={"onsite_check": refused})
    assert "拒绝签章：负责人拒绝签名" in _text(kind)
    assert "在场见证人" in _text(kind)
    assert "在场见证人" not in _text(shipped_tests().kinds["record"])


def _text(kind: PaperKind) -> str:
    workflows, bureau = definitions()
    html = made_up_document(kind, workflows[kind.workflow], bureau, shipped_tests(), [TEMPLATES])
    return html.decode("utf-8")
