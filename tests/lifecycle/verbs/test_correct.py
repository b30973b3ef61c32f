"""更正."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from verb_factories import codes, happened
from walk_factories import ANNA, CARL, DORA, Walk, process_of, shanghai

from engine.kernel.refusal import Refusal
from engine.lifecycle.case import EventKind
from engine.lifecycle.command import CasePath, TakenStep
from engine.lifecycle.decide import decide
from engine.lifecycle.verbs.approve import Approve
from engine.lifecycle.verbs.asking.ask import Ask, Reply, reply
from engine.lifecycle.verbs.correct import Correct, correct

NOTE = """
form: note
title: 记录
fields:
  - on: {title: 检查日期, type: date, constraint: [{that: form.on <= today, else: 不能晚于今天}]}
  - staff: {title: 人数, type: integer, min: 0}
  - half: {title: 一半, type: decimal, computed: form.staff / 2}
  - kind: {title: 种类, choices: {a: 甲, b: 乙}}
  - signed: {title: 已签, type: boolean}
  - why: {title: 未签原因, when: not form.signed}
  - by: {title: 签字人, type: persons}
  - old: {title: 旧栏, optional: true}
"""
LETTER = """
form: letter
title: 函
fields:
  - sent: {title: 发出日期, type: date}
"""
FLOW = """
workflow: visit
title: 检查
about: object
initial: open
start: {by: clerk}
fields:
  - people: {title: 人数, type: integer}
states:
  open: {title: 待检查, for: clerk}
  review:
    title: 待审核
    for: chief
    verbs: [correct: {by: [clerk, chief]}, ask: {by: chief, among: [clerk]}]
  sent:
    title: 待发
    for: chief
    verbs: [correct: {by: clerk, approve: chief}, ask: {by: chief, among: [clerk]}]
  done: {title: 办结, final: true}
clocks:
  due: {title: 公示时限, during: [review, sent], deadline: 20 working days, since: forms.note.on, basis: 某办法 第一条}
transitions:
  - do: check
    title: 完成检查
    from: open
    to: review
    form: note
    require: [{that: form.staff > 1, else: 人数太少, basis: 某办法 第二条}]
    then: [{set: {people: = form.staff}}]
  - do: send
    title: 发函
    from: review
    to: sent
    form: letter
    require: [{that: form.sent >= forms.note.on, else: 发函不能早于检查, basis: 某办法 第三条}]
  - {do: finish, title: 办结, from: sent, to: done}
