"""Random conditions and answers, and what Python makes of them; mostly of fitting types, some not."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

from engine.definition.expressions import parse_expression
from engine.lifecycle.expressions.as_data import as_data, value_as_data
from engine.lifecycle.expressions.expression import CALENDAR, EvaluationError, Expression, Name
from engine.worktime.calendar import Calendar, YearData

TEXTS = ["", "a", "b", "ab", "甲", "乙", "甲乙", "\U00020000", "\ufffd", "Z", "none", "1"]
DATES = ["2024-02-29", "2024-03-01", "2023-12-31", "2026-11-29", "0001-01-01", "9999-12-31"]
MOMENTS = [
    "2024-09-14T09:30:00+08:00",
    "2024-09-14T01:30:00+00:00",
    "2024-09-14T09:30+08:00",
    "2024-09-14T09:30:00.5Z",
]
DECIMALS = ["0", "0.10", "-3.5", "1234567890.123456789", "2.5", "0.1", "5%", "1/3"]
#: Days around the holidays of the calendar, ends of months, the ends of time.
DATES += ["2026-09-30", "2026-10-10", "2026-10-11", "2026-02-14", "2025-01-31", "2027-01-01"]
PERIODS = [
    "0 days",
    "5 working days",
    "1 working day",
    "300 working days",
    "20个工作日",
    "15工作日",
    "7日",
    "3天",
]
PERIODS += [
    "60个自然日",
    "1 month",
    "13 months",
    "6个月",
    "1 year",
    "4年",
    "99999 working days",
    "2 hours",
    "03 days",
]
UNITS = ["working days", "工作日", "days", "months", "年", "hours", "weeks"]
#: A calendar with holidays, days made up for on weekends, and the bureau's own closures and openings.
OFFICE = (
    Calendar(
        (
            YearData(
                2026,
                "",
                "",
                {date(2026, 10, day): "国庆节" for day in range(1, 9)},
                frozenset({date(2026, 10, 10), date(2026, 2, 14)}),
            ),
        )
    )
    .with_closure(date(2024, 3, 1), "停电")
    .with_opening(date(2026, 10, 11), "补办")
    .with_closure(date(2026, 10, 12), "搬迁")
)


class Maker:
    """Makes expressions of a type, from `depth` levels of others."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - what is tried is no draw

    def scope(self) -> dict[str, Any]:
        """Return answers; some are missing."""
        pick = self.random.choice
        made: dict[str, Any] = {
            "n": self.random.randint(-5, 5),
            "m": pick([0, 7, 10**17, -1]),
            "d": pick(DECIMALS),
            "e": pick(DECIMALS),
            "b": pick([True, False]),
            "c": pick([True, False]),
            "t": pick(TEXTS),
            "u": pick(TEXTS),
            "day": pick(DATES),
            "on": pick(DATES),
            "at": pick(MOMENTS),
            "then": pick(MOMENTS),
            "codes": self.random.sample(TEXTS, self.random.randint(0, 4)),
            "rows": [self.row() for _ in range(self.random.randint(0, 3))],
            "not_asked": self.random.sample(["n", "t", "b"], 1),
        }
        for name in list(made):
            if self.random.random() < 0.15:
                made.pop(name)
        return {
            "form": made,
            "today": pick(DATES),
            "people": [{"id": "p1"}, {"id": "p2", "cert": "2024-03-01"}],
        }

    def row(self) -> dict[str, Any]:
        """Return one row."""
        row = {
            "k": self.random.randint(0, 9),
            "s": self.random.choice(TEXTS),
            "on": self.random.choice(DATES),
        }
        return {name: value for name, value in row.items() if self.random.random() > 0.1}

    def number(self, depth: int) -> str:
        """Return a number."""
        pick = self.random.choice
        if depth <= 0:
            return pick(["form.n", "form.m", "form.d", "form.e", "0", "1", "3", "100", "form.n"])
        a, b = self.number(depth - 1), self.number(depth - 1)
        return pick(
            [
                *(
                    f"({a} + {b})",
                    f"({a} - {b})",
                    f"({a} * {b})",
                    f"({a} / {b})",
                    f"round({a}, 2)",
                    f"round_up({a})",
                ),
                *(
                    f"round_down({a}, 1)",
                    f"round({a})",
                    f"length({self.listed()})",
                    f"length({self.text(0)})",
                ),
                f"days_between({self.date(depth - 1)}, {self.date(depth - 1)})",
                f"working_days_between({self.date(depth - 1)}, {self.date(depth - 1)})",
                f"count(form.rows, {self.of_row(depth - 1)})",
                "sum(form.rows, it.k)",
                f"sum(form.rows, it.k, {self.of_row(depth - 1)})",
                f"min(form.rows, it.k, {self.of_row(depth - 1)})",
                f"max(form.rows, it.k + {self.random.randint(0, 3)})",
                "min(form.rows, it.k)",
                f"first_filled({a}, {b})",
                f"lesser({a}, {b})",
                f"greater({a}, {b})",
            ]
        )

    def text(self, depth: int) -> str:
        """Return a text."""
        literal = self.random.choice(TEXTS).replace("'", "")
        simple = ["form.t", "form.u", f"'{literal}'", "form.t"]
        return self.random.choice(
            [*simple, "first_filled(form.t, form.u, 'x')", "min(form.rows, it.s)"] if depth else simple
        )

    def date(self, depth: int) -> str:
        """Return a date."""
        simple = ["form.day", "form.on", "today", "'2024-03-01'", "form.at"]
        if depth <= 0:
            return self.random.choice(simple)
        days = self.random.choice(["form.n", "30", "-1", self.number(0)])
        inner = self.date(depth - 1)
        period = self.random.choice(PERIODS)
        return self.random.choice(
            [
                *simple,
                f"days_after({inner}, {days})",
                "max(form.rows, it.on)",
                f"add({inner}, '{period}')",
                f"add({inner}, '-{period}')",
                f"add({inner}, {self.number(0)}, '{self.random.choice(UNITS)}')",
                f"add({inner}, form.t)",
            ]
        )

    def listed(self) -> str:
        """Return a list."""
        return self.random.choice(
            [
                "form.codes",
                "['a', '甲', 'none']",
                "collect(form.rows, it.s)",
                "collect(form.rows, it.s, it.k > 3)",
                "unique(form.codes)",
                "collect(people, it.id)",
            ]
        )

    def of_row(self, depth: int) -> str:
        """Return a condition on a row."""
        pick = self.random.choice
        return pick(
            [
                "it.k > 3",
                "it.s == 'a'",
                "it.s in form.codes",
                "filled(it.on)",
                "it.on >= form.day",
                f"it.k < {self.number(0)}",
            ]
        )

    def condition(self, depth: int) -> str:
        """Return a condition."""
        pick = self.random.choice
        if depth <= 0:
            return pick(
                [
                    "form.b",
                    "form.c",
                    "true",
                    "false",
                    "filled(form.t)",
                    "empty(form.codes)",
                    "asked(form.n)",
                    "asked(form.u)",
                ]
            )
        op = pick(["==", "!=", "<", "<=", ">", ">="])
        kind = pick([self.number, self.text, self.date])
        below = [self.condition(depth - 1) for _ in range(self.random.randint(2, 3))]
        wrong = pick([self.number, self.text, self.date])
        return pick(
            [
                f"{kind(depth - 1)} {op} {kind(depth - 1)}",
                f"{kind(depth - 1)} {op} {kind(depth - 1)}",
                f"form.at {op} form.then",
                f"{kind(depth - 1)} {op} {wrong(depth - 1)}",
                f"{self.text(depth - 1)} {pick(['in', 'not in'])} {self.listed()}",
                f"{self.text(0)} {pick(['in', 'not in'])} {self.text(0)}",
                f"({' and '.join(below)})",
                f"({' or '.join(below)})",
                f"not ({below[0]})",
                f"{pick(['every', 'some'])}(form.rows, {self.of_row(depth)})",
                f"{pick(['same_members', 'within', 'disjoint'])}({self.listed()}, {self.listed()})",
                f"({below[0]}) == ({below[1]})",
                f"filled({self.number(depth - 1)})",
            ]
        )


def exact_names(expression: Expression) -> Expression:
    """Return the expression with its decimals looked up as exact numbers, as the reader of definitions does."""
    waiting: list[Any] = [expression.node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Name) and node.path in (("form", "d"), ("form", "e")):
            object.__setattr__(node, "exact", True)
        waiting.extend(node.parts())
    return Expression(expression.source, expression.node)


def tried(seed: int) -> dict[str, Any] | None:
    """Return one condition with answers and what Python says; None for what is no question of the language."""
    made = Maker(seed)
    source = made.condition(made.random.randint(1, 4))
    parsed = parse_expression(source, None).expression
    if parsed is None:
        return None
    expression, scope = exact_names(parsed), made.scope()
    try:
        says = value_as_data(expression.value({**scope, CALENDAR: OFFICE}))
    except EvaluationError:
        says = "error"
    except (TypeError, AttributeError):
        return None
    return {"source": source, "node": as_data(expression), "scope": value_as_data(scope), "says": says}
