"""The shipped files as plain YAML with places: what the mutations of the check are made from, without any reader of the engine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

import yaml
from faults_put_in import texts

from engine.definition import keywords

Path = tuple[str | int, ...]
Entries = dict[str, yaml.Node]


def entries(node: yaml.Node | None) -> Entries:
    """Return a mapping as key -> node; empty for anything else."""
    return {key.value: value for key, value in node.value} if isinstance(node, yaml.MappingNode) else {}


def items(node: yaml.Node | None) -> list[yaml.Node]:
    """Return the items of a list, a single value as a list of it."""
    if node is None:
        return []
    return list(node.value) if isinstance(node, yaml.SequenceNode) else [node]


def words(node: yaml.Node | None) -> list[str]:
    """Return the plain texts of a list or a single value."""
    return [item.value for item in items(node) if isinstance(item, yaml.ScalarNode)]


def flows(node: yaml.Node) -> bool:
    """Tell whether a list or a mapping is written in brackets."""
    return isinstance(node, yaml.CollectionNode) and bool(node.flow_style)


def scalars(node: yaml.Node, path: Path = ()) -> Iterator[tuple[Path, yaml.ScalarNode]]:
    """Yield every plain value below a node, with the keys and numbers that lead to it."""
    if isinstance(node, yaml.ScalarNode):
        yield path, node
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from scalars(value, (*path, key.value))
    else:
        for number, item in enumerate(node.value):
            yield from scalars(item, (*path, number))


@dataclass(frozen=True)
class Step:
    """One step of a workflow as it is written."""

    node: yaml.MappingNode
    #: The state it is written in, and its name there; empty for one of ``transitions:``.
    state: str = ""
    name: str = ""

    @cached_property
    def keys(self) -> Entries:
        return entries(self.node)

    @property
    def id(self) -> str:
        return self.name or words(self.keys["do"])[0]

    @property
    def sources(self) -> list[str]:
        return [self.state] if self.state else words(self.keys.get("from"))

    @property
    def targets(self) -> list[str]:
        """Return where it may lead; none where it stays."""
        found = []
        for item in items(self.keys.get("to")):
            if isinstance(item, yaml.ScalarNode):
                found.append(item.value)
            else:
                # What an outcome says besides follows its state.
                key, value = next(iter(entries(item).items()))
                found.append(words(value)[0] if key == "else" else key)
        return found

    @property
    def form(self) -> str | None:
        return words(self.keys.get("form"))[0] if "form" in self.keys else None

    @property
    def by_engine(self) -> bool:
        return bool({"automatic", "after", "on_expiry", "join"} & set(self.keys))

    def effects(self) -> Iterator[tuple[str, Entries, yaml.MappingNode]]:
        """Yield its effects: word, entries, node."""
        parts = [self.keys, *(entries(one) for one in items(self.keys.get("to")))]
        for item in (item for part in parts for item in items(part.get("then"))):
            if isinstance(item, yaml.MappingNode):
                yield item.value[0][0].value, entries(item), item


class Shipped:
    """One shipped file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.source = texts()[file]
        root = yaml.compose(self.source, Loader=yaml.SafeLoader)
        assert isinstance(root, yaml.MappingNode)
        self.root = root
        self.top = entries(self.root)
        self.kind = self.root.value[0][0].value
        self.name = words(self.top[self.kind])[0]

    def scalars(self) -> Iterator[tuple[Path, yaml.ScalarNode]]:
        yield from scalars(self.root)

    @cached_property
    def fields(self) -> list[tuple[yaml.ScalarNode, Entries]]:
        """Return its fields: key, what is said of it."""
        found = []
        for item in items(self.top.get("fields")):
            key, value = item.value[0]
            if key.value != "section":
                found.append((key, entries(value)))
        return found

    def kind_of(self, field: str) -> str | None:
        """Return of which type a field is; None where there is none."""
        for key, said in self.fields:
            if key.value == field:
                if "columns" in said:
                    return "rows"
                alone = next((word for word in said if word in keywords.TYPES), "")
                return alone or (
                    words(said["type"])[0] if "type" in said else ("choice" if "choices" in said else "text")
                )
        return None

    @cached_property
    def steps(self) -> list[Step]:
        """Return its steps: those written in their states, then those of several states, then those of ``transitions:``."""
        found = [
            Step(step, state, name)  # type: ignore[arg-type]
            for state, said in self.states.items()
            for name, step in entries(entries(said).get("steps")).items()
        ]
        found += [Step(step, "", name) for name, step in entries(self.top.get("steps")).items()]  # type: ignore[arg-type]
        return found + [Step(item) for item in items(self.top.get("transitions"))]  # type: ignore[arg-type]

    @cached_property
    def states(self) -> Entries:
        return entries(self.top.get("states"))

    @cached_property
    def clocks(self) -> Entries:
        return entries(self.top.get("clocks"))

    @property
    def initial(self) -> str:
        return words(self.top["initial"])[0] if "initial" in self.top else next(iter(self.states))

    def final(self, state: str) -> bool:
        return "final" in entries(self.states[state])

    def leads(self, *, without: Step | None = None) -> dict[str, set[str]]:
        """Return state -> states its steps lead to, one step left out."""
        found: dict[str, set[str]] = {state: set() for state in self.states}
        for step in self.steps:
            if step is not without:
                for source in step.sources:
                    found[source].update(step.targets)
        return found

    def reached(self, start: str, *, without: Step | None = None) -> set[str]:
        """Return the states a case can come to, `start` among them."""
        leads = self.leads(without=without)
        seen: set[str] = set()
        waiting = [start]
        while waiting:
            state = waiting.pop()
            if state not in seen:
                seen.add(state)
                waiting.extend(leads[state])
        return seen

    def filled_before(self, step: Step) -> set[str]:
        """Return the forms that may have been filled in when a step is taken for the first time."""
        before = self.reached(self.initial, without=step)
        found = set()
        for other in self.steps:
            if other is step or other.form is None or not set(other.sources) & before:
                continue
            behind = {
                state
                for target in other.targets or other.sources
                for state in self.reached(target, without=step)
            }
            if behind & set(step.sources):
                found.add(other.form)
        return found


@lru_cache(maxsize=1)
def workflows() -> dict[str, Shipped]:
    """Return the shipped workflows by name."""
    found = [Shipped(file) for file, text in texts().items() if re.match(r"(#.*\n)*workflow:", text)]
    return {one.name: one for one in found}


@lru_cache(maxsize=1)
def forms() -> dict[str, Shipped]:
    """Return the shipped forms by name."""
    found = [Shipped(file) for file, text in texts().items() if re.match(r"(#.*\n)*form:", text)]
    return {one.name: one for one in found}


@lru_cache(maxsize=1)
def bureau() -> Shipped:
    return Shipped("workflows/bureau.yaml")
