"""Processes made at random, of a parent and its children, with the words that look at other cases; and a naive look at what is due."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random
from typing import Any

from bureau_factories import PEOPLE, Bureau
from reference_factories import reference

from engine.app.definitions.cache import DefinitionCache
from engine.app.execution.effects.children import ended_by
from engine.app.ports.records import CaseFilter, Version
from engine.app.ports.store import Transaction
from engine.app.session.facts import facts_for
from engine.app.session.unit_of_work import UnitOfWork
from engine.definition.library import Loaded
from engine.kernel.refusal import Refusal
from engine.lifecycle.case import Case
from engine.lifecycle.command import ENGINE, Actor, Advance
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.lifecycle.decide import Decision, decide
from engine.lifecycle.model.bureau import Bureau as Settings
from engine.lifecycle.model.workflow import LEAVE, Transition, Workflow
from engine.lifecycle.process import Process

VERBS = "[claim, withdraw, entrust, circulate, add_signer: {by: [clerk, chief]}, return: {}, suspend: {by: chief}, void: {by: chief, to: dropped, with_children: true}]"
#: The same, but clocks that start again after a return go on from where they were.
KEEPING_VERBS = VERBS.replace("return: {}", "return: {keep_clocks: true}")
KID_VERBS = "[entrust, circulate, void: {by: chief, to: stopped}]"
SHEET = """
form: sheet
title: 表
fields:
  - n: {title: 数, type: integer, optional: true}
  - ok: {title: 是否, type: boolean, optional: true}
  - lines: {title: 行, optional: true, columns: [a: {title: 甲, type: integer, optional: true}]}
