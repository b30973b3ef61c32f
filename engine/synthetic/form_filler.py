"""Filling forms in as people of the simulation do: by the type of each field, or as the scenario says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from engine.lifecycle.expressions.expression import EvaluationError
from engine.lifecycle.forms.relevance import offered_now, relevant_now
from engine.lifecycle.model.form import Field, FieldType, Form
from engine.synthetic import choice as chance
from engine.synthetic.scenario import Scenario


class Filler:
    """Fills one form in for one person on one day."""

    def __init__(
        self, scenario: Scenario, scope: Mapping[str, Any], now: datetime, seed: Sequence[object], number: int
    ) -> None:
        self.scenario = scenario
        self.scope = dict(scope)
        self.now = now
        self.seed = tuple(seed)
        self.number = number
        #: What the conditions of the question being answered look at.
        self.inside: Mapping[str, Any] = self.scope

    def fill(self, form: Form, item_forms: Sequence[Form], problems: bool) -> dict[str, Any]:
        """Return answers to everything required; with `problems`, some check rows fail."""
        answers: dict[str, Any] = {}
        if form.rows:
            answers["rows"] = self._rows(form, problems)
        if item_forms:
            answers["items"] = {}
            for number, item in enumerate(item_forms):
                inner: dict[str, Any] = (
                    {"rows": self._rows(item, problems and number == 0)} if item.rows else {}
                )
                inner.update(self._fields(item, {}))
                answers["items"][item.id] = inner
        failed = _failed(answers)
        answers.update(self._fields(form, {"problem_count": failed, "problems": [{}] * failed}))
        return answers

    def _fields(self, form: Form, known: Mapping[str, Any]) -> dict[str, Any]:
        answers: dict[str, Any] = {}
        for asked in form.fields:
            scope = {**self.scope, "form": {**known, **answers}}
            if not asked.answered:
                if asked.computed is not None:
                    answers[asked.name] = _try(asked.computed, scope)
                continue
            self.inside = scope
            if not relevant_now(asked, scope):
                continue
            value = self.given_answer(form, asked, scope)
            if value is None and asked.required and not self.has_answer(form, asked):
                value = self.value(narrowed(asked, scope))
            if value is not None:
                answers[asked.name] = value
        computed = {f.name for f in form.fields if not f.answered}
        return {name: value for name, value in answers.items() if name not in computed}

    def has_answer(self, form: Form, asked: Field) -> bool:
        """Tell whether it is said what a field is to hold, be it nothing."""
        return asked.name in self.scenario.answers(form.id)

    def given_answer(self, form: Form, asked: Field, scope: Mapping[str, Any]) -> Any:
        """Return what is said to be the answer to a field; None where nothing is."""
        answer = self.scenario.answers(form.id).get(asked.name)
        return None if answer is None else answer.value(self.number, scope)

    def value(self, asked: Field, row: int = 0) -> Any:
        """Return an answer of the type of a field."""
        least = max(asked.least or 1, 1)
        simple: dict[FieldType, Any] = {
            FieldType.INTEGER: max(asked.least or 0, 1),
            FieldType.DECIMAL: "1",
            FieldType.RATIO: "10%",
            FieldType.BOOLEAN: True,
            FieldType.DATE: str(self.scope["today"]),
            FieldType.DATETIME: self.now.replace(microsecond=0).isoformat(),
            FieldType.CHOICE: [*asked.choices, ""][row % max(len(asked.choices), 1)],
            FieldType.CHOICES: _together(asked)[:least],
            FieldType.PERSON: self.scope["actor"]["id"],
            FieldType.PERSONS: [self.scope["actor"]["id"]],
            FieldType.OBJECT: self.scope["subject"].get("id") or "示例",
            FieldType.FILE: self._file(asked.title),
            FieldType.FILES: [self._file(asked.title)],
            FieldType.MONEY: str(max(asked.least or 0, 1)),
            FieldType.TIME: "09:30",
            FieldType.YES_NO_NA: "yes",
            FieldType.PLACE: {"latitude": "39.9042", "longitude": "116.4074"},
            FieldType.PHOTO: self._file(asked.title, ".jpg"),
            FieldType.PHOTOS: [self._file(asked.title, ".jpg")],
            FieldType.SIGNATURE: self._file(asked.title, ".png"),
        }
        if asked.type in simple:
            return simple[asked.type]
        if asked.type is FieldType.LIST and asked.columns:
            return [self._row(asked, number) for number in range(max(least, 2))]
        if asked.type is FieldType.LIST:
            return [f"{asked.title}{number + 1}" for number in range(least)]
        return f"{asked.title}（演示）"

    def _row(self, asked: Field, number: int) -> dict[str, Any]:
        """Return one row of a list: what must be answered in it."""
        row: dict[str, Any] = {}
        for column in asked.columns:
            inside = {**self.inside, "it": row}
            if column.answered and column.required and relevant_now(column, inside):
                row[column.name] = self.value(narrowed(column, inside), number)
        return row

    def _file(self, title: str, ending: str = ".pdf") -> dict[str, str]:
        import hashlib

        text = "\0".join(map(str, (*self.seed, title)))
        return {"name": f"{title}{ending}", "sha256": hashlib.sha256(text.encode()).hexdigest()}

    def _rows(self, form: Form, problems: bool) -> dict[str, Any]:
        rows: dict[str, Any] = {}
        for number, row in enumerate(form.rows):
            part = (*self.seed, form.id, row.id)
            if problems and (number == 0 or chance.happens_with_probability(150, *part, "fail")):
                rows[row.id] = {
                    "answer": "fail",
                    "note": f"{row.title}：演示中的问题",
                    "evidence": "演示证据",
                }
                if article := self.scenario.articles.get(f"{form.id}.{row.id}"):
                    rows[row.id]["article"] = article
            elif chance.happens_with_probability(120, *part, "n/a"):
                rows[row.id] = {"answer": "n/a"}
            else:
                rows[row.id] = {"answer": "pass"}
        return rows


def _failed(answers: Mapping[str, Any]) -> int:
    groups = [answers.get("rows", {}), *(item.get("rows", {}) for item in answers.get("items", {}).values())]
    return sum(1 for rows in groups for row in rows.values() if row["answer"] == "fail")


def narrowed(asked: Field, scope: Mapping[str, Any]) -> Field:
    """Return a question with the codes that may be chosen now."""
    return replace(asked, choices=offered_now(asked, scope)) if asked.offered else asked


def _together(asked: Field) -> list[str]:
    """Return codes that may be chosen together."""
    return [code for code in asked.choices if code not in asked.exclusive] or list(asked.choices)[:1]


def _try(expression: Any, scope: Mapping[str, Any]) -> Any:
    try:
        return expression.value(scope)
    except EvaluationError:
        return None
