"""Conditions of sound types made at random, over answers, rows, clocks and children: the check judges them and never raises.

200 definitions of six conditions in every run, 20,000 with ``--soak``.
"""

from __future__ import annotations

from random import Random

from bureau_factories import BUREAU
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.definition.library import load_files
from engine.yamltext.problem import as_text

FEW, MANY = 200, 20_000

FORM = """\
form: sheet
title: 表
fields:
  - amount: {title: 金额, money}
  - n: {title: 数, integer, min: 0, max: 9}
  - m: {title: 数, integer, optional}
  - ok: {title: 是, boolean}
  - maybe: {title: 是, boolean, optional}
  - on: {title: 日期, date}
  - at: {title: 时, time}
  - who: {title: 人, person}
  - people: {title: 人, persons}
  - one: {title: 选, choices: {a: 甲, b: 乙, c: 丙}}
  - many: {title: 选, choices: {a: 甲, b: 乙, c: 丙}, several}
  - part: {title: 比, ratio}
  - said: {title: 文, optional}
  - found: {title: 有, type: yes-no-na}
  - lines: {title: 行, optional, columns: [kind: {title: 类, choices: {t: 差, o: 其}}, cost: {title: 费, money}, on: {title: 日, date}, q: {title: 数, integer, optional}]}
"""
WORKFLOW = """\
workflow: made
title: 试
about: none
initial: a
start: {by: clerk}
fields: [x: {title: 数, integer}, y: {title: 是, boolean}]
clocks: {due: {title: 期, during: [a, b], deadline: suggested 3 days}}
states:
  a:
    title: 甲
    for: clerk
    steps:
      go:
        title: 办
        to:
          - b: "%s"
          - else: done
        form: sheet
        require: [{that: "%s", else: 不行, basis: 条例 第一条}]
        then: [{start: kid, when: "%s"}, {set: {x: 3, y: true}, when: "%s"}]
  b: {title: 乙, for: clerk, steps: {x1: {title: 去, to: done, when: "%s"}, x2: {title: 又去, to: done, automatic, when: "%s"}}}
  done: {title: 毕, final, open_children: leave}
"""
KID = """\
workflow: kid
title: 子
about: none
initial: p
fields: [q: {title: 数, integer}]
states:
  p: {title: 甲, for: clerk, no deadline: 无, steps: {f: {title: 毕, to: z}}}
  z: {title: 毕, final}
"""
ORDER = ("==", "!=", "<", "<=", ">", ">=")
#: A field -> what it is compared with.
COMPARED = {
    "n": ("0", "1", "3", "5", "9", "12", "-1", "2.5"),
    "m": ("0", "3", "form.n", "form.n * 2", "length(form.people)"),
    "amount": ("0", "5", "3.50", "10000"),
    "on": ("today", "'2024-05-01'", "add(today, '3 days')", "case.opened_on"),
    "part": ("'5%'", "0.5", "'1/3'"),
    "at": ("'09:00'", "'17:30'"),
}
NAMED = {"one": ("'a'", "'b'", "'c'"), "found": ("'yes'", "'no'", "'n/a'"), "said": ("'x'", "''")}
#: Conditions of one piece.
WHOLE = (
    "form.ok",
    "form.maybe",
    "form.ok == true",
    "form.ok != false",
    "form.maybe == form.ok",
    "form.ok in [true]",
    "form.who in form.people",
    "1 < form.n < 5",
    "form.n == form.m",
    "form.n + form.m > 3",
    "'a' in form.many",
    "'b' not in form.many",
    "count(form.lines, it.q > 1) > 1",
    "sum(form.lines, it.q) > 1",
    "every(form.lines, it.q > 1 and it.q in [1, 2])",
    "some(form.lines, it.kind in ['t'])",
    "every(form.lines, it.on <= today)",
    "children.kid.open == 0",
    "children.kid.in.p > 1",
    "children.kid.total >= 2 and children.kid.in.p == children.kid.total",
    "count(children.kid, it.state == 'p') > 1",
    "every(children.kid, it.open)",
    "sum(children.kid, it.q) > 3",
    "clocks.due.late",
    "clocks.due.due_on > today",
)


def _piece(random: Random) -> str:
    which = random.randrange(6)
    if which == 0:
        name = random.choice(list(COMPARED))
        return f"form.{name} {random.choice(ORDER)} {random.choice(COMPARED[name])}"
    if which == 1:
        name = random.choice([one for one in COMPARED if one not in ("m", "at", "part")])
        values = [one for one in COMPARED[name] if "(" not in one and "." not in one.replace("2.5", "")]
        chosen = ", ".join(random.choice(values) for _ in range(random.randint(1, 3)))
        return f"form.{name} {random.choice(('in', 'not in'))} [{chosen}]"
    if which == 2:
        name = random.choice(list(NAMED))
        if random.random() < 1 / 2:
            return f"form.{name} {random.choice(('==', '!='))} {random.choice(NAMED[name])}"
        chosen = ", ".join(random.choice(NAMED[name]) for _ in range(random.randint(1, 3)))
        return f"form.{name} {random.choice(('in', 'not in'))} [{chosen}]"
    if which == 3:
        name = random.choice(("n", "m", "said", "maybe", "lines", "many"))
        return f"{random.choice(('filled', 'empty', 'asked'))}(form.{name})"
    if which == 4:
        name = random.choice(("many", "people", "lines"))
        return f"length(form.{name}) {random.choice(ORDER)} {random.randint(0, 4)}"
    return random.choice(WHOLE)


def condition(random: Random, depth: int = 0) -> str:
    """Return a condition of several pieces."""
    which = random.random()
    if depth < 2 and which < 0.45:
        parts = [condition(random, depth + 1) for _ in range(random.randint(2, 3))]
        return "(" + random.choice((" and ", " or ")).join(parts) + ")"
    if depth < 2 and which < 0.58:
        return f"not ({condition(random, depth + 1)})"
    return _piece(random)


def test_conditions_of_sound_types_are_judged(soak: bool) -> None:
    sound = 0

    @settings(max_examples=MANY if soak else FEW, deadline=None, database=None)
    @given(st.integers(0, 10**9))
    def judged(seed: int) -> None:
        nonlocal sound
        random = Random(seed)  # noqa: S311 - examples, no secrets
        conditions = [condition(random) for _ in range(6)]
        # Where the form is not asked, its last answers are read.
        conditions[4:] = [one.replace("form.", "forms.sheet.") for one in conditions[4:]]
        texts = {"form.sheet.yaml": FORM, "workflow.made.yaml": WORKFLOW % tuple(conditions)}
        loaded = load_files({"bureau.yaml": BUREAU, "workflow.kid.yaml": KID, **texts})
        assert as_text(loaded.problems, loaded.sources) or not loaded.problems
        assert all(one.line >= 1 for one in loaded.problems)
        assert {one.rule for one in loaded.problems if one.severity == "error"} <= MEANING, (
            conditions,
            as_text(loaded.problems, loaded.sources),
        )
        sound += loaded.sound

    judged()
    assert sound > FEW // 10


#: What such a condition may be refused for: it is always so or never, it reads what is not there yet, or nothing is left to do.
MEANING = {
    "constant-condition",
    "read-before-written",
    "nothing-left-to-do",
    "outcome-never-taken",
    "dead-transition",
}
