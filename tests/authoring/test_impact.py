"""Who uses what: every place of the shipped definitions that names it."""

from __future__ import annotations

from functools import lru_cache

import pytest

from engine.authoring.impact import uses_in_version, uses_of, workflows_using
from engine.definition.file_discovery import surrounding_files
from engine.definition.library import Loaded, load_paths
from engine.definition.resources import workflows_dir
from engine.exchange.format_check import acting_formats


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


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "follow_up_result.note",
            "交换格式“后续处置结果”的“完结信息”列（exchange/follow_up_results.yaml 第 17 行）",
        ),
        ("follow_up_result", "交换格式“后续处置结果”的行"),
        ("progress_report", "交换格式“工作进展情况汇总”的行"),
        ("grade_change", "交换格式“守法诚信等级调整”的行"),
        ("no_activity", "的“是否检查”列"),
        ("penalty_decision", "的“行政处罚决定书文号”列"),
        ("batch", "交换格式“工作进展情况汇总”的行"),
    ],
)
def test_formats_that_use_it(name: str, words: str) -> None:
    formats = acting_formats({}).texts
    assert any(words in str(use.sentence) for use in uses_of(loaded(), name, formats))
    assert not any("交换格式" in str(use.sentence) for use in uses_of(loaded(), name))


def test_uses_in_one_version() -> None:
    flow = loaded().workflows["follow_up"]
    said = [str(use.sentence) for use in uses_in_version(flow, "follow_up_result.note")]
    assert any("表单“" in one for one in said)
    assert any("办理“" in one for one in said)
    assert uses_in_version(flow, "nothing_of_this_name") == ()
    bureau = loaded().bureau
    codes = bureau.codes["departments"] if bureau is not None else None
    assert uses_in_version(loaded().workflows["referral"], "departments", codes)
