from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from visit_bureau import context_of, effect, unit, visit_bureau

from engine.app.execution.effects.publish import do_publish, do_withdraw, format_answer, public_body
from engine.app.ports.documents import DocumentError, DocumentRequest, PublishedTexts, Renderer
from engine.app.session.refused import CommandRefused
from engine.language import say
from engine.lifecycle.model.form import Field, FieldType

CORRECTION = """
workflow: correction
title: 更正
about: object
initial: open
start: {by: clerk}
fields:
  - total: {title: 数量, type: integer, public: true}
  - why: {title: 更正说明, public: true}
states: {open: {title: 待办, for: clerk}, closed: {title: 办结, final: true}}
transitions:
  - do: finish
    title: 办结
    from: open
    to: closed
    then: [{withdraw: result, above: true}, {publish: result, above: true}]
"""
SUBJECT = {"id": "E1", "name": "示例企业", "phone": "13900000000", "class": "A"}


def test_only_what_is_public_is_published() -> None:
    bureau = visit_bureau()
    plan = bureau.case(bureau.start("plan", subject=SUBJECT, fields={"total": 3, "secret": "内部"}))
    with unit(bureau) as uow:
        context = context_of(uow, plan)
        do_publish(context, effect("publish", publish="result", clock="draft"))
        assert context.notes == {"published": ["result"]}
        context.afterwards[0](plan)
        context.afterwards[0](plan)
    with bureau.look() as transaction:
        first, second = transaction.records.publications(kind="result", case_id=plan.id)
    assert (first.id, second.id, first.title) == ("plan-1/result/1", "plan-1/result/2", "示例件")
    assert (first.late, str(first.due_on)) == (False, "2024-09-09")
    # The class of an enterprise is not public (ADR 0033).
    assert first.body["subject"] == {"id": "E1", "name": "示例企业"}
    assert [(fact["name"], fact["value"]) for fact in first.body["facts"]] == [("total", 3)]
    assert first.body["plan"] == {"id": "plan-1", "title": "示例件"}
    assert "内部" not in str(first.body)
    assert bureau.outbox("site")[0].payload == {"publication": first.id}


def test_a_publication_after_the_due_day_says_so() -> None:
    bureau = visit_bureau()
    plan = bureau.case(bureau.start("plan"))
    bureau.clock.advance(timedelta(days=30))
    with unit(bureau) as uow:
        context = context_of(uow, plan)
        do_publish(context, effect("publish", publish="result", clock="draft"))
        context.afterwards[0](plan)
        (found,) = uow.transaction.records.publications(kind="result")
        assert found.late is True
        assert found.body["late"] is True


def test_a_withdrawn_publication_stays_with_the_reason() -> None:
    bureau = visit_bureau()
    plan = bureau.case(bureau.start("plan"))
    with unit(bureau) as uow, pytest.raises(CommandRefused) as refused:
        do_withdraw(context_of(uow, plan), effect("withdraw", withdraw="result"))
    assert [str(reason) for reason in refused.value.refusal.reasons] == ["没有可撤回的公示（result）"]
    with unit(bureau) as uow:
        context = context_of(uow, plan, reason="有误")
        do_publish(context, effect("publish", publish="result"))
        context.afterwards.pop()(plan)
        do_withdraw(context, effect("withdraw", withdraw="result"))
        context.afterwards.pop()(plan)
        (found,) = uow.transaction.records.publications(kind="result")
        assert (found.withdrawn_at, found.withdrawn_because) == (uow.now, "有误")
    assert bureau.outbox("site")[-1].payload == {"withdrawn": "result"}


