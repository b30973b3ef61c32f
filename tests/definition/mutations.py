"""One change of one shipped file, and how changes are made."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import yaml
from faults_put_in import templates, texts
from shipped_texts import Shipped, entries, flows, items


@dataclass(frozen=True)
class Mutation:
    """One change: the characters `start` to `end` of a file are replaced."""

    file: str
    start: int
    end: int
    new: str
    #: Why it is no fault after all; empty: it is one.
    equivalent: str = ""

    @property
    def text(self) -> str:
        """Return the file with the change."""
        old = texts()[self.file]
        return old[: self.start] + self.new + old[self.end :]

    @property
    def line(self) -> int:
        """Return the line of the change, from 1."""
        lead = len(self.new) - len(self.new.lstrip())
        return self.text[: self.start + lead].count("\n") + 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {texts()[self.file][self.start : self.end]!r} -> {self.new!r}"


def over(file: str, node: yaml.Node, new: str, equivalent: str = "") -> Mutation:
    """Return the change that writes something else where a node stands."""
    return Mutation(file, node.start_mark.index, node.end_mark.index, new, equivalent)


def removed(file: str, parent: yaml.Node, name: str) -> Mutation:
    """Return the change that takes an entry out of a mapping."""
    pairs = parent.value
    at = next(number for number, (key, _) in enumerate(pairs) if key.value == name)
    key, value = pairs[at]
    start, end = key.start_mark.index, value.end_mark.index
    if flows(parent):
        if at + 1 < len(pairs):
            end = pairs[at + 1][0].start_mark.index
        elif at:
            start = pairs[at - 1][1].end_mark.index
        return Mutation(file, start, end, "")
    source = texts()[file]
    start = source.rindex("\n", 0, start) + 1
    end = source.index("\n", source.rindex(source[end - 1], 0, end)) + 1 if source[end - 1] != "\n" else end
    if isinstance(value, yaml.CollectionNode) and not value.flow_style:
        # A block ends where the next thing begins: blank lines and comments before it stay.
        end = start + len(source[start:end].rstrip("\n ")) + 1
    return Mutation(file, start, end, "")


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


@cache
def misspelt(name: str) -> str:
    """Return a name with two letters in the wrong order, or one too many, that is no other word of the files."""
    for at in range(len(name) - 2, 0, -1):
        wrong = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
        if "_" not in name[at : at + 2] and wrong not in known_words():
            return wrong
    return name + "x"


@lru_cache(maxsize=1)
def known_words() -> frozenset[str]:
    return frozenset(re.findall(r"[a-z][a-z0-9_]*", "\n".join(texts().values())))


@lru_cache(maxsize=1)
def everything() -> str:
    """Return all files and templates as one text."""
    return "\n".join([*texts().values(), *templates().values()])


def conditions(flow: Shipped) -> Iterator[yaml.ScalarNode]:
    """Yield the conditions that keep a step from being taken, or choose its outcome."""
    for step in flow.steps:
        if "when" in step.keys:
            yield step.keys["when"]  # type: ignore[misc]
        for one in items(step.keys.get("to")):
            if isinstance(one, yaml.MappingNode) and one.value[0][0].value != "else":
                yield one.value[0][1]
        for one in items(step.keys.get("require")):
            yield entries(one)["that"]  # type: ignore[misc]


def expressions(flow: Shipped) -> Iterator[yaml.ScalarNode]:
    for path, node in flow.scalars():
        outcome = path[-3:-2] == ("to",) and isinstance(path[-2], int) and path[-1] not in ("else", "title")
        if outcome or path[-1] in ("that", "when", "since", "where") or node.value.startswith("= "):
            yield node
