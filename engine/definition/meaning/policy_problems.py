"""What is wrong with a policy is said once, where it is written, with the names of those that use it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Protocol

from engine.definition import keywords
from engine.definition.meaning.allowed import without_allowed
from engine.language import Message, say
from engine.yamltext.nodes import MappingNode, Node, ScalarNode, SequenceNode
from engine.yamltext.problem import Problem
from engine.yamltext.source import Source

#: Rules that find fault with what a workflow has of a policy, and the key of the policy it is in.
_RULES = {"reminder-later-than-deadline": "remind", "unknown-role": "overdue"}
#: The keys of a workflow a policy is named at.
_USED_AT = ("policy", "remind", "overdue")


class ReadFile(Protocol):
    """A file as it was read."""

    kind: str
    name: str
    source: Source
    root: MappingNode | None
    quiet: bool


def said_at_policies(problems: Iterable[Problem], files: Collection[ReadFile]) -> tuple[Problem, ...]:
    """Return problems, those of policies once for each policy; where the bureau was only referred to, all as they are."""
    found = tuple(problems)
    if not any(problem.rule in _RULES for problem in found):
        return found
    bureau = next((file for file in files if file.kind == "bureau" and not file.quiet), None)
    policies = dict(_policies(bureau.root)) if bureau is not None else {}
    if bureau is None or not policies:
        return found
    uses = {
        (file.source.file, *place): (policy, file.name)
        for file in files
        if file.kind == "workflow" and file.root is not None
        for place, policy in _uses(file.root, policies)
    }
    kept = []
    grouped: dict[tuple[str, str, str], dict[str, Problem]] = {}
    for problem in found:
        policy, user = uses.get((problem.file, problem.line, problem.column), ("", ""))
        if problem.rule not in _RULES or not policy:
            kept.append(problem)
            continue
        about = str(problem.message.values.get("name", ""))
        clock = problem.message.values.get("clock")
        by = f"{user}.{clock}" if clock is not None else user
        grouped.setdefault((policy, problem.rule, about), {})[by] = problem
    said = (_said_there(bureau.source.file, policies, key, by) for key, by in grouped.items())
    return (*kept, *without_allowed(bureau.source, said))


def _policies(root: MappingNode | None) -> Iterator[tuple[str, tuple[Node, Node]]]:
    part = _value(root, "policies")
    if isinstance(part, MappingNode):
        for key, value in part.texts():
            yield key.text, (key, value)


def _value(node: Node | None, name: str) -> Node | None:
    if isinstance(node, MappingNode):
        for key, value in node.texts():
            if keywords.canonical(key.text) == name:
                return value
    return None


def _uses(node: Node, policies: Collection[str]) -> Iterator[tuple[tuple[int, int], str]]:
    """Yield where a policy is named, and which."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, SequenceNode):
            waiting.extend(one.items)
        elif isinstance(one, MappingNode):
            for key, value in one.texts():
                if isinstance(value, ScalarNode):
                    if value.text in policies and keywords.canonical(key.text) in _USED_AT:
                        yield (value.line, value.column), value.text
                else:
                    waiting.append(value)


def _said_there(
    file: str, policies: Mapping[str, tuple[Node, Node]], key: tuple[str, str, str], by: Mapping[str, Problem]
) -> Problem:
    policy, rule, about = key
    first = next(iter(by.values()))
    written, whole = policies[policy]
    part = _value(whole, _RULES[rule])
    line, column, end = _place(part or written, about)
    why: Message = say("提醒早于时限的起点，不会发出") if not about else first.message
    message = say("逾期办法“{policy}”：{why}；用它的：{uses}", policy=policy, why=why, uses=list(by))
    severity = min((one.severity for one in by.values()), key=list(type(first.severity)).index)
    return replace(
        first, file=file, line=line, column=column, end_column=end, message=message, severity=severity
    )


def _place(node: Node, about: str) -> tuple[int, int, int]:
    """Return the line, the first column and the one past the last of a name within a part; without it, of the part."""
    waiting = [node]
    while waiting and about:
        one = waiting.pop()
        if isinstance(one, ScalarNode):
            named = re.search(rf"\b{re.escape(about)}\b", one.text)
            if named is not None:
                start = one.column + named.start()
                return one.line, start, start + len(about)
        elif isinstance(one, SequenceNode):
            waiting.extend(one.items)
        elif isinstance(one, MappingNode):
            waiting.extend(value for _, value in one.texts())
    return node.line, node.column, node.end_column if node.end_line == node.line else 0
