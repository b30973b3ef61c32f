"""A small workflow with its forms and places, as the rules over the meaning look at it."""

from __future__ import annotations

from dataclasses import replace

from definition_examples import workflow_text
from parts import WORLD, node_of

from engine.definition.expressions import parse_expression
from engine.definition.meaning.subject import MeaningInput
from engine.definition.reader.workflow import outline_workflow, read_workflow
from engine.lifecycle.expressions.expression import Expression, ExpressionNode
from engine.lifecycle.model.form import Field, FieldType, Form

VISIT = Form(
    id="visit",
    title="走访",
    fields=(
        Field(
            name="method",
            title="方式",
            type=FieldType.CHOICE,
            choices={"a": "现场", "b": "书面"},
            required=True,
        ),
        Field(name="staff", title="人数", type=FieldType.INTEGER),
    ),
)

#: A step that reads what a later one writes, and one that reads what every way to it has written.
WORDS = """\
start: {by: clerk, then: [{set: {seen: true}}]}
parties: {handlers: 承办人}
fields:
  - seen: {title: 已看, type: boolean}
  - note: {title: 说明}
states:
  open: {title: 待办, for: clerk}
  later: {title: 待核, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: visit, title: 走访, from: open, to: later, form: visit, then: [{set: {note: = form.method}}]}
  - do: finish
    title: 办结
    from: later
    to: done
    when: forms.visit.staff > 1
    require: [{that: case.note != '', else: 没有说明, basis: 条例}]
    then:
      - set: {note: = forms.visit.method}
        when: case.seen
"""


def subject_of(blocks: str = WORDS) -> MeaningInput:
    """Return the workflow of some blocks, with the form ``visit``."""
    text = workflow_text(blocks)
    node = node_of(text)
    own = outline_workflow("w.yaml", node, WORLD)
    assert own is not None
    world = replace(WORLD, workflows={**WORLD.workflows, own.id: own}, worked_out={})
    read = read_workflow("w.yaml", text, node, world)
    assert read.workflow is not None, [str(problem.message) for problem in read.problems]
    assert read.subject is not None
    workflow = replace(read.workflow, forms={"visit": VISIT})
    return MeaningInput(workflow, read.subject, {workflow.id: workflow}, WORLD.bureau)


def parsed(text: str) -> Expression:
    """Return an expression."""
    found = parse_expression(text, None)
    assert found.expression is not None, found.faults
    return found.expression


def node(text: str) -> ExpressionNode:
    """Return the top node of an expression."""
    return parsed(text).node