"""
PROCESS = process_of(FLOW, NOTE, LETTER)
ANSWERS: dict[str, Any] = {
    "on": "2024-08-30",
    "staff": 12,
    "half": "6",
    "kind": "a",
    "signed": True,
    "by": ["anna"],
}


def checked() -> Walk:
    """Return a case whose form was handed in, waiting for review since 2 September 2024."""
    case = Walk("", process=PROCESS)
    given = {name: value for name, value in ANSWERS.items() if name != "half"}
    case.take("check", answers=given)
    # What the step sets; a walk decides alone and carries no effects out.
    case.case = replace(case.case, fields={"people": 12})
    return case


def passage_of(case: Walk) -> CasePath:
    """Return the way of a case whose form was taken by the first step, which has set `people`."""
    given = case.case.forms.get("note", {})
    step = TakenStep(
        step="check",
        source="open",
        target="review",
        at=shanghai("2024-09-02"),
        before=replace(case.case, state="open", fields={}, forms={}),
        fields={"people": 12},
        given=given,
        latest=frozenset({"note"}),
    )
    return CasePath(taken=(step,))


def put(case: Walk, fact: str, value: str, actor: Any = CARL, **how: Any) -> Any:
    known = {"reason": "打错了", "passage": passage_of(case), **how}
    command = Correct(actor=actor, fact=fact, value=value, **known)
    return correct(case.process, case.case, command, case.now)


def test_a_typed_day_is_put_right_with_its_clock_and_the_old_one_is_named() -> None:
    case = checked()
    before = case.case.clocks["due"].due_on
    kind, change, notified = happened(put(case, "note.on", "2024-08-28", ANNA))
    assert (kind, change.form, change.state) == (EventKind.CORRECTED, "note", None)
    assert change.answers is not None
    assert (change.answers["on"], change.answers["staff"]) == ("2024-08-28", 12)
    moved = change.clocks["due"]
    assert moved is not None
    # Counted by hand: 29 and 30 August are two of the twenty, 14 September is a working day, 15 to 17 are days off.
    assert (before.isoformat(), moved.due_on.isoformat()) == ("2024-09-29", "2024-09-26")
    assert notified == ("chief",)
    case.do(Correct(actor=ANNA, fact="note.on", value="2024-08-28", reason="打错了"))
    assert case.case.state == "review"
    assert case.case.forms["note"]["on"] == "2024-08-28"


def test_what_is_worked_out_and_set_from_it_follows() -> None:
    case = checked()
    _, change, _ = happened(put(case, "人数", "10"))
    assert change.answers is not None
    assert (change.answers["staff"], str(change.answers["half"])) == (10, "5")
    assert dict(change.fields) == {"people": 10}


def test_choices_and_truths_are_typed_in_words() -> None:
    case = checked()
    for fact, typed, kept in (("note.kind", "乙", "b"), ("记录.种类", "b", "b")):
        _, change, _ = happened(put(case, fact, typed))
        assert change.answers is not None
        assert change.answers["kind"] == kept
    outcome = put(case, "note.kind", "乙")
    assert not isinstance(outcome, Refusal)
    assert outcome[1] == "更正《记录》的“种类”：甲 改为 乙"


@pytest.mark.parametrize(
    ("fact", "value", "said"),
    [
        ("note.on", "2024-08-30", "本来就是"),
        ("note.on", "soon", "应为"),
        ("note.on", "2025-01-01", "不能晚于今天"),
        ("note.staff", "1", "人数太少"),
        ("note.nothing", "1", "没有“note.nothing”"),
        ("letter.sent", "2024-09-01", "没有“letter.sent”"),
        ("note.half", "3", "由系统计算"),
        ("note.by", "carl", "不是一个值"),
        ("note.signed", "否", "取决于“已签”"),
        ("note.why", "x", "当时没有填"),
        ("note.old", "x", "当时没有填"),
    ],
)
def test_what_cannot_stand_is_refused_with_its_reason(fact: str, value: str, said: str) -> None:
    outcome = put(checked(), fact, value)
    assert isinstance(outcome, Refusal)
    assert said in str(outcome.reasons[0]), [str(one) for one in outcome.reasons]


def test_a_later_step_is_asked_too() -> None:
    case = checked()
    case.take("send", CARL, answers={"sent": "2024-09-02"})
    # The letter of 2 September would have been sent before the visit.
    case.at("2024-09-04")
    outcome = put(case, "note.on", "2024-09-03", ANNA, granted=True)
    assert isinstance(outcome, Refusal)
    assert "发函不能早于检查" in str(outcome.reasons[0])


def test_without_a_reason_or_by_somebody_else_nothing_is_put_right() -> None:
    assert codes(put(checked(), "note.staff", "10", reason=" ")) == ["reason"]
    assert codes(put(checked(), "note.staff", "10", DORA)) == ["not-allowed"]
    assert codes(put(Walk("", process=PROCESS), "note.staff", "10")) == ["state"]


def test_it_can_ask_for_approval_by_somebody_else() -> None:
    case = checked()
    case.take("send", CARL, answers={"sent": "2024-09-02"})
    asked = decide(
        case.process,
        case.case,
        Correct(actor=ANNA, fact="note.staff", value="10", reason="打错了"),
        case.now,
    )
    assert not isinstance(asked, Refusal)
    assert (asked.kind, asked.change.answers) == (EventKind.ASKED, None)
    case.do(Correct(actor=ANNA, fact="note.staff", value="10", reason="打错了"))
    case.do(Approve(actor=CARL, verb="correct", granted=True, passage=passage_of(case)))
    assert case.case.forms["note"]["staff"] == 10
    assert case.case.fields["people"] == 10
    assert not case.case.asked


@pytest.mark.parametrize("approved", [False, True])
def test_a_question_for_a_correction_ends_by_an_answer_once_something_was_corrected(approved: bool) -> None:
    case = checked()
    if approved:
        case.take("send", CARL, answers={"sent": "2024-09-02"})
    case.do(Ask(actor=CARL, to=ANNA, what="correct", reason="人数不对"))
    done = case.do(Reply(actor=ANNA, reason="已补"))
    assert [to for to, _ in done.notices] == ["p:carl"]
    assert case.case.asked["ask"]["answer"] == "已补"
    case.do(Correct(actor=ANNA, fact="note.staff", value="13", reason="数错"))
    # What waits for an approval has been asked for: the answer is one.
    assert ("correct" in case.case.asked) == approved
    if approved:
        case.do(Approve(actor=CARL, verb="correct", granted=True))
        assert case.case.asked["ask"]["corrected"] is True
    case.do(Reply(actor=ANNA, reason="已补"))
    assert not case.case.asked


def test_an_answer_that_nothing_is_to_be_corrected_ends_once_whoever_asked_agrees() -> None:
    case = checked()
    case.do(Ask(actor=CARL, to=ANNA, what="correct", reason="人数不对"))
    assert codes(reply(case.process, case.case, Reply(actor=CARL, reason="好"), case.now)) == ["not-allowed"]
    case.do(Reply(actor=ANNA, reason="核对过，不必改"))
    done = case.do(Reply(actor=CARL, reason="认可"))
    assert [to for to, _ in done.notices] == ["p:anna"]
    assert not case.case.asked


def test_the_time_of_a_pause_stays_given_back_when_its_day_is_put_right() -> None:
    flow = FLOW.replace(
        "  due: {title: 公示时限, during: [review, sent],",
        "  month: {title: 一月, during: [review, sent], deadline: {1 months: suggested}, since: forms.note.on, pauses_in: sent}\n"
        "  due: {title: 公示时限, during: [review, sent], pauses_in: sent,",
    ).replace("  - {do: finish,", "  - {do: back, title: 退, from: sent, to: review}\n  - {do: finish,")
    process = process_of(flow, NOTE, LETTER)
    case = Walk("", process=process, at="2024-09-02")
    case.take("check", answers={**{n: v for n, v in ANSWERS.items() if n != "half"}, "on": "2024-08-30"})
    begun = {name: clock.due_on.isoformat() for name, clock in case.case.clocks.items()}
    assert begun == {"due": "2024-09-29", "month": "2024-09-30"}
    case.take("send", CARL, {"sent": "2024-09-02"})
    case.at("2024-09-05").take("back", CARL)
    waited = {name: clock.due_on.isoformat() for name, clock in case.case.clocks.items()}
    # Three working days, and three days; 1 to 7 October are days off.
    assert waited == {"due": "2024-10-09", "month": "2024-10-03"}
    _, change, _ = happened(put(case, "note.on", "2024-08-28", ANNA))
    moved = {name: clock.due_on.isoformat() for name, clock in change.clocks.items() if clock is not None}
    # Two working days and two days earlier than before.
    assert moved == {"due": "2024-09-30", "month": "2024-10-01"}


def test_an_answer_that_has_decided_where_the_case_went_is_not_put_right_alone() -> None:
    flow = FLOW.replace(
        "    to: review\n    form: note", "    to: [review: form.staff > 5, else: sent]\n    form: note"
    )
    assert flow != FLOW
    case = Walk("", process=process_of(flow, NOTE, LETTER))
    case.take("check", answers={name: value for name, value in ANSWERS.items() if name != "half"})
    assert case.case.state == "review"
    case.case = replace(case.case, fields={"people": 12})
    outcome = put(case, "note.staff", "3")
    assert codes(outcome) == ["state"]
    assert "应转入“待发”" in str(outcome)
    assert not isinstance(put(case, "note.staff", "6"), Refusal)


def one_step(step: str) -> str:
    """Return a process in which one step that stays can be taken and its answers corrected."""
    return f"""
    workflow: filled
    title: 件
    about: none
    initial: open
    start: {{by: clerk}}
    verbs: [correct: {{by: clerk}}]
    states:
      open: {{title: 待办, for: clerk, no deadline: 无}}
      done: {{title: 完, final: true}}
    transitions:
      - {step}
      - {{do: close, title: 完, from: open, to: done}}
    """


def test_columns_of_rows_that_read_the_answer_are_worked_out_anew() -> None:
    form = """
    form: bill
    title: 单
    fields:
      - price: {title: 单价, type: integer}
      - lines:
          title: 明细
          columns:
            - q: {title: 量, type: integer}
            - amount: {title: 额, type: integer, computed: it.q * form.price}
      - total: {title: 计, type: integer, computed: "sum(form.lines, it.amount)"}
      - most: {title: 上限, type: integer}
      - notes: {title: 说明, columns: [{why: {title: 缘由, when: form.most > 5}}]}
    """
    flow = one_step("{do: bill, title: 开单, from: open, form: bill}")
    case = Walk("", process=process_of(flow, form))
    case.take("bill", answers={"price": 2, "lines": [{"q": 3}, {"q": 5}], "most": 7, "notes": [{"why": "x"}]})
    assert case.case.forms["bill"]["total"] == 16
    command = Correct(actor=ANNA, fact="bill.price", value="10", reason="看错")
    _, change, _ = happened(correct(case.process, case.case, command, case.now))
    assert change.answers is not None
    assert ([row["amount"] for row in change.answers["lines"]], change.answers["total"]) == ([30, 50], 80)
    # Whether a cell was asked for depends on it.
    refused = Correct(actor=ANNA, fact="bill.most", value="3", reason="看错")
    assert "取决于“上限”" in str(correct(case.process, case.case, refused, case.now))


@pytest.mark.parametrize(
    ("fact", "value", "said"),
    [
        ("sum.t", "", "必须填写"),
        ("sum.t", "\u200b", "必须填写"),
        # What is worked out from it is against a constraint of the form, of the step, of its own.
        ("sum.b", "150", "和须小于一百"),
        ("sum.a", "8", "取决于“甲”"),
        ("sum.b", "30", "和须小于二十"),
        ("sum.b", "16", "和不能是十七"),
        # Another answer may be chosen only with the one that is put right.
        ("sum.area", "s", "取决于“地区”"),
    ],
)
def test_what_the_form_would_refuse_is_refused(fact: str, value: str, said: str) -> None:
    form = """
    form: sum
    title: 和
    fields:
      - t: {title: 说明}
      - note: {title: 备注, optional: true}
      - a: {title: 甲, integer}
      - twice: {title: 两倍, integer, computed: form.a * 2}
      - more: {title: 较多的说明, when: "form.twice > 10 and form.twice < 90"}
      - b: {title: 乙, integer}
      - next: {title: 乙加一, integer, computed: form.b + 1, constraint: [{that: form.next != 17, else: 和不能是十七}]}
      - area: {title: 地区, choices: {n: 北, s: 南}}
      - kind: {title: 种类, choices: {x: 子, y: 丑}, offered: [{codes: [x], when: form.area == 'n'}]}
    constraints:
      - {that: form.next < 100, else: 和须小于一百}
    """
    flow = one_step(
        "{do: sum, title: 计, from: open, form: sum, require: [{that: form.next < 20, else: 和须小于二十}]}"
    )
    case = Walk("", process=process_of(flow, form))
    given = {"t": "有", "note": "有", "a": 3, "b": 5, "area": "n", "kind": "x"}
    case.take("sum", answers=given)
    outcome = correct(
        case.process, case.case, Correct(actor=ANNA, fact=fact, value=value, reason="错"), case.now
    )
    assert isinstance(outcome, Refusal)
    assert said in str(outcome.reasons[0]), [str(one) for one in outcome.reasons]
    # What may stay empty may be emptied.
    happened(
        correct(
            case.process, case.case, Correct(actor=ANNA, fact="sum.note", value="", reason="错"), case.now
        )
    )
