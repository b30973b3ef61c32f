"""The rules a definition is checked by: one module each, whose docstring says what it is for."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from importlib import import_module

from engine.definition.rules.rule import Rule, _nothing, _nothing_asked, _nothing_meant
from engine.yamltext.problem import Problem, Severity


def _all() -> Mapping[str, Rule]:
    found = {}
    for module in pkgutil.iter_modules(__path__):
        if module.name != "rule":
            rule: Rule = import_module(f"{__name__}.{module.name}").RULE
            found[rule.id] = rule
    return found


#: id -> rule
RULES: Mapping[str, Rule] = _all()

#: The rules that look at a whole workflow.
GRAPH_RULES: tuple[Rule, ...] = tuple(rule for rule in RULES.values() if rule.check is not _nothing)

#: The rules that look at what a sound workflow, or a sound form, means.
MEANING_RULES = tuple(rule for rule in RULES.values() if rule.meaning is not _nothing_meant)
FORM_RULES = tuple(rule for rule in RULES.values() if rule.of_form is not _nothing_asked)


def blocks_graph(problem: Problem) -> bool:
    """Tell whether a workflow with this problem cannot be judged as a whole."""
    return problem.severity is Severity.ERROR and RULES[problem.rule].blocks_graph
