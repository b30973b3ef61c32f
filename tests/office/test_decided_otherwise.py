"""更正 of an answer by which something would have been decided otherwise is refused, whatever had read it; of any other it is not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from bureau_factories import Bureau, done

from engine.kernel.refusal import Refusal

FORM = "form: f\ntitle: 表\nfields:\n  - a: {title: 数, type: integer}\n  - d: {title: 日, type: date}\n"
OTHER = "form: g\ntitle: 乙\nfields:\n  - m: {title: 乘, type: integer%s}\n"
CHILD = """
workflow: k
title: 子
about: none
initial: k1
fields: [v: {title: v, type: integer}]
states:
  k1: {title: 子办, for: clerk, no deadline: 无}
  k2: {title: 子完, final: true}
transitions:
  - {do: kd, title: 办, from: k1, to: k2}
"""
WORKFLOW = """
workflow: w
title: 件
about: none
initial: s
start: {by: clerk}
parties: {team: 组}
fields: [x: {title: x, type: integer}, y: {title: y, type: integer}]
verbs: [correct: {by: [clerk, chief]}]
CLOCKS
states:
  s: {title: 始, for: clerk, no deadline: 无}
  t: {title: 中, for: clerkIDLE}
  big: {title: 大, for: clerk, no deadline: 无}
  views:
    title: 征求
    branches:
      law: {title: 法, for: clerk, form: g}
      money: {title: 财, for: chief, form: g, when: MONEY}
  u: {title: 后, for: clerk, no deadline: 无}
  z: {title: 完, final: true, open_children: leave}
transitions:
  - {do: direct, title: 直, from: s, to: big}
  - {do: go, title: 去, from: s, to: t, form: f, then: [{set: {x: = form.a}}]}
  - {do: ask, title: 征求意见, from: t, to: views}
  - {do: enough, title: 够, from: views, to: u, automatic: true, when: branches.WANTED}
  - {do: on, title: 续, from: t, to: uON}
BESIDE
  - {do: bigdone, title: 续大, from: big, to: u}
  - {do: fin, title: 完, from: u, to: z}