def test_who_works_below_what_is_withdrawn_is_told_at_once() -> None:
    bureau = visit_bureau()
    plan = bureau.case(bureau.start("plan"))
    bureau.take(plan.id, "dispatch")
    closed, open_ = (one.id for one in bureau.cases("visit"))
    bureau.take(closed, "finish")
    bureau.take(open_, "send")
    plan, below = bureau.case(plan.id), bureau.case(open_)
    with unit(bureau) as uow:
        context = context_of(uow, plan, reason="认定有误")
        do_publish(context, effect("publish", publish="result"))
        context.afterwards.pop()(plan)
        do_withdraw(context, effect("withdraw", withdraw="result"))
        holders = set(uow.holders_of(below)) - {"anna"}
        context.afterwards.pop()(plan)
    assert holders
    with bureau.look() as transaction:
        told = {
            one.recipient
            for one in transaction.outbox.listed()
            if "撤回了公示（认定有误）" in str(one.payload.get("text"))
        }
    # Whoever withdrew it knows, and a case that is closed rests on nothing any more.
    assert told == holders


def test_the_plan_above_a_visit_is_named() -> None:
    bureau = visit_bureau()
    plan = bureau.start("plan", title="甲计划")
    bureau.take(plan, "dispatch")
    visit = bureau.cases("visit")[0]
    with unit(bureau) as uow:
        body = public_body(uow, uow.process(visit), visit, "result", None, False)
    assert (body["plan"], body["batch"], body["due_on"]) == ({"id": plan, "title": "甲计划"}, None, None)
    assert (body["workflow_title"], body["facts"], body["items"]) == ("检查", [], [])


def test_answers_as_people_read_them() -> None:
    choice = Field(name="c", title="结果", type=FieldType.CHOICE, choices={"ok": "合格", "bad": "不合格"})
    number = Field(name="n", title="人数", type=FieldType.INTEGER, unit="人")
    table = Field(name="t", title="表", type=FieldType.LIST, columns=(choice, number))
    assert [format_answer(choice, one) for one in ("ok", ["ok", "bad"], "x")] == ["合格", "合格、不合格", "x"]
    assert (format_answer(number, 3), format_answer(number, True), format_answer(number, False)) == (
        "3人",
        "是",
        "否",
    )
    assert format_answer(table, [{"c": "ok", "n": 1}, {"n": 2}]) == "结果 合格，人数 1人；人数 2人"


def test_a_clock_of_another_duty_does_not_make_a_publication_late() -> None:
    bureau = visit_bureau()
    plan = bureau.case(bureau.start("plan"))
    bureau.clock.advance(timedelta(days=30))
    with unit(bureau) as uow:
        context = context_of(uow, plan)
        do_publish(context, effect("publish", publish="result"))
        context.afterwards[0](plan)
        (found,) = uow.transaction.records.publications(kind="result")
        assert (found.late, found.due_on) == (False, None)


def test_the_publication_of_the_case_above_is_withdrawn_and_published_anew() -> None:
    bureau = visit_bureau(CORRECTION)
    plan = bureau.case(bureau.start("plan", subject=SUBJECT, fields={"total": 3}))
    with unit(bureau) as uow:
        context = context_of(uow, plan)
        do_publish(context, effect("publish", publish="result", clock="draft"))
        context.afterwards[0](plan)
    below = bureau.case(
        bureau.start("correction", parent=plan.id, subject=SUBJECT, fields={"total": 4, "why": "数错了"})
    )
    with unit(bureau) as uow:
        context = context_of(uow, below, reason="有误")
        do_withdraw(context, effect("withdraw", withdraw="result", above=True))
        do_publish(context, effect("publish", publish="result", above=True))
        for after in context.afterwards:
            after(below)
    with bureau.look() as transaction:
        old, new = transaction.records.publications(kind="result", case_id=plan.id)
        assert transaction.records.publications(case_id=below.id) == []
    assert (old.withdrawn_because, new.withdrawn_at) == ("有误", None)
    # The corrected fact stands in the place of the old one, what explains it behind; nothing is late.
    assert [(fact["name"], fact["value"]) for fact in new.body["facts"]] == [("total", 4), ("why", "数错了")]
    assert (new.id, new.title, new.body["case"], new.late) == ("plan-1/result/2", "示例件", "plan-1", False)


