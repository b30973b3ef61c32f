"""A case as text for a terminal."""

from __future__ import annotations

from dataclasses import replace

from bureau_factories import Bureau, done
from worklist_factories import paper_bureau, signed_once

from engine.app.queries.cases import show_case
from engine.app.worklist.case_view import TaskView
from engine.cli.cases.case_text import case_text
from engine.lifecycle.forms.signature import Signature


def shown(bureau: Bureau, case: str, person: str | None = None) -> TaskView:
    found = show_case(bureau.application, "dora", case, as_person=person)
    assert isinstance(found, TaskView), str(found)
    return found


def test_a_step_with_its_form() -> None:
    bureau, case = paper_bureau()
    assert case_text(shown(bureau, case, "anna")).split("\n") == [
        "paper-1  示例件（会签件）",
        "环节：草拟（drafting）",
        "说明：写清缘由。",
        "时限：草拟 2024-09-09",
        "会签人：carl、bela",
        "还可以：作废",
        "",
        "可办：送签（propose）——由经办人办理",
        "  说明：先填表。",
        "  须用 --reason 说明理由",
        "  表单：送签单（proposal）",
        "    why：缘由（必填；文字）",
        "    kind：类别（选填；a=甲类、b=乙类）",
        "    parts：附件（选填；列表）",
        "    rows（逐项填 answer：符合、不符合、不适用；不符合须写 note）",
        "      r1：内容完整",
        "      r2：依据准确",
        "",
        "可办：放弃（drop）——由经办人办理",
    ]


def test_obstacles_with_what_can_be_done() -> None:
    bureau, case = paper_bureau()
    lines = case_text(shown(bureau, case, "anton")).split("\n")
    assert "  尚不能办：放弃的人须另有其人（依据：示例办法 第三条）" in lines
    assert not any("尚不能办" in line for line in case_text(shown(bureau, case)).split("\n"))


def test_forms_of_items() -> None:
    bureau, case = paper_bureau()
    found = shown(bureau, case)
    form = found.steps[0].form
    assert form is not None
    step = replace(found.steps[0], item_forms=(form,))
    lines = case_text(replace(found, steps=(step,))).split("\n")
    at = lines.index("    items.proposal：送签单")
    assert lines[at + 1] == "      why：缘由（必填；文字）"
    assert lines[-1] == "        r2：依据准确"


def test_deadlines_that_are_late_paused_or_provisional() -> None:
    bureau, case = paper_bureau()
    found = shown(bureau, case)
    (one,) = found.deadlines
    for changed, line in (
        (replace(one, late=True, paused=True), "时限：草拟 2024-09-09【逾期】"),
        (replace(one, paused=True), "时限：草拟 2024-09-09【停计】"),
        (replace(one, provisional=True), "时限：草拟 2024-09-09（暂定）"),
    ):
        assert line in case_text(replace(found, deadlines=(changed,))).split("\n")


def test_signatures() -> None:
    bureau, case = paper_bureau()
    signed_once(bureau, case)
    found = shown(bureau, case)
    lines = case_text(found).split("\n")
    assert lines[lines.index("  已签署：carl") + 1] == "  待签署：bela"
    (step,) = found.steps
    for_another = replace(step, signed=(Signature("cora", bureau.clock.now(), principal="carl"),), waiting=())
    lines = case_text(replace(found, steps=(for_another,))).split("\n")
    assert lines[lines.index("  已签署：cora（代carl）") + 1] == "  待签署：-"


def test_urging_receipts_and_what_was_asked_for() -> None:
    bureau, case = paper_bureau()
    done(bureau.application.urge(case, "carl"))
    done(bureau.application.void(case, "anna", reason="误立"))
    lines = case_text(shown(bureau, case)).split("\n")
    assert "已催办 1 次" in lines
    assert f"催办须回执：ssj task acknowledge {case}" in lines
    assert "“anna”申请作废，待分管领导批准：误立" in lines
    done(bureau.application.acknowledge(case, "anna"))
    lines = case_text(shown(bureau, case)).split("\n")
    assert "已回执：anna" in lines
    assert not any("催办须回执" in line for line in lines)


def test_a_closed_case() -> None:
    bureau, case = paper_bureau()
    done(bureau.application.advance(case, "drop", "anna"))
    lines = case_text(shown(bureau, case)).split("\n")
    assert lines[-1] == "现在没有要人办理的步骤。"
    assert not any("还可以" in line for line in lines)