"""
CLOCK = (
    "clocks:\n  c: {title: 钟, deadline: 10 days, roll: none, basis: 内部规定, during: [t], since: forms.f.d}"
)
AUTOMATIC = "  - {do: auto, title: 自, from: t, to: big, automatic: true, when: %s}"


@dataclass(frozen=True)
class Office:
    """What is said in the file besides, and what the step was answered with."""

    on: str = ""
    beside: str = ""
    clocks: str = ""
    wanted: str = "open == 0"
    money: str = "forms.f.a > 10"
    other: str = OTHER % ""
    answers: dict[str, Any] | None = None
    branches: bool = False
    until: str | None = None
    files: tuple[str, ...] = field(default=(CHILD,))

    def corrected(self, fact: str, value: str) -> tuple[object, Bureau, str]:
        """Return what comes of putting an answer right once the case has gone on, the bureau and the case."""
        text = WORKFLOW
        for word, said in {
            "CLOCKS": self.clocks,
            "IDLE": "" if self.clocks else ", no deadline: 无",
            "MONEY": self.money,
            "WANTED": self.wanted,
            "BESIDE": self.beside,
            "uON": "u" + self.on,
        }.items():
            text = text.replace(word, said)
        bureau = Bureau(FORM, self.other, text, *self.files)
        case = bureau.start("w", section="north")
        bureau.take(case, "go", answers={"a": 1, "d": "2024-09-10"})
        if self.until:
            bureau.until(self.until)
        if self.branches:
            bureau.take(case, "ask")
            bureau.take(case, "law", answers=self.answers)
        else:
            bureau.take(case, "on", answers=self.answers)
        assert bureau.state(case) == "u"
        found = bureau.application.do("correct", case, "carl", fact=fact, value=value, reason="填错")
        return found, bureau, case


VIEWS: dict[str, Any] = {"branches": True, "answers": {"m": 2}}
FORM_TAKEN: dict[str, Any] = {"on": ", form: g", "answers": {"m": 2}}
MORE = OTHER % "" + "  - q: {title: 问, type: integer, %s}\n"
DECIDED = {
    "a branch would have been asked": (Office(**VIEWS), "够"),
    "a branch would have been asked by a fact": (
        Office(money="case.x > 10", **VIEWS),
        "够",
    ),
    "the engine would have gone elsewhere": (Office(beside=AUTOMATIC % "forms.f.a > 10"), "大"),
    "the engine would have gone elsewhere by a fact": (Office(beside=AUTOMATIC % "case.x > 10"), "大"),
    "a requirement reads a fact": (Office(on=", require: [{that: case.x < 10, else: 太大}]"), "太大"),
    "a requirement reads the answer": (Office(on=", require: [{that: forms.f.a < 10, else: 太大}]"), "太大"),
    "a question of another form": (Office(other=MORE % "when: forms.f.a > 10", **FORM_TAKEN), "问"),
    "a question of another form by a fact": (Office(other=MORE % "when: case.x > 10", **FORM_TAKEN), "问"),
    "another form works it out": (Office(other=MORE % "computed: forms.f.a * form.m", **FORM_TAKEN), "问"),
    "another form bounds it": (
        Office(other=OTHER % ", constraint: [{that: case.x < 10, else: 太大}]", **FORM_TAKEN),
        "太大",
    ),
    "the form of a branch bounds it": (
        Office(
            wanted="done >= 1", other=OTHER % ", constraint: [{that: forms.f.a < 10, else: 太大}]", **VIEWS
        ),
        "太大",
    ),
    "a child would have been opened": (Office(on=", then: [{start: k, when: forms.f.a > 10}]"), "启动"),
    "a child was given it": (Office(on=", then: [{start: k, with: {v: = forms.f.a}}]"), "启动"),
    "somebody would have been told": (
        Office(on=", then: [{notify: chief, message: 大了, when: case.x > 10}]"),
        "通知",
    ),
    "somebody would have been named": (
        Office(on=", then: [{assign: {team: [anna]}, when: forms.f.a > 10}]"),
        "指派",
    ),
    "an effect reads a fact its own step sets": (
        Office(on=", then: [{set: {y: = case.x * 2}}, {start: k, when: case.y > 20}]"),
        "启动",
    ),
}


@pytest.mark.parametrize("name", DECIDED)
def test_what_would_have_been_decided_otherwise_is_refused(name: str) -> None:
    office, word = DECIDED[name]
    found, bureau, case = office.corrected("f.a", "30")
    assert isinstance(found, Refusal), name
    assert word in str(found)
    assert "退回" in str(found)
    assert bureau.case(case).forms["f"]["a"] == 1
    # The same answer put right so that nothing is otherwise decided.
    if "given" not in name and "works it out" not in name:
        found, bureau, case = office.corrected("f.a", "3")
        assert not isinstance(found, Refusal), str(found)
        assert bureau.case(case).fields["x"] == 3
        assert bureau.findings() == []


def test_a_period_that_would_have_ended_before_the_step_is_refused() -> None:
    expiry = "  - {do: expire, title: 期, from: t, to: big, on_expiry: c}"
    office = Office(beside=expiry, clocks=CLOCK, until="2024-09-16 09:00")
    found, _, _ = office.corrected("f.d", "2024-09-01")
    assert isinstance(found, Refusal)
    assert "大" in str(found)
    # It ends on the day of the step: it had not ended.
    found, _, _ = office.corrected("f.d", "2024-09-06")
    assert not isinstance(found, Refusal)


def test_a_limit_that_would_have_held_and_ended_before_the_step_is_refused() -> None:
    """The limit of three days holds for more than ten: it would have ended on 5 September."""
    limited = CLOCK.replace(
        ", since: forms.f.d",
        ", not_later_than: [{deadline: 3 days, when: case.x > 10, basis: 内部规定}]",
    )
    expiry = "  - {do: expire, title: 期, from: t, to: big, on_expiry: c}"
    office = Office(beside=expiry, clocks=limited, until="2024-09-09 09:00")
    assert isinstance(office.corrected("f.a", "30")[0], Refusal)
    assert not isinstance(office.corrected("f.a", "3")[0], Refusal)


def test_a_reading_of_a_clock_is_one_of_what_it_is_counted_from() -> None:
    office = Office(beside=AUTOMATIC % "clocks.c.late", clocks=CLOCK, until="2024-09-16 09:00")
    assert isinstance(office.corrected("f.d", "2024-09-01")[0], Refusal)
    assert not isinstance(office.corrected("f.d", "2024-09-08")[0], Refusal)


def test_what_nothing_of_the_way_had_to_wait_for_is_put_right() -> None:
    """A branch more would have been asked; one answer was enough, whichever."""
    found, bureau, case = Office(wanted="done >= 1", **VIEWS).corrected("f.a", "30")
    assert not isinstance(found, Refusal), str(found)
    assert bureau.case(case).fields["x"] == 30


def test_what_was_said_already_stays_said() -> None:
    """A message that would not have been sent is no reason to take a step again."""
    told = Office(on=", then: [{notify: chief, message: 小, when: forms.f.a < 10}]")
    assert not isinstance(told.corrected("f.a", "30")[0], Refusal)


def test_what_the_answer_does_not_decide_beside_what_is_not_known_any_more() -> None:
    """Children of then are not known; a clause that reads the answer beside them decides."""
    opens = "\n  - {do: open, title: 开, from: t, then: [{start: k}]}"
    beside = AUTOMATIC % "children.k.total + case.x > 10" + opens
    assert isinstance(Office(beside=beside).corrected("f.a", "3")[0], Refusal)
    waits = AUTOMATIC % "children.k.total > 0 and case.x > 10"
    assert isinstance(Office(beside=waits + opens).corrected("f.a", "30")[0], Refusal)
    assert not isinstance(Office(beside=waits + opens).corrected("f.a", "3")[0], Refusal)


VIEWED = """
workflow: w
title: 件
about: none
initial: s
start: {by: clerk, form: f, then: [{set: {x: = form.a}}]}
fields: [x: {title: x, type: integer}]
verbs: [correct: {by: clerk}]
states:
  s: {title: 始, for: clerk, no deadline: 无}
  views:
    title: 征求
    branches:
      law: {title: 法, for: clerk, form: g, when: case.x < 10}
      money: {title: 财, for: chief, form: g, when: case.x >= 10}
  u: {title: 后, for: clerk, no deadline: 无}
  z: {title: 完, final: true}
