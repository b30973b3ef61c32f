"""Definitions made at random, each walked for twenty steps: nothing raises, every answer is a decision or a refusal.

What they have in their expressions is tried here; the 2,000 processes of `tests/workflows/test_random_processes.py` are those whose
automatic steps are compared with a naive look.
"""

from __future__ import annotations

from contextlib import suppress
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from walk_factories import ANNA, BELA, CARL, DORA, Walk, process_of

from engine.lifecycle.decide import Decision
from engine.lifecycle.expressions.expression import EvaluationError, Expression
from engine.lifecycle.process import Process
from engine.lifecycle.scope import make_scope

STEPS = 20
TYPES = {"n": "integer", "d": "decimal", "ok": "boolean", "on": "date", "who": "persons", "note": "text"}
UNITS = ("", ", unit: 元", ", unit: 人")


def number(random: Random, root: str, depth: int = 0) -> str:
    """Return an expression that gives a number without a unit."""
    # A part is made only where it was chosen: most of the cost of a definition was parts nobody took.
    which = random.randrange(8 if depth < 2 else 4)
    if which < 4:
        return (str(random.randint(0, 9)), f"{root}.n", "length(inspectors)", f"length({root}.who)")[which]
    inner = number(random, root, depth + 1)
    if which == 4:
        return f"({inner} {random.choice('+-*/')} {number(random, root, depth + 1)})"
    if which == 5:
        return f"round({inner}, {random.randint(0, 3)})"
    if which == 6:
        return f"count({root}.lines, it.a > {inner})"
    return f"{random.choice(('sum', 'min', 'max'))}({root}.lines, it.a * 2)"


def condition(random: Random, root: str, depth: int = 0) -> str:
    """Return an expression that is true or false."""
    operator = random.choice(("==", "!=", "<", "<=", ">", ">="))
    which = random.randrange(9 if depth < 2 else 7)
    if which == 0:
        return f"{number(random, root)} {operator} {number(random, root)}"
    if which == 7:
        joined = random.choice((" and ", " or "))
        return f"({joined.join(condition(random, root, depth + 1) for _ in range(2))})"
    if which == 8:
        return f"not ({condition(random, root, depth + 1)})"
    return (
        f"{random.choice(('filled', 'empty', 'asked'))}({root}.note)",
        f"{root}.on {operator} today",
        f"'anna' {random.choice(('in', 'not in'))} {root}.who",
        f"{root}.ok",
        f"{random.choice(('every', 'some'))}({root}.lines, it.a {operator} 3 or filled(it.b))",
        f"within({root}.who, collect(inspectors, it.id))",
    )[which - 1]


def quoted(text: str) -> str:
    return '"' + text + '"'


