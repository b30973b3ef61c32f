"""Who uses what: every place of the shipped definitions that names it."""

from __future__ import annotations

from functools import lru_cache

import pytest

from engine.authoring.impact import uses_of, workflows_using
from engine.definition.file_discovery import surrounding_files
from engine.definition.library import Loaded, load_paths
from engine.definition.resources import workflows_dir


@lru_cache(maxsize=1)
def loaded() -> Loaded:
    return load_paths(surrounding_files([workflows_dir()]))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("case_decision.decided_on", "时限“决定书送达期限”"),
        ("onsite_check", "办理“完成检查”"),
        ("case_judgement", "表单“"),
        ("no_problem", "表单“检查结果录入”的校验"),
        ("unreachable", "办理“向社会公示结果”"),
        ("archivist", "环节“已办结，待归档”"),
        ("referral", "办理“转入抄告”"),
        ("publish_due", "时限“录入并公示时限”"),
        ("entered_by", "的字段"),
        ("library_start", "的启动"),
        ("record", "办理“完成检查”"),
        # A list of codes: the questions answered with it, and a column that is.
        ("departments", "表单“抄告移送函”的“接收部门”"),
        ("departments", "流程“抄告移送”的字段"),
        ("crimes", "办理“提出移送报告”"),
    ],
)
def test_uses(name: str, words: str) -> None:
    assert any(words in str(use.sentence) for use in uses_of(loaded(), name))


def test_nothing_uses_what_is_not_there() -> None:
    assert uses_of(loaded(), "nothing_of_this_name") == ()


def test_the_workflows_concerned() -> None:
    uses = uses_of(loaded(), "referral_letter")
    assert workflows_using(uses, loaded()) == ("referral",)


def test_a_list_of_codes_is_not_used_where_another_is() -> None:
    said = [str(use.sentence) for use in uses_of(loaded(), "departments")]
    assert said
    assert not any("处置方式" in one for one in said)


def test_a_form_no_step_asks_for_is_of_no_workflow() -> None:
    forms = loaded().workflows["inspection"].forms
    assert {"onsite_check", "employment_check", "result_entry"} <= forms.keys()
    assert not {"case_judgement", "batch_plan", "hearing_record"} & forms.keys()
