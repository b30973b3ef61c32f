"""``rules`` of a bureau: how much it matters to this bureau what a rule finds, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from engine.definition import keywords
from engine.definition.reader.diagnostics import Diagnostics
from engine.definition.rules import RULES
from engine.kernel.did_you_mean import did_you_mean
from engine.language import say
from engine.yamltext.nodes import MappingNode, Node
from engine.yamltext.problem import Problem, Severity

#: The word of the language that switches a rule off.
IGNORE = "ignore"


def read_rule_switches(diagnostics: Diagnostics, node: Node | None) -> dict[str, Severity | None]:
    """Return rule -> its severity here; None: what it finds is not said.

    What stops the engine, or cannot be understood, stays an error: such a rule cannot be switched.
    """
    found: dict[str, Severity | None] = {}
    for name, key, value in diagnostics.entries(node, names=False):
        part = diagnostics.open(value, "rule switch")
        rule = RULES.get(name)
        if rule is None:
            diagnostics.report(
                "unknown-name", key, say("没有规则“{rule}”", rule=name), did_you_mean(name, RULES)
            )
            continue
        if rule.severity is Severity.ERROR:
            diagnostics.report(
                "wrong-shape", key, say("规则“{rule}”不能改：这是错误，不改正就不能办", rule=name)
            )
            continue
        if part is None:
            continue
        diagnostics.read_text(part.value("reason"))
        word = diagnostics.read_word(part.value("severity"), keywords.SEVERITIES)
        if word is not None:
            found[name] = None if word == IGNORE else Severity(word)
    return found


def switched(
    problems: Iterable[Problem], bureaus: Iterable[tuple[str, str, MappingNode | None]]
) -> tuple[Problem, ...]:
    """Return problems as the bureau (file, text, node) has switched their rules."""
    switches: dict[str, Severity | None] = {}
    for file, text, node in bureaus:
        part = Diagnostics(file, text, muted=True).open(node, "bureau") if node is not None else None
        if part is not None:
            switches.update(read_rule_switches(Diagnostics(file, text, muted=True), part.value("rules")))
    if not switches:
        return tuple(problems)
    return tuple(_as_switched(problem, switches) for problem in problems if _said(problem, switches))


def _said(problem: Problem, switches: Mapping[str, Severity | None]) -> bool:
    # Some rules find errors and warnings; an error is always said.
    return problem.severity is Severity.ERROR or switches.get(problem.rule, problem.severity) is not None


def _as_switched(problem: Problem, switches: Mapping[str, Severity | None]) -> Problem:
    severity = switches.get(problem.rule)
    if severity is None or problem.severity is Severity.ERROR:
        return problem
    return replace(problem, severity=severity)