def definition(random: Random) -> tuple[str, str]:
    """Return a workflow and its form."""
    fields = []
    for name, kind in TYPES.items():
        said = ["title: 甲", f"type: {kind}"]
        if random.random() < 1 / 2:
            said.append("optional: true")
        if name == "note" and random.random() < 1 / 2:
            said.append(f"when: {quoted(condition(random, 'form').replace('form.note', 'form.on'))}")
        fields.append(f"  - {name}: {{{', '.join(said)}}}")
    rows = "  - lines: {title: 行, optional: true, columns: [a: {title: 甲, type: integer, optional: true}, b: {title: 乙, optional: true}]}"
    form = "form: sheet\ntitle: 表\nfields:\n" + "\n".join([*fields, rows]) + "\n"
    if random.random() < 1 / 2:
        form += f"constraints: [{{that: {quoted(condition(random, 'form'))}, else: 不行}}]\n"
    states = [f"s{number}" for number in range(random.randint(2, 4))]
    lines = ["workflow: made", "title: 试", "about: none", "initial: s0", "start: {by: clerk}"]
    lines += [
        "parties: {inspectors: 检查人员}",
        "fields: [total: {title: 数, type: integer}, kept: {title: 值}]",
        "states:",
    ]
    for state in states:
        overdue = "{at once: clerk, 2 days: {escalate: [chief, deputy], every: 3 days}}"
        deadline = (
            f", deadline: {random.randint(1, 9)} days, overdue: {overdue}" if random.random() < 1 / 2 else ""
        )
        verbs = random.choice(("", ", verbs: [claim]", ", verbs: [withdraw, urge: {by: chief}]"))
        lines.append(f"  {state}: {{title: 环节, for: clerk{deadline}{verbs}}}")
    lines += ["  done: {title: 办结, final: true}", "transitions:"]
    for number_, state in enumerate(states):
        target = states[number_ + 1] if number_ + 1 < len(states) else "done"
        lines += [
            f"  - do: go{number_}",
            "    title: 办理",
            f"    from: {state}",
            f"    to: {target}",
            "    form: sheet",
        ]
        if random.random() < 2 / 3:
            lines.append(
                f"    require: [{{that: {quoted(condition(random, 'form'))}, else: 不行, basis: 法}}]"
            )
        value = number(random, "form")
        # What is kept in a whole number says how it is rounded.
        value = f"round({value})" if "/" in value or "round" in value or "lines" in value else value
        lines.append(f"    then: [{{set: {{total: {quoted('= ' + value)}, kept: 原样}}}}]")
        back = random.choice([*states, ""])
        where = f", to: {back}" if back else ""
        lines.append(
            f"  - {{do: back{number_}, title: 退回, from: {state}{where}, when: {quoted(condition(random, 'forms.sheet'))}}}"
        )
    return "\n".join(lines) + "\n", form


def answers(random: Random) -> dict[str, Any]:
    """Return answers, some right and some not."""
    given: dict[str, Any] = {
        "n": random.choice([0, 3, 12, "many", None]),
        "d": random.choice(["1.50", "2", "x"]),
        "ok": random.choice([True, False, "是"]),
        "on": random.choice(["2024-09-01", "2024-09-02", "2024-02-30"]),
        "who": random.choice([["anna"], ["anna", "carl"], []]),
        "note": random.choice(["见附件", ""]),
        "lines": random.choice([[], [{"a": 1}, {"a": 5, "b": "x"}, {}], [{"a": "x"}]]),
    }
    return {name: value for name, value in given.items() if random.random() < 9 / 10}


def walked(process: Process, random: Random) -> int:
    """Walk one case; return how many of its steps were taken."""
    case = Walk("", process=process, parties={"inspectors": ("anna", "carl")})
    case.facts = {"people": {"anna": {"id": "anna", "name": "安娜"}}}
    taken = 0
    for _ in range(STEPS):
        ways = process.workflow.leaving(case.state)
        if not ways:
            break
        step, actor = random.choice(ways), random.choice((ANNA, BELA, CARL, DORA))
        given = answers(random) if step.form else None
        outcome = case.try_(step.id, actor, given)
        scope = {**make_scope(process, case.case, actor, case.now, case.facts), "form": given or {}}
        for effect in step.then:
            for expression in effect.arguments["set"].values():
                assert isinstance(expression, Expression)
                with suppress(EvaluationError):
                    expression.value(scope)
        if isinstance(outcome, Decision):
            case.apply(outcome, actor)
            taken += 1
        else:
            assert outcome.as_json()["reasons"]
    return taken


def made_and_walked(seed: int) -> int:
    random = Random(seed)  # noqa: S311 - examples, no secrets
    flow, form = definition(random)
    return walked(process_of(flow, form), random)


#: Walked in every run, and with ``--soak``: one costs about 8 milliseconds of a processor.
FEW, MANY = 200, 20_000


def test_nothing_raises(soak: bool) -> None:
    taken: list[int] = []

    @settings(max_examples=MANY if soak else FEW, deadline=None, database=None)
    @given(st.integers(0, 10**9))
    def walk(seed: int) -> None:
        taken.append(made_and_walked(seed))

    walk()
    assert sum(taken) > len(taken) // 3