"""


def conditions(random: Random, state: str, branches: bool) -> str:
    """Return a condition an automatic step of the parent may have."""
    number = random.randint(0, 3)
    choices = [
        f"children.kid.in.k1 >= {number}",
        "children.kid.total > 0 and children.kid.open == 0",
        f"sum(children.kid, it.a) > {number}",
        f"length(collect(children.kid, it.a)) > {number}",
        "some(children.kid, it.state == 'k1')",
        "every(children.kid, it.open) and children.kid.total > 1",
        f"case.n > {number}",
        "filled(case.ok) and case.ok",
        f"today >= add(case.opened_on, '{number + 1} days')",
        "length(case.kept) > 1",
        f"clocks.{state}.late",
        f"filled(forms.sheet.n) and forms.sheet.n == {number}",
    ]
    if branches:
        choices += [
            "branches.done >= 1",
            "branches.open == 0",
            "branches.law.done and branches.law.answers.ok",
        ]
    return random.choice(choices)


def effects(random: Random, first: bool) -> str:
    """Return the effects of a step of the parent; those of the first start children."""
    number = random.randint(0, 3)
    choices = [
        "{set: {n: = form.n}, when: filled(form.n)}",
        "{set: {ok: = form.ok}, when: filled(form.ok)}",
        "{set: {kept: '= collect(children.kid, it.title)'}}",
        "{start: kid, each: form.lines, title: 子件, with: {a: = it.a}, when: filled(form.lines)}",
        "{start: kid, title: 子件}",
        f"{{end: kid, where: 'it.a > {number}', to: stopped, because: 不必了}}",
        "{end: kid, to: finished, because: 视同办好}",
        "{copy_to: [chief, applicant], message: 请阅}",
        "{notify: chief, message: 已办}",
        "{call: outside, send: {n: = case.n}}",
    ]
    chosen = random.sample(choices, random.randint(0, 2))
    if first and not any("start" in one for one in chosen):
        chosen.append(random.choice([one for one in choices if "start" in one]))
    return "[" + ", ".join(chosen) + "]"


def parent(random: Random) -> str:
    """Return a parent: its engine steps lead on, its people may also lead back."""
    names = [f"s{number}" for number in range(random.randint(2, 4))]
    locked = random.choice([*names[1:], ""])
    side_by_side = random.choice([*names[1:], ""])
    signed = random.choice([*names, ""])
    ends = random.choice((", open_children: refuse", ", open_children: leave"))
    verbs = VERBS if len(names) % 2 else KEEPING_VERBS
    lines = [
        "workflow: made",
        "title: 试",
        "about: none",
        "initial: s0",
        "start: {by: [clerk, chief], then: [{assign: {applicant: = actor.id}}]}",
        "parties: {applicant: 申请人}",
        "fields: [n: {title: 数, type: integer, to_children: true}, ok: {title: 是否, type: boolean}, kept: {title: 值, type: list}]",
        "states:",
    ]
    for name in names:
        lock = ", lock: 室" if name == locked else ""
        if name == side_by_side:
            lines.append(f"  {name}:\n    title: 环节\n    deadline: 3 days\n    branches:")
            lines.append("      law: {title: 甲, for: chief, form: sheet}")
            lines.append("      money: {title: 乙, for: clerk, when: 'filled(case.ok) and case.ok'}")
            continue
        who = random.choice(("clerk", "chief", "superior of applicant", "[clerk, chief]"))
        lines.append(
            f"  {name}: {{title: 环节, for: {who}{lock}, deadline: {random.randint(1, 5)} days, verbs: {verbs}}}"
        )
    lines += [
        f"  done: {{title: 办结, final: true{ends}}}",
        "  dropped: {title: 作废, final: true}",
        # It starts again after a return from the last state, and is paused in the second.
        f"clocks: {{whole: {{title: 总时限, during: [{', '.join(names[:2])}], pauses_in: {names[1]}, deadline: 9 working days}}}}",
        "transitions:",
    ]
    for at, name in enumerate(names):
        later = [*names[at + 1 :], "done"]
        if name == signed and name != side_by_side:
            by = random.choice(("[clerk, chief]", "superiors of applicant up to 2"))
            mode = random.choice(("all", "any", "in_order"))
            lines.append(
                f"  - {{do: sign{at}, title: 签, from: {name}, to: {later[0]}, sign: {{mode: {mode}, by: {by}}}}}"
            )
        skip = ", same_approver: skip" if random.random() < 1 / 3 else ""
        lines.append(f"  - {{do: plain{at}, title: 办, from: {name}, to: {later[0]}{skip}}}")
        lines.append(f"  - {{do: jump{at}, title: 跳, from: {name}, to: {random.choice(later)}}}")
        where = random.choice([f", to: {later[0]}", "", f", to: {random.choice(names)}"])
        lines.append(
            f"  - {{do: go{at}, title: 填, from: {name}{where}, form: sheet, then: {effects(random, at == 0)}}}"
        )
        for number in range(random.randint(0, 2)):
            when = conditions(random, name, name == side_by_side)
            lines.append(
                f'  - {{do: auto{at}{number}, title: 自动, from: {name}, to: {random.choice(later)}, automatic: true, when: "{when}"}}'
            )
        if random.random() < 1 / 4:
            lines.append(
                f"  - {{do: late{at}, title: 到期, from: {name}, to: {later[0]}, on_expiry: {name}}}"
            )
        if random.random() < 1 / 4:
            lines.append(
                f"  - {{do: join{at}, title: 汇合, from: {name}, to: {later[0]}, join: {{workflow: kid}}}}"
            )
        if random.random() < 1 / 4:
            lines.append(
                f"  - {{do: back{at}, title: 答复, from: {name}, to: {later[0]}, on_answer: outside, form: sheet}}"
            )
    lines.append("  - {do: ask, title: 问, from: s0, then: [{call: outside, send: {n: = case.n}}]}")
    return "\n".join(lines) + "\n"


def kid(random: Random) -> str:
    """Return a child that looks at its parent, at the day and at a lock."""
    lock = random.choice((", lock: 室", ""))
    number = random.randint(0, 3)
    when = random.choice(
        (
            f"parent.n > {number}",
            f"filled(parent.n) and parent.n == {number}",
            f"today > add(case.opened_on, '{number} days')",
            "filled(case.a) and case.a > 1",
        )
    )
    return f"""
workflow: kid
title: 子件
about: none
initial: k0
fields: [a: {{title: 甲, type: integer}}]
states:
  k0: {{title: 在办, for: clerk, deadline: 2 days, verbs: {KID_VERBS}}}
  k1: {{title: 已报, for: clerk, deadline: 2 days{lock}, verbs: {KID_VERBS}}}
  finished: {{title: 已办, final: true}}
  stopped: {{title: 停办, final: true}}
transitions:
  - {{do: report, title: 报, from: k0, to: k1, form: sheet, then: [{{set: {{a: = form.n}}, when: filled(form.n)}}]}}
  - {{do: alone, title: 自动, from: {random.choice(("k0", "k1"))}, to: finished, automatic: true, when: "{when}"}}
  - {{do: again, title: 重报, from: k1, to: k0}}
  - {{do: finish, title: 办结, from: [k0, k1], to: finished}}
