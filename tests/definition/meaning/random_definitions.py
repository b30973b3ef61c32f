"""Definitions made at random for the rules over the meaning, and a naive look at whether a case can still go on.

Small on purpose: answers are choices and yes or no, so that all of them can be tried. What is drawn leans to what goes wrong: guards without else,
forms that are read before they are filled, engine steps on conditions, children that wait for their parent, private answers in titles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from random import Random
from typing import Any

from bureau_factories import BUREAU, PEOPLE, Bureau
from hypothesis import strategies as st

from engine.app.definitions.versions import add_versions
from engine.app.history.requests import CommandResult
from engine.app.ports.records import CaseFilter
from engine.definition.library import Loaded, load_files
from engine.kernel.refusal import Refusal
from engine.lifecycle.case import Case
from engine.lifecycle.command import SYSTEM
from engine.lifecycle.process import Process

#: What nobody outside may read: it stands in every private answer.
PRIVATE = "不得外传"
#: So many days pass before a case is said to stand for ever; no period that is drawn is as long.
DAYS = 40
FORMS = ("first", "second")
FORM = """
form: {name}
title: 表{name}
fields:
  - route: {{title: 去向, choices: {{a: 甲, b: 乙, c: 丙}}}}
  - ok: {{title: 是否, type: boolean}}
  - note: {{title: 备注, optional: true}}
  - shown: {{title: 公开的话, public: true, optional: true}}
