"""The rules a definition is checked by: one module each, whose docstring says what it is for."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from importlib import import_module

from engine.definition.rules.rule import Rule, _nothing
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


def blocks_graph(problem: Problem) -> bool:
    """Tell whether a workflow with this problem cannot be judged as a whole."""
    return problem.severity is Severity.ERROR and RULES[problem.rule].blocks_graph
