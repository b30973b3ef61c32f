"""``# ssj: allow RULE – reason`` at the end of a line: what a rule found there is meant so, and why."""

from __future__ import annotations

import re
from collections.abc import Iterable

from engine.definition.rules import RULES
from engine.kernel.did_you_mean import did_you_mean
from engine.language import Message, say
from engine.yamltext.lines import lines_of
from engine.yamltext.problem import Problem, Severity
from engine.yamltext.source import Source

_MARK = "ssj: allow"
_COMMENT = re.compile(r"(?:^|\s)#\s*ssj: allow\s++(?P<rule>[\w-]*)\s*+(?:[-–—:：]+\s*(?P<reason>.*))?$")


def without_allowed(source: Source, problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems of a file that are not allowed on their lines, and what is wrong with the comments that allow.

    Only what concerns the meaning may be allowed, and what is no error: a file that cannot be understood stays so.
    """
    found = tuple(problems)
    if _MARK not in source.text:
        return found
    allowed: dict[int, set[str]] = {}
    wrong = []
    for number, line in enumerate(lines_of(source.text), 1):
        comment = _COMMENT.search(line) if _MARK in line else None
        if comment is None:
            continue
        rule, column = comment["rule"], line.index("#", comment.start()) + 1
        if rule not in RULES:
            message = say("没有规则“{rule}”", rule=rule)
            wrong.append(_comment(source, number, column, message, did_you_mean(rule, RULES)))
        elif not (comment["reason"] or "").strip():
            message = say("允许“{rule}”须写明理由", rule=rule)
            hint = say("写法如 # ssj: allow {rule} – …", rule=rule)
            wrong.append(_comment(source, number, column, message, hint))
        else:
            allowed.setdefault(number, set()).add(rule)
    kept = tuple(
        problem
        for problem in found
        if not (
            problem.file == source.file and _may_be(problem) and problem.rule in allowed.get(problem.line, ())
        )
    )
    return (*kept, *wrong)


def _may_be(problem: Problem) -> bool:
    return problem.severity is not Severity.ERROR or not RULES[problem.rule].blocks_graph


def _comment(source: Source, line: int, column: int, message: Message, hint: Message | None) -> Problem:
    return Problem(source.file, line, column, "allow-comment", Severity.ERROR, message, hint)