def test_a_case_without_one_above_has_nothing_to_withdraw_there() -> None:
    bureau = visit_bureau(CORRECTION)
    # As a case of an earlier version, begun when it needed none.
    alone = replace(bureau.case(bureau.start("correction", parent=bureau.start("plan"))), parent=None)
    with unit(bureau) as uow, pytest.raises(CommandRefused) as refused:
        do_withdraw(context_of(uow, alone), effect("withdraw", withdraw="result", above=True))
    assert [str(reason) for reason in refused.value.refusal.reasons] == [
        "本件没有上级件，不能撤下或者公示上级件的内容"
    ]


CHECK = """
form: check
title: 检查表
rows:
  - contract: {title: 订立合同, points: 有无合同, basis: 劳动保障监察条例 第十条；劳动合同法 第十条}
  - plan: {title: 其他, points: 其他, basis: 实施方案 二（四）}
"""
CHECKED = """
workflow: checked
title: 检查
about: object
initial: open
start: {by: clerk}
states: {open: {title: 待办, for: clerk, no deadline: 试}, closed: {title: 办结, final: true}}
transitions:
  - {do: finish, title: 办结, from: open, to: closed, form: check}
"""


class Reader:
    """Takes of a problem the article that was named, and of a basis what is behind the first semicolon."""

    def render(self, request: DocumentRequest) -> bytes:
        return b""

    def breached(self, article: str, basis: str, published: PublishedTexts | None) -> str:
        if article == "坏":
            raise DocumentError(say("坏了"))
        return article or basis.partition("；")[2]


def checked_rows(answers: dict[str, dict[str, str]], renderer: Renderer | None) -> list[dict[str, str]]:
    """Return the rows of a sheet as they are public."""
    bureau = visit_bureau(CHECK, CHECKED)
    bureau.application.renderer = renderer
    case = bureau.case(bureau.start("checked", subject=SUBJECT))
    case = replace(case, forms={"visit": {"items": {"check": {"rows": answers}}}})
    with unit(bureau) as uow:
        rows: list[dict[str, str]] = public_body(uow, uow.process(case), case, "result", None, False)["items"]
    return rows


def test_a_wrong_row_names_the_duty_that_was_breached_or_says_that_it_is_not_stated() -> None:
    failed = {"contract": {"answer": "fail"}, "plan": {"answer": "fail"}}
    named = {"contract": {"answer": "fail", "article": "《示例法》第一条"}, "plan": {"answer": "pass"}}
    assert [row["basis"] for row in checked_rows(failed, Reader())] == ["劳动合同法 第十条", "未写明"]
    first, second = checked_rows(named, Reader())
    assert (first["basis"], "basis" in second) == ("《示例法》第一条", False)
    # Where nothing tells a duty from what empowers, no article is called breached.
    assert [row["basis"] for row in checked_rows(failed, None)] == ["未写明", "未写明"]


def test_a_file_of_duties_that_cannot_be_read_is_refused_in_words() -> None:
    with pytest.raises(CommandRefused) as refused:
        checked_rows({"contract": {"answer": "fail", "article": "坏"}}, Reader())
    assert [str(reason) for reason in refused.value.refusal.reasons] == ["坏了"]


def test_what_was_withdrawn_already_does_not_stop_the_step_that_withdraws_it() -> None:
    bureau = visit_bureau()
    plan = bureau.case(bureau.start("plan"))
    with unit(bureau) as uow:
        context = context_of(uow, plan, reason="有误")
        do_publish(context, effect("publish", publish="result"))
        context.afterwards.pop()(plan)
        do_withdraw(context, effect("withdraw", withdraw="result"))
        do_withdraw(context, effect("withdraw", withdraw="result"))
        assert [str(one) for one in uow.warnings] == ["公示（result）已经撤回"]
        (found,) = uow.transaction.records.publications(kind="result")
        assert found.withdrawn_because == "有误"