"""


class Published(DefinitionCache):
    """The definitions in force, taken from what was loaded to be published: reading their texts a second time is a fifth of a walk."""

    def __init__(self, time: DeadlineCalculator, loaded: Loaded) -> None:
        super().__init__(time)
        self._loaded = loaded

    def _read_texts(self, transaction: Transaction, row: Version) -> tuple[Workflow, Settings]:
        assert self._loaded.bureau is not None
        return self._loaded.workflows[row.workflow], self._loaded.bureau


def bureau_of(random: Random) -> Bureau | None:
    """Return a bureau with a random process; None where the check finds an error in it, which is what the check is for."""
    try:
        bureau = Bureau(*reference("bureau"), SHEET, kid(random), parent(random))
    except AssertionError as problem:
        # `publish` says what the check has found.
        if "UnitOfWork" in str(problem):
            raise
        return None
    bureau.application.definitions = Published(bureau.application.definitions.time, bureau.loaded)
    with bureau.store.write() as transaction:
        rows = []
        for person, (section, _) in PEOPLE.items():
            entry = transaction.registers.get("people", person)
            if entry is not None:
                led = {"north": "carl", "south": "cora", None: None}[section]
                data = {**entry.data, "superior": "dora" if led == person else led}
                rows.append(type(entry)("people", person, entry.name, section, data))
        transaction.registers.put(rows, bureau.clock.now())
    return bureau


def missed(bureau: Bureau) -> list[str]:
    """Return the automatic steps that could be taken now, by trying each of every open case with facts fetched anew."""
    found = []
    with bureau.store.read() as transaction:
        cases = transaction.cases.find(CaseFilter(open=True), limit=10_000)
        for case in cases:
            if case.suspended_at is not None:
                continue
            process = bureau.application.definitions.get(transaction, case.workflow, case.version)
            for step in process.workflow.leaving(case.state):
                if step.automatic or step.join or step.on_expiry:
                    uow = UnitOfWork(bureau.application, transaction, bureau.clock.now())
                    if _could_be_taken(uow, transaction, process, case, step, cases):
                        found.append(f"{case.id} {case.state}: {step.id}")
    return found


def _could_be_taken(
    uow: UnitOfWork,
    transaction: Transaction,
    process: Process,
    case: Case,
    step: Transition,
    cases: list[Case],
) -> bool:
    children = transaction.cases.find(CaseFilter(parent=case.id), limit=10_000)
    if step.join is not None and any(
        child.open and child.workflow == step.join.workflow and child.state not in step.join.states
        for child in children
    ):
        return False
    if step.on_expiry is not None:
        clock = case.clocks.get(step.on_expiry)
        ended = (
            any(
                event.kind == "overdue"
                and event.body.get("step") == step.on_expiry
                and event.at >= clock.due_at
                for event in transaction.events.of(case.id, limit=10_000)
            )
            if clock is not None
            else False
        )
        if not ended:
            return False
    command = Advance(step=step.id, actor=Actor(ENGINE))
    facts = facts_for(uow, process, case, command)
    decision = decide(process, case, Advance(step=step.id, actor=Actor(ENGINE), facts=facts), uow.now)
    if not isinstance(decision, Decision):
        return False
    target = decision.change.state
    if target is None:
        return True
    ending = [one for one in decision.effects if one.kind == "end"]
    gone = {child.id for one in ending for child in ended_by(uow, case, one, decision.scope)}
    left = any(child.open and child.id not in gone for child in children)
    if process.state(target).final and left and process.state(target).open_children != LEAVE:
        return False
    lock = process.state(target).lock
    if lock is None or lock == process.state(case.state).lock:
        return True
    return not any(_holds(uow, other, lock) for other in cases if other.id != case.id)


def _holds(uow: UnitOfWork, case: Case, lock: str) -> bool:
    return uow.process(case).state(case.state).lock == lock


def answers(random: Random) -> dict[str, Any]:
    """Return answers to the sheet."""
    given = {
        "n": random.choice([0, 1, 2, 3, 7]),
        "ok": random.choice([True, False]),
        "lines": random.choice([[], [{"a": 1}], [{"a": 2}, {"a": 5}, {}]]),
    }
    return {name: value for name, value in given.items() if random.random() < 2 / 3}


def acts(random: Random) -> Iterator[str]:
    """Yield what is tried, twenty times."""
    yield from random.choices(("step", "verb", "day", "hours", "answer"), weights=(10, 4, 3, 2, 1), k=20)


#: An exception as an incident says it.
RAISED = re.compile(r"^\w+(Error|Exception|Interrupt): ")


def is_loop(outcome: object) -> bool:
    """Tell whether something was refused because engine steps did not come to an end."""
    return isinstance(outcome, Refusal) and any(reason.code == "loop" for reason in outcome.reasons)
