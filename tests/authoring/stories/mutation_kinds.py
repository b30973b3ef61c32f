"""Kinds of faults a workflow can have in its meaning: each yields every one it makes in a shipped file, by a rule over the plain text.

Titles, helps and messages are left as they are: a story does not read prose.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import yaml
from mutations import Mutation, over, quoted, removed
from shipped_texts import Path, Shipped, entries, flows, items, scalars, workflows

_PROSE = {
    "title",
    "help",
    "else",
    "basis",
    "message",
    "because",
    "note",
    "no deadline",
    "unit",
    "about",
    "workflow",
}
_PERIOD = re.compile(r"\b(\d+) (working days?|days?|months?|hours?|years?)\b")
_UNITS = {"working day": "day", "day": "working day", "hour": "day", "month": "day", "year": "month"}
_EFFECTS = ("set", "render", "publish", "withdraw", "start", "end", "notify", "assign", "archive", "replace",
            "served", "approved", "signed")  # fmt: skip
_STRING = re.compile(r"'[^']*'")


@dataclass(frozen=True)
class Fault:
    """One fault: what kind, where in a file (the keys that lead to it), and the change."""

    kind: str
    workflow: str
    where: str
    change: Mutation

    def __str__(self) -> str:
        old = self.change.text[: self.change.start].count("\n") + 1
        new = " ".join(self.change.new.split()) or "(removed)"
        return f"{self.kind}: workflows/{self.workflow}.yaml:{old} {self.where} -> {new}"

    @property
    def name(self) -> str:
        """Return what it is called in the list of those that change nothing: without the line."""
        new = " ".join(self.change.new.split()) or "(removed)"
        return f"{self.kind}: {self.workflow} {self.where} -> {new}"


Found = Iterator[tuple[Path, Mutation]]


def _nodes(node: yaml.Node, path: Path = ()) -> Iterator[tuple[Path, yaml.Node]]:
    """Yield every node below one, with the keys and numbers that lead to it."""
    yield path, node
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _nodes(value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for number, item in enumerate(node.value):
            yield from _nodes(item, (*path, number))


def _part(flow: Shipped, node: yaml.Node, match: re.Match[str] | tuple[int, int], new: str) -> Mutation:
    """Return the change of a part of what is written for a value."""
    start, end = match if isinstance(match, tuple) else match.span()
    at = node.start_mark.index
    return Mutation(flow.file, at + start, at + end, new)


def _written(flow: Shipped, node: yaml.Node) -> str:
    return flow.source[node.start_mark.index : node.end_mark.index]


def _conditions(flow: Shipped) -> Iterator[tuple[Path, yaml.ScalarNode, str]]:
    """Yield whatever is worked out: conditions, days, values; with what is written."""
    for path, node in flow.scalars():
        outcome = path[-3:-2] == ("to",) and isinstance(path[-2], int) and path[-1] not in ("else", "title")
        names = ("that", "when", "since", "where", "each", "rows")
        dated = path[-1] == "deadline" and re.match(r"(suggested )?on ", node.value)
        if outcome or dated or path[-1] in names or node.value.startswith("= "):
            yield path, node, _written(flow, node)


def _other_numbers(number: int) -> list[int]:
    return [number + 1, *([number - 1] if number > 1 else [])]


def term(flow: Shipped) -> Found:
    """a term, longer or shorter"""
    for path, node in flow.scalars():
        if path[-1] in ("deadline", "after"):
            for match in _PERIOD.finditer(_written(flow, node)):
                for other in _other_numbers(int(match[1])):
                    yield path, _part(flow, node, match.span(1), str(other))


def unit(flow: Shipped) -> Found:
    """a term in another unit"""
    for path, node in flow.scalars():
        if path[-1] in ("deadline", "after", "max", "every"):
            for match in _PERIOD.finditer(_written(flow, node)):
                yield path, _part(flow, node, match.span(2), _UNITS[match[2].rstrip("s")] + "s")


def rolled(flow: Shipped) -> Found:
    """an end that is not moved from a day off"""
    for path, node in _nodes(flow.root):
        if isinstance(node, yaml.MappingNode) and "roll" in entries(node):
            yield (*path, "roll"), removed(flow.file, node, "roll")


def since(flow: Shipped) -> Found:
    """a term counted from another day"""
    every = [node.value for path, node in flow.scalars() if path[-1] == "since"]
    for path, node in _nodes(flow.root):
        found = entries(node).get("since")
        if found is not None:
            yield (*path, "since"), removed(flow.file, node, "since")
            other = next((one for one in every if one != found.value), None)
            if other is not None:
                yield (*path, "since"), over(flow.file, found, quoted(other))


def reminder(flow: Shipped) -> Found:
    """a reminder on another day, or none"""
    for path, node in _nodes(flow.root):
        if path and path[-1] == "remind" and isinstance(node, yaml.SequenceNode):
            for number, item in enumerate(node.value):
                if match := re.match(r"\d+", item.value):
                    other = str(int(match[0]) + 1)
                    yield (*path, number), _part(flow, item, match, other)
            if len(node.value) > 1 and re.match(r"\d+$", node.value[0].value):
                start, end = node.value[0].start_mark.index, node.value[1].start_mark.index
                yield (*path, 0), Mutation(flow.file, start, end, "")


def ladder_day(flow: Shipped) -> Found:
    """what follows a missed deadline, at another time or not repeated"""
    for path, node in _nodes(flow.root):
        if path and path[-1] == "overdue" and isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if match := re.match(r"(\d+) ", key.value):
                    yield (*path, key.value), _part(flow, key, match.span(1), str(int(match[1]) + 1))
                written = _written(flow, value)
                if match := re.search(r"every:? (\d+)", written):
                    yield (
                        (*path, key.value, "every"),
                        _part(flow, value, match.span(1), str(int(match[1]) + 1)),
                    )
                if match := re.search(r",? every:? \d+ (working )?days?", written):
                    yield (*path, key.value, "every"), _part(flow, value, match, "")


def ladder_who(flow: Shipped) -> Found:
    """what follows a missed deadline, for others"""
    for path, node in _nodes(flow.root):
        if path and path[-1] == "overdue" and isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                yield from _people_of_ladder(flow, (*path, key.value), value)
        elif path and path[-1] == "overdue" and isinstance(node, yaml.ScalarNode):
            others = [one for one in ("office", "deciding", "leading", "drawing") if one != node.value]
            yield path, over(flow.file, node, others[0])


def _people_of_ladder(flow: Shipped, path: Path, value: yaml.Node) -> Found:
    if isinstance(value, yaml.ScalarNode):
        if match := re.match(r"escalate (\w+)", value.value):
            yield path, _part(flow, value, match.span(1), _another(match[1]))
        return
    who = value if isinstance(value, yaml.SequenceNode) else entries(value).get("notify")
    if isinstance(who, yaml.SequenceNode):
        yield from _each_of(flow, path, who)
    if "escalate" in entries(value):
        node = entries(value)["escalate"]
        yield (*path, "escalate"), over(flow.file, node, _another(_written(flow, node)))
    if "urgent" in entries(value):
        yield (*path, "urgent"), removed(flow.file, value, "urgent")


def _another(role: str) -> str:
    return next(one for one in ("deputy_head", "section_chief", "leading_office") if one != role)


def _each_of(flow: Shipped, path: Path, node: yaml.SequenceNode) -> Found:
    """Yield a list with each left out, and with one more."""
    words = [_written(flow, one) for one in node.value]
    if len(words) > 1:
        for number, word in enumerate(words):
            rest = [*words[:number], *words[number + 1 :]]
            yield (*path, word), over(flow.file, node, f"[{', '.join(rest)}]")
    yield path, over(flow.file, node, f"[{', '.join([*words, _one_more(words)])}]")


def _one_more(words: list[str]) -> str:
    return next(one for one in ("archivist", "deputy_head", "section_chief") if one not in words)


def _who(flow: Shipped, path: Path, node: yaml.Node) -> Found:
    """Yield people replaced, and joined by another."""
    if isinstance(node, yaml.SequenceNode):
        yield from _each_of(flow, path, node)
    elif isinstance(node, yaml.ScalarNode) and re.fullmatch(r"\w+", node.value):
        yield path, over(flow.file, node, _another(node.value))
        yield path, over(flow.file, node, f"[{node.value}, {_one_more([node.value])}]")


def whose_task(flow: Shipped) -> Found:
    """a task of others"""
    for name, state in flow.states.items():
        if "for" in entries(state):
            yield from _who(flow, ("states", name, "for"), entries(state)["for"])


def who_may(flow: Shipped) -> Found:
    """a step or a verb of others"""
    for path, node in _nodes(flow.root):
        if path and path[-1] == "by" and path[0] in ("states", "steps", "verbs"):
            yield from _who(flow, path, node)


def who_approves(flow: Shipped) -> Found:
    """a verb that others approve, or nobody"""
    for path, node in _nodes(flow.root):
        if path and "verbs" in path and isinstance(node, yaml.MappingNode) and "approve" in entries(node):
            yield (*path, "approve"), removed(flow.file, node, "approve")
            yield from _who(flow, (*path, "approve"), entries(node)["approve"])


def limit(flow: Shipped) -> Found:
    """how far or how often something may be put off"""
    for path, node in flow.scalars():
        if path[-1] in ("max", "times") and "verbs" in path:
            match = re.match(r"\d+", node.value)
            if match:
                yield path, _part(flow, node, match, str(int(match[0]) + 1))
                if path[-1] == "max":
                    yield path, _part(flow, node, match, str(int(match[0]) - 1))


def reason(flow: Shipped) -> Found:
    """a step without its reason"""
    for path, node in _nodes(flow.root):
        if isinstance(node, yaml.MappingNode) and "reason" in entries(node) and "to" in entries(node):
            yield (*path, "reason"), removed(flow.file, node, "reason")


def asked(flow: Shipped) -> Found:
    """a step without its form or its signatures, an urging without its receipt"""
    for path, node in _nodes(flow.root):
        if isinstance(node, yaml.MappingNode) and path and path[0] in ("states", "steps", "verbs"):
            for word in ("form", "sign", "receipt", "item_forms"):
                if word in entries(node):
                    yield (*path, word), removed(flow.file, node, word)


def comparison(flow: Shipped) -> Found:
    """a comparison that says something else at its bound"""
    others = {">=": ">", ">": ">=", "<=": "<", "<": "<=", "==": "!=", "!=": "=="}
    for path, node, written in _conditions(flow):
        for match in re.finditer(r">=|<=|==|!=|(?<![-=<>])[<>](?!=)", written):
            yield path, _part(flow, node, match, others[match[0]])


def number(flow: Shipped) -> Found:
    """another number, ratio or period in a condition"""
    for path, node, written in _conditions(flow):
        for match in re.finditer(r"(?<![\w.])\d+(?![\w.])", written):
            other = int(match[0]) - 1 if int(match[0]) > 1 else int(match[0]) + 1
            yield path, _part(flow, node, match, str(other))
            if int(match[0]) > 1:
                yield path, _part(flow, node, match, str(int(match[0]) + 1))


def word(flow: Shipped) -> Found:
    """and for or, or for and, a condition without its not, in for not in"""
    for path, node, written in _conditions(flow):
        quoted_parts = [one.span() for one in _STRING.finditer(written.strip('"'))]
        for match in re.finditer(r"\b(and|or)\b|\bnot (?!in\b)|\bnot in\b", written):
            if any(start < match.start() < end for start, end in quoted_parts):
                continue
            new = {"and": "or", "or": "and", "not ": "", "not in": "in"}[match[0]]
            yield path, _part(flow, node, match, new)


def negated(flow: Shipped) -> Found:
    """a condition turned into its opposite"""
    for path, node, _ in _conditions(flow):
        if path[-1] == "when" or path[-3:-2] == ("to",):
            yield path, over(flow.file, node, quoted(f"not ({node.value})"))


def requirement(flow: Shipped) -> Found:
    """a requirement or a warning that always holds"""
    for path, node in flow.scalars():
        if path[-1] == "that":
            yield path, over(flow.file, node, quoted(f"({node.value}) or true == true"))


def target(flow: Shipped) -> Found:
    """a step that leads elsewhere, two outcomes the wrong way round"""
    states = list(flow.states)
    for path, node in _nodes(flow.root):
        if not path or path[-1] != "to" or path[0] not in ("states", "steps"):
            continue
        if isinstance(node, yaml.ScalarNode) and node.value in states:
            yield path, over(flow.file, node, states[(states.index(node.value) + 1) % len(states)])
        elif isinstance(node, yaml.SequenceNode):
            yield from _swapped(flow, path, node)


def _swapped(flow: Shipped, path: Path, node: yaml.SequenceNode) -> Found:
    named = []
    for item in node.value:
        if isinstance(item, yaml.MappingNode):
            key, value = item.value[0]
            named.append(value if key.value == "else" else key)
    for one, other in combinations(named, 2):
        first, second = _written(flow, one), _written(flow, other)
        start, end = one.start_mark.index, other.end_mark.index
        between = flow.source[one.end_mark.index : other.start_mark.index]
        yield path, Mutation(flow.file, start, end, f"{second}{between}{first}")


def _effects(flow: Shipped) -> Iterator[tuple[Path, yaml.SequenceNode, int, yaml.Node]]:
    for path, node in _nodes(flow.root):
        if path and path[-1] == "then" and isinstance(node, yaml.SequenceNode):
            for place, item in enumerate(node.value):
                yield (*path, place), node, place, item


def effect(flow: Shipped) -> Found:
    """an effect left out"""
    for path, parent, place, item in _effects(flow):
        what = item.value[0][0].value if isinstance(item, yaml.MappingNode) else item.value
        start, end = item.start_mark.index, item.end_mark.index
        if flows(parent):
            if len(parent.value) == 1:
                yield (*path, what), Mutation(flow.file, parent.start_mark.index, parent.end_mark.index, "[]")
                continue
            if place + 1 < len(parent.value):
                end = parent.value[place + 1].start_mark.index
            else:
                start = parent.value[place - 1].end_mark.index
            yield (*path, what), Mutation(flow.file, start, end, "")
        elif len(parent.value) > 1:
            start = flow.source.rindex("\n", 0, start) + 1
            end = start + len(flow.source[start:end].rstrip("\n ")) + 1
            yield (*path, what), Mutation(flow.file, start, end, "")


def value(flow: Shipped) -> Found:
    """an effect with another value, of another kind, or in another case"""
    for path, _, _, item in _effects(flow):
        for below, node in scalars(item):
            new = _instead(_written(flow, node), below, node.value)
            if new is not None and below[-1] not in _PROSE:
                yield (*path, *below), over(flow.file, node, new)
        for word_ in ("as", "note", "clock", "above"):
            if isinstance(item, yaml.MappingNode) and word_ in entries(item):
                yield (*path, word_), removed(flow.file, item, word_)


@lru_cache(maxsize=1)
def _named() -> dict[str, list[str]]:
    """Return what is published and which papers are made anywhere: word of an effect -> names."""
    said: dict[str, set[str]] = {}
    for flow in workflows().values():
        for path, node in flow.scalars():
            said.setdefault(str(path[-1]), set()).add(node.value)
    papers = sorted(said["render"] | said["approved"] | said["served"])
    publications = sorted(said["publish"])
    return dict.fromkeys(("render", "approved", "served"), papers) | dict.fromkeys(
        ("publish", "withdraw"), publications
    )


def _instead(written: str, below: Path, said: str) -> str | None:
    """Return what is written in place of a value of an effect; None where there is nothing to think of."""
    if below[0] in _named():
        return next(one for one in _named()[str(below[0])] if one != said)
    if below[-1] == "on":
        return "= today"
    if len(below) != 2:
        return None
    other = {
        "parties": quoted("= [actor.id]"),
        "with": _other_value(written, said) or quoted("= case.opened_on"),
    }
    return _other_value(written, said) if below[0] == "set" else other.get(str(below[0]))


def _other_value(written: str, said: str) -> str | None:
    """Return another value of the same kind; None where there is none to think of."""
    if written in ("true", "false"):
        return "false" if written == "true" else "true"
    if re.fullmatch(r"\d+", written):
        return str(int(written) + 1)
    if said.startswith("= ") and re.search(r"_on\b|_at\b|opened|today", said):
        return quoted("= today") if said != "= today" else None
    if said == "= actor.id":
        return quoted("= 'somebody'")
    if re.fullmatch(r"[\w-]+", written):
        return "something_else"
    return None


def told(flow: Shipped) -> Found:
    """a message to others"""
    for path, _, _, item in _effects(flow):
        who = entries(item).get("notify")
        if isinstance(who, yaml.SequenceNode):
            yield from _each_of(flow, (*path, "notify"), who)
            if len(who.value) == 1:
                yield (*path, "notify"), over(flow.file, who, f"[{_another(who.value[0].value)}]")
        elif isinstance(who, yaml.ScalarNode):
            yield (*path, "notify"), over(flow.file, who, f"[{_another(who.value)}]")


def joined(flow: Shipped) -> Found:
    """a wait for children that ends too soon, or not at all"""
    for path, node in _nodes(flow.root):
        if path and path[-1] == "join" and isinstance(node, yaml.MappingNode):
            for key, states in node.value:
                words = [one.value for one in items(states)]
                every = list(workflows()[key.value].states)
                for other in every:
                    if other not in words:
                        yield (*path, key.value), over(flow.file, states, f"[{', '.join([other, *words])}]")
                        break
                for number_, _ in enumerate(words):
                    if len(words) > 1:
                        rest = [*words[:number_], *words[number_ + 1 :]]
                        yield (*path, key.value), over(flow.file, states, f"[{', '.join(rest)}]")


def clock_states(flow: Shipped) -> Found:
    """a clock that leaves out a state, or a pause that does"""
    for name, clock in flow.clocks.items():
        for word_ in ("during", "pauses_in"):
            found = entries(clock).get(word_)
            words = [_written(flow, one) for one in items(found)]
            if found is not None and len(words) > 1:
                for number_, _ in enumerate(words):
                    rest = [*words[:number_], *words[number_ + 1 :]]
                    yield (
                        ("clocks", name, word_, words[number_]),
                        over(flow.file, found, f"[{', '.join(rest)}]"),
                    )


def sources(flow: Shipped) -> Found:
    """a step that cannot be taken from one of its states"""
    for path, node in _nodes(flow.root):
        if path and path[-1] == "from" and path[0] == "steps" and isinstance(node, yaml.SequenceNode):
            words = [_written(flow, one) for one in node.value]
            for number_, word_ in enumerate(words):
                rest = [*words[:number_], *words[number_ + 1 :]]
                if rest:
                    yield (*path, word_), over(flow.file, node, f"[{', '.join(rest)}]")


KINDS: tuple[Callable[[Shipped], Found], ...] = (
    term, unit, rolled, since, reminder, ladder_day, ladder_who, whose_task, who_may, who_approves, limit, reason,
    asked, comparison, number, word, negated, requirement, target, effect, value, told, joined, clock_states, sources,
)  # fmt: skip


@lru_cache(maxsize=1)
def faults() -> dict[str, list[Fault]]:
    """Return all faults by the words of their kind; one that another kind makes as well is there once."""
    found: dict[str, list[Fault]] = {}
    seen: set[tuple[str, str]] = set()
    for make in KINDS:
        kind = str(make.__doc__)
        for flow in workflows().values():
            for path, change in make(flow):
                text = change.text
                if text != flow.source and (flow.file, text) not in seen:
                    seen.add((flow.file, text))
                    where = ".".join(map(str, path))
                    found.setdefault(kind, []).append(Fault(kind, flow.name, where, change))
    return found
