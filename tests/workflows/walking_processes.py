"""Walks one case through a process with the decision core alone: no store, no draw, no clock but the one given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from engine.calendars.load import load_calendar
from engine.definition.library import Library
from engine.kernel.refusal import Refusal
from engine.lifecycle.case import Case, Change, evolve
from engine.lifecycle.command import ENGINE, Actor, Advance
from engine.lifecycle.deadlines.clock_transitions import clocks_after
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.lifecycle.decide import Decision, decide
from engine.lifecycle.expressions.draw_facts import DrawFacts
from engine.lifecycle.model.form import Field, FieldType, Form
from engine.lifecycle.process import Process
from engine.lifecycle.scope import make_scope

ZONE = ZoneInfo("Asia/Shanghai")
#: The items of the register: what `fill` answers to a list.
ITEMS = ["示例一", "示例二"]
NOW = datetime(2024, 9, 20, 2, tzinfo=UTC)
TODAY = "2024-09-20"
INSPECTORS = ("insp-01", "insp-02")
PEOPLE = {
    person: {"id": person, "cert_valid_to": "2026-12-31", "trained_on": "2024-09-01"}
    for person in (*INSPECTORS, "insp-03")
}
DRAWER = Actor("drawer-01", None, frozenset({"drawer"}))
#: Holds every office there is, so that a walk need not change hats; who may not do what is tested by others.
OFFICER = Actor(
    "officer-01",
    "labour_inspection",
    frozenset(
        {
            *("bureau_head", "deputy_head", "leading_office", "section_chief", "roster_admin", "form_admin"),
            *("drawer", "witness", "reviewer", "publisher", "archivist", "supervisor", "trainer"),
        }
    ),
)

_PLAIN: Mapping[FieldType, Any] = {
    FieldType.TEXT: "示例",
    FieldType.LONG_TEXT: "示例文字",
    FieldType.DECIMAL: "200",
    FieldType.BOOLEAN: True,
    FieldType.DATE: TODAY,
    FieldType.TIME: "10:30",
    FieldType.DATETIME: "2024-09-20T10:30+08:00",
    FieldType.PERSON: "insp-01",
    FieldType.PERSONS: list(INSPECTORS),
    FieldType.OBJECT: "object-01",
    FieldType.RATIO: "5%",
}


def fill(form: Form, given: Mapping[str, Any], scope: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers to every required question of `form`, those `given` as they are."""
    answers: dict[str, Any] = {}
    if form.rows:
        answers["rows"] = given.get("rows", {row.id: "pass" for row in form.rows})
    for asked in form.fields:
        if asked.computed is not None:
            answers[asked.name] = asked.computed.value({**scope, "form": answers})
        elif asked.name in given:
            answers[asked.name] = given[asked.name]
        elif asked.required and (asked.relevant is None or asked.relevant.holds({**scope, "form": answers})):
            answers[asked.name] = _value(asked)
    computed = {asked.name for asked in form.fields if asked.computed is not None}
    return {name: value for name, value in answers.items() if name not in computed}


def _value(asked: Field) -> Any:
    match asked.type:
        case FieldType.CHOICE:
            return next(iter(asked.choices))
        case FieldType.CHOICES:
            return [next(iter(asked.choices))]
        case FieldType.INTEGER:
            return max(asked.least or 0, min(2024, asked.most or 2024))
        case FieldType.LIST:
            row = {column.name: _value(column) for column in asked.columns if column.required} or "示例"
            return [row] if asked.columns else ["示例一", "示例二"]
        case _:
            return _PLAIN[asked.type]