transitions:
  - {do: go, title: 去, from: s, to: views}
  - {do: more, title: 改数, from: views, by: clerk, then: [{set: {x: 30}}]}
  - {do: enough, title: 够, from: views, to: u, automatic: true, when: branches.open == 0}
  - {do: fin, title: 完, from: u, to: z}
"""


@pytest.mark.parametrize("how", ["put right", "set"])
def test_whoever_is_asked_for_another_branch_has_it_in_the_list(how: str) -> None:
    def listed(case: str) -> list[str]:
        return [who for who in ("anna", "carl") if case in bureau.work_items(who)]

    bureau = Bureau(FORM, OTHER % "", VIEWED)
    case = bureau.start("w", section="north", answers={"a": 1, "d": "2024-09-02"})
    bureau.take(case, "go")
    assert listed(case) == ["anna"]
    if how == "set":
        bureau.take(case, "more")
    else:
        done(bureau.application.do("correct", case, "anna", fact="f.a", value="30", reason="填错"))
        told = [one.recipient for one in bureau.outbox() if one.payload.get("about") == "corrected"]
        assert "carl" in told
    # The clerk has the other step of the state where it was set by one.
    assert "carl" in listed(case)
    bureau.take(case, "money", "carl", answers={"m": 1})
    assert bureau.state(case) == "u"
    assert bureau.findings() == []


def test_children_that_read_what_is_otherwise_are_told() -> None:
    reading = CHILD.replace("{title: v, type: integer}", "{title: v, type: integer}").replace(
        "{do: kd, title: 办, from: k1, to: k2}",
        "{do: kd, title: 办, from: k1, to: k2, then: [{set: {v: = parent.x}}]}",
    )
    parent = VIEWED.replace(
        "[x: {title: x, type: integer}]", "[x: {title: 上限, type: integer, to_children: true}]"
    )
    parent = parent.replace("from: s, to: views}", "from: s, to: views, then: [{start: k}]}").replace(
        "final: true}", "final: true, open_children: leave}"
    )
    bureau = Bureau(FORM, OTHER % "", reading, parent)
    case = bureau.start("w", section="north", answers={"a": 1, "d": "2024-09-02"})
    bureau.take(case, "go")
    bureau.take("k-1", "kd")
    result = done(bureau.application.do("correct", case, "anna", fact="f.a", value="2", reason="填错"))
    assert [str(one) for one in result.warnings] == [
        "子件看得到的“上限”随之改动，子件已按原来的办过的不随之改动，请核对：k-1"
    ]
    told = {
        one.recipient
        for one in bureau.outbox()
        if one.case == "k-1" and one.payload.get("about") == "corrected"
    }
    assert "anna" in told
    assert bureau.case("k-1").fields == {"v": 1}