"""


@dataclass(frozen=True)
class Made:
    """The texts of a definition, and where its runs begin."""

    texts: dict[str, str]
    seed: int

    def loaded(self) -> Loaded:
        """Return what the check says of them."""
        return load_files(self.texts)


def _conditions(form: str | None) -> list[str]:
    found = [
        "case.flag == true",
        "case.way == 'a'",
        "case.way != 'b'",
        "forms.first.ok",
        "not forms.first.ok",
    ]
    found += ["forms.second.route == 'b'", "filled(forms.second.route)", "not filled(case.way)"]
    if form is not None:
        own = ["form.ok", "not form.ok", *(f"form.route == '{code}'" for code in "abc")]
        found += [*own, *own, "form.route in ['a', 'b']", "form.ok and form.route == 'c'"]
    return found


@st.composite
def definitions(draw: st.DrawFn) -> Made:
    """Draw a workflow with a child."""
    names = [f"s{number}" for number in range(draw(st.integers(2, 4)))]
    targets = [*names[1:], "done"]
    states: list[str] = []
    steps: list[str] = []
    with_child = draw(st.booleans())
    kinds = ["people", "people", "people", "engine", "days", *(["children"] if with_child else [])]
    for at, name in enumerate(names):
        later = [*names[at + 1 :], "done"]
        kind = draw(st.sampled_from(kinds)) if at else "people"
        who = draw(st.sampled_from(["clerk", "chief"]))
        if kind == "people":
            states.append(f"  {name}: {{title: 环节{at}, for: {who}, deadline: {{3 days: suggested}}}}")
            steps += draw(_by_people(at, name, later, targets, with_child))
        elif kind == "engine":
            states.append(f"  {name}: {{title: 环节{at}}}")
            steps += draw(_by_engine(at, name, later, with_child))
        elif kind == "children":
            states.append(f"  {name}: {{title: 环节{at}}}")
            reached = draw(st.sampled_from(["[ended]", "[ended]", "[k0]"]))
            steps.append(
                f"  - {{do: join{at}, title: 汇合, from: {name}, to: {later[0]}, join: {{workflow: kid, reached: {reached}}}}}"
            )
        else:
            states.append(f"  {name}: {{title: 环节{at}, for: {who}, deadline: {{5 days: suggested}}}}")
            way = draw(st.sampled_from(["after: 3 days", f"on_expiry: {name}"]))
            steps.append(f"  - {{do: late{at}, title: 到期, from: {name}, to: {later[0]}, {way}}}")
    # Both forms are filled by some step, so that conditions may name them.
    steps.append("  - {do: more, title: 补填, from: s0, form: first}")
    steps.append(
        f"  - {{do: again, title: 补填, from: {draw(st.sampled_from(names))}, by: [clerk, chief], form: second}}"
    )
    kid = draw(_kid())
    workflow = "\n".join(
        [
            "workflow: made",
            "title: 试",
            "about: none",
            "initial: s0",
            "start: {by: [clerk, chief]}",
            "fields: [flag: {title: 旗, type: boolean}, way: {title: 路, choices: {a: 甲, b: 乙, c: 丙}}, kept: {title: 记}, open: {title: 公开, public: true}]",
            "states:",
            *states,
            "  done: {title: 办结, final: true, open_children: leave}",
            "transitions:",
            *steps,
        ]
    )
    texts = {"bureau.yaml": BUREAU, "made.yaml": workflow + "\n", **({"kid.yaml": kid} if with_child else {})}
    texts |= {f"{name}.yaml": FORM.format(name=name) for name in FORMS}
    return Made(texts, draw(st.integers(0, 999)))


@st.composite
def _by_people(
    draw: st.DrawFn, at: int, name: str, later: list[str], targets: list[str], with_child: bool
) -> list[str]:
    form = draw(st.sampled_from([None, "first", "second"]))
    asked = f", form: {form}" if form else ""
    count = draw(st.integers(1, 3)) if form else 1
    found = []
    otherwise = draw(st.integers(0, 3)) > 0
    for number in range(count):
        target = draw(st.sampled_from(targets)) if number else later[0]
        last = number == count - 1
        when = "" if last and otherwise else f', when: "{draw(st.sampled_from(_conditions(form)))}"'
        then = draw(_effects(form, with_child))
        found.append(f"  - {{do: act{at}, title: 办理{at}, from: {name}, to: {target}{asked}{when}{then}}}")
    if draw(st.integers(0, 5)) == 0:
        who = draw(st.sampled_from(["clerk", "chief", "deputy"]))
        found.append(
            f"  - {{do: skip{at}, title: 跳过, from: {name}, to: {later[-1]}, by: {who}, reason: true}}"
        )
    return found


@st.composite
def _effects(draw: st.DrawFn, form: str | None, with_child: bool) -> str:
    pool = [
        "start: kid, title: 子件",
        "start: kid, title: 子件, with: {go: true}",
        "set: {flag: true}",
        "set: {way: a}",
    ]
    pool += [
        "publish: result",
        'publish: result, title: "{{ case.kept }}"',
        'publish: result, title: "{{ case.open }}"',
    ]
    if form:
        pool += [
            "set: {way: = form.route}",
            "set: {flag: = form.ok}",
            "set: {kept: = form.note}",
            "set: {open: = form.note}",
        ]
        pool += [
            "set: {open: = form.shown}",
            'publish: result, title: "{{ form.note }}"',
            'publish: result, title: "{{ form.shown }}"',
        ]
        pool += [
            'start: kid, title: "{{ form.note }}"',
            "start: kid, title: 子件, with: {said: = form.note, go: = form.ok}",
        ]
    if not with_child:
        pool = [one for one in pool if not one.startswith("start")]
    chosen = draw(st.lists(st.sampled_from(pool), max_size=2, unique=True))
    return ", then: [" + ", ".join("{" + one + "}" for one in chosen) + "]" if chosen else ""


@st.composite
def _by_engine(draw: st.DrawFn, at: int, name: str, later: list[str], with_child: bool) -> list[str]:
    found = []
    for number in range(draw(st.integers(1, 2))):
        when = draw(
            st.sampled_from(
                [
                    *_conditions(None),
                    *(["children.kid.open == 0"] if with_child else []),
                    "today > case.opened_on",
                    "",
                    "",
                ]
            )
        )
        asked = f', when: "{when}"' if when else ""
        target = draw(st.sampled_from(later))
        found.append(
            f"  - {{do: auto{at}{number}, title: 自动, from: {name}, to: {target}, automatic: true{asked}}}"
        )
    return found


@st.composite
def _kid(draw: st.DrawFn) -> str:
    ends = draw(
        st.sampled_from(
            [
                ["{do: finish, title: 办结, from: k0, to: ended}"],
                [
                    "{do: finish, title: 办结, from: k0, to: k1}",
                    '{do: go, title: 自动, from: k1, to: ended, automatic: true, when: "case.go == true"}',
                ],
                [
                    '{do: finish, title: 办结, from: k0, to: ended, form: second, when: "form.ok"}',
                    "{do: finish, title: 不办, from: k0, to: dropped, form: second}",
                ],
                ['{do: finish, title: 办结, from: k0, to: ended, form: second, when: "form.ok"}'],
                [
                    "{do: finish, title: 办结, from: k0, to: k1}",
                    "{do: go, title: 到期, from: k1, to: ended, after: 2 days}",
                ],
                ["{do: finish, title: 办结, from: k0, to: ended, then: [{publish: result}]}"],
            ]
        )
    )
    public = draw(st.sampled_from(["", ", public: true"]))
    middle = ["  k1: {title: 等}"] if any("to: k1" in one for one in ends) else []
    dropped = ["  dropped: {title: 不办, final: true}"] if any("to: dropped" in one for one in ends) else []
    return "\n".join(
        [
            "workflow: kid",
            "title: 子件",
            "about: none",
            "initial: k0",
            f"fields: [go: {{title: 可办, type: boolean}}, said: {{title: 话{public}}}]",
            "states:",
            "  k0: {title: 在办, for: clerk, deadline: {2 days: suggested}}",
            *middle,
            "  ended: {title: 已办, final: true}",
            *dropped,
            "transitions:",
            *(f"  - {one}" for one in ends),
            "",
        ]
    )  # fmt: skip


def every_answer() -> Iterator[dict[str, Any]]:
    """Yield all answers to a form that can matter."""
    for route, ok in product("abc", (True, False)):
        yield {"route": route, "ok": ok, "note": PRIVATE, "shown": "可以公开"}


Answers = Callable[[], Iterator[dict[str, Any]]]


def tries(
    process: Process, case: Case, answers_of: Answers
) -> Iterator[tuple[str, str, dict[str, Any] | None]]:
    """Yield everything people can try on a case: step, person, answers."""
    for step_id, rows in process.steps(case.state).items():
        if rows[0].by_engine:
            continue
        for person in PEOPLE:
            for answers in answers_of() if rows[0].form else (None,):
                yield step_id, person, answers


class Run:
    """One run of a definition in an office in memory; `answers` are all that are tried on a form."""

    def __init__(self, loaded: Loaded, seed: int, answers: Answers = every_answer) -> None:
        self.answers = answers
        self.bureau = Bureau()
        with self.bureau.store.write() as transaction:
            add_versions(transaction, loaded, self.bureau.clock.now(), SYSTEM)
        self.random = Random(seed)  # noqa: S311 - examples, no secrets

    def go(self, acts: int) -> None:
        """Start a case and try random things on the open cases."""
        self.bureau.start("made", "anna", section="north")
        for _ in range(acts):
            cases = self.open_cases()
            if not cases:
                return
            case = self.random.choice(cases)
            if self.random.random() < 0.2:
                self.pass_days(self.random.randint(1, 4))
                continue
            choices = list(tries(self.process(case), case, self.answers))
            self.random.shuffle(choices)
            for step, person, answers in choices[:12]:
                if self.act(case, step, person, answers):
                    break

    def act(self, case: Case, step: str, person: str, answers: dict[str, Any] | None, **how: Any) -> bool:
        """Try a step; tell whether it was taken."""
        outcome = self.bureau.application.advance(case.id, step, person, answers, reason="理由", **how)
        assert isinstance(outcome, (CommandResult, Refusal))
        return isinstance(outcome, CommandResult)

    def open_cases(self) -> list[Case]:
        """Return the cases that are open."""
        with self.bureau.look() as transaction:
            return transaction.cases.find(CaseFilter(open=True), limit=1000)

    def process(self, case: Case) -> Process:
        """Return the definition of a case."""
        with self.bureau.look() as transaction:
            return self.bureau.application.definitions.get(transaction, case.workflow, case.version)

    def pass_days(self, days: int) -> None:
        """Let days pass, with what is due in them."""
        end = self.bureau.clock.now() + timedelta(days=days)
        while True:
            with self.bureau.look() as transaction:
                due = transaction.timers.next_at()
            if due is None or due > end:
                break
            self.bureau.clock.set(max(due, self.bureau.clock.now()))
            if self.bureau.sweep().fired == 0:
                break
        self.bureau.clock.set(end)

    def stuck(self) -> list[tuple[str, str]]:
        """Return the workflows and states in which cases stand for ever: nobody can take a step, no child can go on, and days change nothing."""
        waiting = [case for case in self.open_cases() if not self.can_be_taken(case)]
        if not waiting:
            return []
        self.pass_days(DAYS)
        still = {case.id: case for case in self.open_cases()}
        # A child that can go on may bring its parent on; a parent that can go on may bring its child what it waits for.
        moving = {case.id for case in still.values() if self.can_be_taken(case)}
        lively = {still[one].parent for one in moving} | moving
        return [
            (case.workflow, case.state)
            for case in waiting
            if case.id in still
            and still[case.id].state == case.state
            and case.id not in lively
            and case.parent not in moving
        ]

    def can_be_taken(self, case: Case) -> bool:
        """Tell whether somebody can take some step with some answers."""
        return any(
            self.act(case, *one, dry_run=True) for one in tries(self.process(case), case, self.answers)
        )

    def shown(self) -> list[str]:
        """Return what has been published, as text."""
        with self.bureau.look() as transaction:
            return [f"{one.title} {one.body}" for one in transaction.records.publications()]

    def raised(self) -> list[str]:
        """Return what went wrong with timers."""
        return [said for _, said in self.bureau.incidents()]