class Walk:
    """One case on its way. `done` lists the effects of every step taken, as ``word`` or ``word what``."""

    def __init__(self, library: Library, name: str, **start: Any) -> None:
        assert library.bureau is not None
        self.time = DeadlineCalculator(load_calendar([]), ZONE, time(9))
        self.process = Process(library.workflow(name), library.bureau, self.time)
        workflow = self.process.workflow
        forms = start.pop("forms", {})
        parties = {"inspectors": INSPECTORS} if "inspectors" in workflow.parties else {}
        self.now = NOW
        #: Facts from outside that differ from the plain ones.
        self.facts: dict[str, Any] = {}
        self.done: list[str] = []
        self.warned: list[str] = []
        self.case = Case(
            id=f"{name}-1",
            workflow=name,
            version=1,
            state=workflow.initial,
            rev=1,
            head="0" * 64,
            title="示例企业",
            section="labour_inspection",
            opened_at=self.now,
            entered_at=self.now,
            subject={"id": "object-01", "name": "示例企业"},
            fields=start,
            forms=forms,
            parties={**parties, **({"callers": ("sup-01",)} if "callers" in workflow.parties else {})},
        )
        scope = make_scope(self.process, self.case, OFFICER, self.now, {})
        started = clocks_after(self.process, None, workflow.initial, self.now, scope)
        self.case = replace(self.case, clocks={name: clock for name, clock in started.items() if clock})

    @property
    def state(self) -> str:
        """Return where the case stands."""
        return self.case.state

    def try_(
        self, step: str, actor: Actor | str = OFFICER, reason: str = "示例理由", **given: Any
    ) -> Decision | Refusal:
        """Decide a step without taking it; questions not `given` are answered plainly."""
        found = self.process.steps(self.state).get(step)
        assert found is not None, f"{self.state} has no {step}"
        form = found[0].form
        items = tuple(given.pop("items", ()))
        facts: dict[str, Any] = {
            "people": PEOPLE,
            "registers": {
                kind: {"rows": 9, "active": 9, "age_days": 1, "updated_on": TODAY, "in_force": ITEMS}
                for kind in ("objects", "inspectors", "items", "experts")
            },
            "draw": DrawFacts(committed=True, drawn=True, no=1, revealed=True).values(),
            "kpi": {"coverage": None, "risk_based_share": None, "publication_rate": None},
            "children": {"finding_corrected": {"open": 0}},
            **self.facts,
        }
        answers = None
        if form is not None:
            scope = {"today": TODAY, "forms": self.case.forms, "case": self.case.fields}
            answers = fill(self.process.form(form), given, scope)
            if found[0].item_forms:
                answers["items"] = {
                    name: fill(self.process.form(name), given.get(name, {}), scope) for name in items
                }
        if isinstance(actor, str):
            actor = Actor(actor, "labour_inspection", frozenset({"inspector"}))
        command = Advance(
            step=step, actor=actor, answers=answers, reason=reason, item_forms=items, facts=facts
        )
        return decide(self.process, self.case, command, self.now)

    def take(self, step: str, actor: Actor | str = OFFICER, **given: Any) -> Walk:
        """Take a step, and the automatic ones that follow."""
        outcome = self.try_(step, actor, **given)
        assert isinstance(outcome, Decision), str(outcome)
        self._apply(outcome)
        # Where several sign, the others do so after the first.
        while waiting := outcome.notes.get("waiting"):
            outcome = self.try_(step, waiting[0], **given)
            assert isinstance(outcome, Decision), str(outcome)
            self._apply(outcome)
        return self

    def alone(self, step: str, actor: Actor | str, **given: Any) -> Walk:
        """Take or sign a step as one person; others who have to sign it do not."""
        outcome = self.try_(step, actor, **given)
        assert isinstance(outcome, Decision), str(outcome)
        self._apply(outcome)
        return self

    def refused(self, step: str, actor: Actor | str = OFFICER, **given: Any) -> str:
        """Return the text of the refusal of a step."""
        outcome = self.try_(step, actor, **given)
        assert isinstance(outcome, Refusal), "should have been refused"
        return str(outcome)

    def _apply(self, decision: Decision) -> None:
        scope = dict(decision.scope)
        fields: dict[str, Any] = {}
        parties: dict[str, tuple[str, ...]] = {}
        for effect in decision.effects:
            if effect.when is not None and not effect.when.holds(scope):
                continue
            what = effect.arguments[effect.kind]
            self.done.append(f"{effect.kind} {what}" if isinstance(what, str) else effect.kind)
            for name, expression in what.items() if effect.kind in ("set", "assign") else ():
                value = expression.value(scope)
                if effect.kind == "set":
                    fields[name] = value
                else:
                    parties[name] = tuple(value)
            self._work_out(effect.arguments, scope)
        self.warned += [warning.message.render() for warning in decision.warnings]
        change: Change = replace(decision.change, fields=fields, parties=parties)
        self.case = evolve(self.case, change, self.now, self.case.rev + 1, "0" * 64)
        for step, (first, *_) in self.process.steps(self.state).items():
            if first.automatic:
                outcome = self.try_(step, Actor(ENGINE))
                if isinstance(outcome, Decision):
                    self._apply(outcome)
                    return

    def _work_out(self, arguments: Mapping[str, Any], scope: Mapping[str, Any]) -> None:
        """Work every argument out that does not depend on a row, so that none of them can fail unseen."""
        if "each" in arguments:
            return
        for argument in arguments.values():
            if hasattr(argument, "render"):
                argument.render(scope)
            elif hasattr(argument, "value"):
                argument.value(scope)
            elif isinstance(argument, Mapping):
                for expression in argument.values():
                    expression.value(scope)

    def join(self, step: str) -> Walk:
        """Take a step that waits for child cases, as if they were all there."""
        return self.take(step, Actor(ENGINE))
