"""What a rule is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from engine.definition.meaning.subject import FormPlaces, MeaningInput
from engine.definition.rule_input import RuleFinding, RuleInput
from engine.language import Message
from engine.yamltext.problem import Problem, Severity


def _nothing(_: RuleInput) -> Iterator[RuleFinding]:
    yield from ()


def _nothing_meant(_: MeaningInput) -> Iterator[RuleFinding]:
    yield from ()


def _nothing_asked(_: FormPlaces) -> Iterator[RuleFinding]:
    yield from ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule: its id, how much it matters, what it says in a sentence, and two examples.

    An example is a file, or the blocks of a workflow that matter; the rest of the workflow is left out.
    """

    id: str
    severity: Severity
    #: For people: what is asked for, and why.
    text: Message
    wrong: str = ""
    right: str = ""
    #: Rules over the whole workflow. Others are noted by the reader while it reads.
    check: Callable[[RuleInput], Iterator[RuleFinding]] = _nothing
    #: Rules over what a sound workflow means, with its forms and the other workflows.
    meaning: Callable[[MeaningInput], Iterator[RuleFinding]] = _nothing_meant
    #: Rules over what a sound form means.
    of_form: Callable[[FormPlaces], Iterator[RuleFinding]] = _nothing_asked
    #: The parts of a workflow with this error cannot be judged as a whole.
    blocks_graph: bool = True


def problems_of(file: str, findings: Iterable[tuple[Rule, RuleFinding]]) -> Iterator[Problem]:
    """Yield what rules have found in a file as problems."""
    for rule, finding in findings:
        node = finding.node
        end = node.end_column if node.end_line == node.line else 0
        severity = finding.severity or rule.severity
        yield Problem(
            finding.file or file,
            node.line,
            node.column,
            rule.id,
            severity,
            finding.message,
            finding.hint,
            end,
        )
