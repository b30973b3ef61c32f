"""Answers that pass are found from the conditions that refuse the others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from walk_factories import ANNA, BELA, Walk, process_of

from engine.authoring.simulate.answers import Setting
from engine.authoring.simulate.search import Memory, Search
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say
from engine.lifecycle.command import Actor, Advance
from engine.lifecycle.scope import make_scope

PROCESS = process_of(
    """
workflow: visit
title: 检查
about: object
initial: open
start: {by: clerk}
states:
  open: {title: 待检查, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: plain, title: 办结, from: open, to: done}
  - do: grant
    title: 许可
    from: open
    to: done
    form: grant
    require:
      - {that: form.amount >= 4321, else: 数额不足}
      - {that: form.kind == 'b', else: 类别不对}
      - {that: "form.day >= days_after(today, 10)", else: 须提前十日}
  - do: never
    title: 办不成
    from: open
    to: done
    form: empty
    require: [{that: "form.word == 'x' and form.word == 'y'", else: 两头矛盾}]
  - do: sort
    title: 分类
    from: open
    to: done
    form: sort
    require: [{that: form.why != 'a', else: 不能是甲}]
  - {do: name, title: 指名, from: open, to: done, form: name}
""",
    """
form: grant
title: 许可
fields:
  - amount: {title: 数额, type: integer}
  - kind: {title: 类别, choices: {a: 甲, b: 乙, c: 丙}}
  - day: {title: 日期, type: date}
""",
    """
form: sort
title: 分类
fields:
  - yes: {title: 是, type: boolean}
  - why: {title: 为何, choices: {a: 甲, b: 乙}, when: form.yes}
""",
    "form: name\ntitle: 指名\nfields:\n  - who: {title: 何人, persons}\n",
    "form: empty\ntitle: 空\nfields:\n  - word: {title: 词}\n",
)


def search(step: str, number: int = 1, actor: Actor = ANNA) -> tuple[Walk, Search]:
    walk = Walk("", process=PROCESS)
    form = PROCESS.steps("open")[step][0].form
    scope = make_scope(PROCESS, walk.case, actor, walk.now, {})
    found = Search(
        process=PROCESS,
        case=walk.case,
        command=Advance(actor=actor, step=step),
        setting=Setting(scope, walk.now, ("anna", "bela")),
        form=PROCESS.form(form) if form else None,
        item_forms=(),
        seed=("seed", number, step),
        number=number,
        now=walk.now,
    )
    return walk, found


def accepted(answers: Any) -> bool:
    walk, _ = search("grant")
    return not isinstance(walk.try_("grant", ANNA, answers), Refusal)


def test_a_step_without_a_form_needs_no_answers() -> None:
    _, found = search("plain")
    assert (found.run(Memory()), found.reasons) == ({}, ())
    _, refused = search("plain", actor=BELA)
    assert refused.run(Memory()) is None
    assert [reason.code for reason in refused.reasons] == ["not-allowed"]


def test_answers_are_found_and_remembered() -> None:
    memory = Memory()
    walk, found = search("grant")
    answers = found.run(memory)
    assert answers is not None
    assert accepted(answers)
    assert (answers["kind"], answers["amount"] >= 4321, answers["day"] >= "2024-09-12") == ("b", True, True)
    assert set(memory.passed) == {"visit.grant"}
    assert memory.failed == {}
    # Another case begins with what passed before, days being counted from its own.
    kept = {name: choose(found.setting) for name, choose in memory.passed["visit.grant"].items()}
    assert kept.items() <= {**answers}.items()
    for number in range(2, 6):
        again = search("grant", number)[1].run(memory)
        assert accepted(again)
    assert walk.state == "open"


def test_the_same_seed_finds_the_same_answers() -> None:
    assert search("grant")[1].run(Memory()) == search("grant")[1].run(Memory())


def test_what_cannot_be_met_is_given_up_with_the_reason() -> None:
    memory = Memory(failed={"visit.never": 3})
    _, found = search("never")
    assert found.run(memory) is None
    assert [str(reason.message) for reason in found.reasons] == ["两头矛盾"]
    assert memory.failed == {"visit.never": 4}
    assert memory.passed == {}


def test_an_answer_is_insisted_on_and_the_question_it_answers_is_made_to_be_put() -> None:
    _, found = search("sort")
    found.insisted = {"why": "b"}
    answers = found.run(Memory())
    assert answers == {"yes": True, "why": "b"}
    _, never = search("sort")
    never.insisted = {"why": "a"}
    never.setting = replace(never.setting, settled={"why": "a"})
    # A condition of the step is false by what is insisted on: nothing else is tried.
    assert (never.run(Memory()), len(never._refused)) == (None, 1)


def test_people_the_registers_do_not_have_are_not_named() -> None:
    _, found = search("name")
    found.against_people = lambda answers: (
        (RefusalReason("person", say("不在岗")),) if "bela" in answers["who"] else ()
    )
    assert found.run(Memory()) == {"who": ["anna"]}
