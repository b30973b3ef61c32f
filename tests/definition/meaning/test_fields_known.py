"""Which field a name of a condition means, and whether it may be empty."""

from __future__ import annotations

from dataclasses import replace

import pytest
from meaning_example import VISIT, node, subject_of

from engine.definition.meaning.fields_known import fields_of, missing_unless, never_missing
from engine.definition.meaning.names_read import Fact
from engine.lifecycle.expressions.condition import Condition
from engine.lifecycle.expressions.expression import Expression
from engine.lifecycle.model.form import Form

WORKFLOW = subject_of().workflow


def test_the_field_of_a_name_is_that_of_the_form_of_the_step_of_a_kept_form_or_of_the_case() -> None:
    field_of = fields_of(WORKFLOW, VISIT)
    assert field_of(("form", "method")) is VISIT.fields[0]
    assert field_of(("forms", "visit", "staff")) is VISIT.fields[1]
    assert field_of(("case", "note")) is WORKFLOW.fields["note"]
    for path in (("form",), ("form", "x"), ("forms", "other", "staff"), ("case", "title"), ("today",)):
        assert field_of(path) is None


def test_without_a_workflow_only_the_form_is_known() -> None:
    field_of = fields_of(None, VISIT)
    assert field_of(("form", "staff")) is VISIT.fields[1]
    assert field_of(("case", "note")) is None
    assert fields_of(WORKFLOW, None)(("form", "staff")) is None


@pytest.mark.parametrize(
    ("surely", "path", "missing"),
    [
        ((), ("forms", "visit", "method"), True),
        ((("forms", "visit"),), ("forms", "visit", "method"), False),
        ((("forms", "visit"),), ("forms", "visit", "staff"), True),
        ((("forms", "visit"),), ("forms", "visit", "nothing"), True),
        ((), ("case", "note"), True),
        ((("case", "note"),), ("case", "note"), False),
        ((), ("case", "title"), False),
        ((), ("form", "method"), False),
        ((), ("form", "staff"), True),
        ((), ("actor", "id"), False),
    ],
)
def test_what_may_be_empty(surely: tuple[Fact, ...], path: tuple[str, ...], missing: bool) -> None:
    assert missing_unless(surely, fields_of(WORKFLOW, VISIT))(path) is missing
    assert not never_missing(path)


def test_a_required_answer_that_is_asked_for_at_times_may_be_empty() -> None:
    at_times = Condition(Expression("form.staff > 1", node("form.staff > 1")))
    form = Form(id="visit", title="走访", fields=(replace(VISIT.fields[0], relevant=at_times),))
    workflow = replace(WORKFLOW, forms={"visit": form})
    found = missing_unless([("forms", "visit")], fields_of(workflow, None))
    assert found(("forms", "visit", "method"))
