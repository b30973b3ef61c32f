"""Problems of a definition: values that say where, what, by which rule and how to mend it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from enum import StrEnum

from engine.kernel.plain_text import width
from engine.language import Message, say
from engine.value import value
from engine.yamltext.lines import lines_of


class Severity(StrEnum):
    """How much a problem matters."""

    #: The definition cannot be used.
    ERROR = "error"
    #: It can be used, but probably does not do what its author wants.
    WARNING = "warning"
    #: A better way exists.
    ADVICE = "advice"


@value
class Problem:
    """One thing that is wrong with a file. `line` and `column` count from 1, in characters."""

    file: str
    line: int
    column: int
    #: The id of a module of `engine.definition.rules` (kebab-case).
    rule: str
    severity: Severity
    message: Message
    hint: Message | None = None
    #: One past the last character concerned, on the same line.
    end_column: int = 0

    @property
    def place(self) -> tuple[str, int, int, str, str]:
        """Return what problems are sorted by."""
        return (self.file, self.line, self.column, self.rule, self.message.text)


def ordered(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems by file, line, column and rule, each once."""
    seen: dict[tuple[object, ...], Problem] = {}
    for problem in problems:
        seen.setdefault((*problem.place, str(problem.message)), problem)
    return tuple(sorted(seen.values(), key=lambda problem: problem.place))


def has_errors(problems: Iterable[Problem]) -> bool:
    """Tell whether any problem keeps a definition from being used."""
    return any(problem.severity is Severity.ERROR for problem in problems)


def as_text(problems: Iterable[Problem], sources: Mapping[str, str]) -> str:
    """Return ``file:line:column: message [rule]``, the line concerned and a caret, for each problem."""
    blocks = []
    texts: dict[str, list[str]] = {}
    for problem in ordered(problems):
        blocks.append(
            f"{problem.file}:{problem.line}:{problem.column}: {_sentence(problem)} [{problem.rule}]"
        )
        if problem.file not in texts:
            texts[problem.file] = lines_of(sources.get(problem.file, ""))
        lines = texts[problem.file]
        if problem.line <= len(lines) and lines[problem.line - 1].strip():
            blocks.extend(_excerpt(problem, lines[problem.line - 1]))
        if problem.hint is not None:
            blocks.append(f"    {say('提示：{hint}', hint=problem.hint)}")
    return "\n".join(blocks)


def as_json(problems: Iterable[Problem]) -> str:
    """Return a JSON array of ``{file, line, column, rule, severity, message, hint}``; a fixed contract."""
    rows = [
        {
            "file": problem.file,
            "line": problem.line,
            "column": problem.column,
            "rule": problem.rule,
            "severity": problem.severity.value,
            "message": str(problem.message),
            "hint": None if problem.hint is None else str(problem.hint),
        }
        for problem in ordered(problems)
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


_GITHUB_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "notice"}


def as_github(problems: Iterable[Problem]) -> str:
    """Return workflow commands that a code-hosting site shows beside the lines of a change."""
    rows = []
    for problem in ordered(problems):
        body = str(problem.message) if problem.hint is None else f"{problem.message}\n{problem.hint}"
        place = f"file={_property(problem.file)},line={problem.line},col={problem.column}"
        if problem.end_column > problem.column:
            place += f",endColumn={problem.end_column}"
        level = _GITHUB_LEVELS[problem.severity]
        rows.append(f"::{level} {place},title={_property(problem.rule)}::{_data(body)}")
    return "\n".join(rows)


def _sentence(problem: Problem) -> Message:
    if problem.severity is Severity.WARNING:
        return say("警告：{message}", message=problem.message)
    if problem.severity is Severity.ADVICE:
        return say("建议：{message}", message=problem.message)
    return problem.message


#: A very long line is shown only around the place concerned.
_SHOWN = 120


def _excerpt(problem: Problem, line: str) -> list[str]:
    start = min(problem.column - 1, len(line))
    end = max(problem.end_column - 1, start + 1)
    cut = max(0, start - _SHOWN // 2) if len(line) > _SHOWN else 0
    shown = line[cut : cut + _SHOWN].replace("\t", " ")
    before = width(line[cut:start])
    under = max(1, width(line[start : min(end, cut + _SHOWN)]))
    return [f"    {shown}", f"    {' ' * before}^{'~' * (under - 1)}"]


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
