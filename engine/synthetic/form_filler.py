"""Filling forms in as people of the simulation do: by the type of each field, or as the scenario says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from engine.lifecycle.expressions.expression import EvaluationError
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
            if asked.computed is not None:
                answers[asked.name] = _try(asked.computed, scope)
                continue
            if asked.relevant is not None and not _holds(asked, scope):
                continue
            value = self.given_answer(form, asked, scope)
            if value is None and asked.required and not self.has_answer(form, asked):
                value = self.value(asked)
            if value is not None:
                answers[asked.name] = value
        computed = {f.name for f in form.fields if f.computed is not None}
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
            FieldType.CHOICES: list(asked.choices)[:least],
            FieldType.PERSON: self.scope["actor"]["id"],
            FieldType.PERSONS: [self.scope["actor"]["id"]],
            FieldType.OBJECT: self.scope["subject"].get("id") or "示例",
            FieldType.FILE: self._file(asked.title),
            FieldType.FILES: [self._file(asked.title)],
        }
        if asked.type in simple:
            return simple[asked.type]
        if asked.type is FieldType.LIST and asked.columns:
            return [
                {column.name: self.value(column, number) for column in asked.columns if column.required}
                for number in range(max(least, 2))
            ]
        if asked.type is FieldType.LIST:
            return [f"{asked.title}{number + 1}" for number in range(least)]
        return f"{asked.title}（演示）"

    def _file(self, title: str) -> dict[str, str]:
        import hashlib

        text = "\0".join(map(str, (*self.seed, title)))
        return {"name": f"{title}.pdf", "sha256": hashlib.sha256(text.encode()).hexdigest()}

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
            elif chance.happens_with_probability(120, *part, "n/a"):
                rows[row.id] = {"answer": "n/a"}
            else:
                rows[row.id] = {"answer": "pass"}
        return rows


def _failed(answers: Mapping[str, Any]) -> int:
    groups = [answers.get("rows", {}), *(item.get("rows", {}) for item in answers.get("items", {}).values())]
    return sum(1 for rows in groups for row in rows.values() if row["answer"] == "fail")


def _try(expression: Any, scope: Mapping[str, Any]) -> Any:
    try:
        return expression.value(scope)
    except EvaluationError:
        return None


def _holds(asked: Field, scope: Mapping[str, Any]) -> bool:
    try:
        return asked.relevant is None or asked.relevant.holds(scope)
    except EvaluationError:
        return False
