"""Roles and parties, wherever a definition names who does, sees or decides something; and keys read by their kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.definition.reader.deadlines.periods import read_period
from engine.definition.reader.diagnostics import Diagnostics
from engine.definition.symbols import SymbolTable
from engine.kernel.did_you_mean import did_you_mean
from engine.language import say
from engine.lifecycle.model.key import DefinitionKey, KeyKind
from engine.lifecycle.model.overdue import OverdueStep
from engine.lifecycle.model.people.superiors import Superiors, superiors_named
from engine.yamltext.nodes import Node, ScalarNode
from engine.yamltext.problem import Severity


def read_plain_key(diagnostics: Diagnostics, key: DefinitionKey, node: Node | None) -> Any:
    """Return what is written under a key, roles and parties as they stand. Raises ValueError for states and clocks."""
    match key.kind:
        case KeyKind.PERIOD:
            return read_period(diagnostics, node, least=key.least)
        case KeyKind.INTEGER:
            return diagnostics.read_integer(node)
        case KeyKind.FLAG:
            return diagnostics.read_flag(node)
        case KeyKind.AUDIENCE | KeyKind.ROLES:
            return tuple(name for name, _ in diagnostics.read_names(node))
        case KeyKind.ROLE:
            return next((name for name, _ in diagnostics.read_names(node)), None)
    raise ValueError(key.kind)


@dataclass(slots=True)
class AudienceReader:
    """Reads roles and parties of one workflow; without a bureau file an unknown role is only a warning."""

    diagnostics: Diagnostics
    world: SymbolTable
    parties: Mapping[str, str]
    #: The superiors that were named, by the party they are.
    superiors: dict[str, Superiors] = field(default_factory=dict)

    def read(self, node: Node | None) -> tuple[str, ...]:
        """Return one or several roles or parties, or superiors of a party, which are a party of their own."""
        found: dict[str, None] = {}
        for item in self.diagnostics.one_or_many(node):
            name = self._superiors(item) or self.diagnostics.read_name(item)
            if name is None:
                continue
            if name in found:
                self.diagnostics.report("duplicate-name", item, say("“{name}”列了两次", name=name))
            elif name not in self.superiors:
                self._check(name, item, parties=True)
            found[name] = None
        return tuple(found)

    def _superiors(self, node: Node) -> str | None:
        """Return the party of the superiors a text names; None where it names a role or a party."""
        text = node.text if isinstance(node, ScalarNode) else ""
        if text in self.parties or (self.world.bureau is not None and text in self.world.bureau.roles):
            return None
        named = superiors_named(text)
        if named is None:
            return None
        if named.of not in self.parties:
            message = say("“{text}”：没有参与人“{name}”", text=text, name=named.of)
            hint = did_you_mean(named.of, self.parties) or say(
                "上级是某个参与人的上级：请在流程的 parties（参与人）里添加，并用 assign（指定）写明是谁"
            )
            self.diagnostics.report("undeclared-party", node, message, hint)
        self.superiors[named.name] = named
        return named.name

    def titles(self) -> dict[str, str]:
        """Return the superiors that were named, with what people call them."""
        return {
            name: str(one.title(self.parties.get(one.of, one.of))) for name, one in self.superiors.items()
        }

    def read_roles(self, node: Node | None) -> tuple[str, ...]:
        """Return one or several roles, no parties."""
        names = self.diagnostics.read_names(node)
        for name, place in names:
            self._check(name, place, parties=False)
        return tuple(name for name, _ in names)

    def read_key(self, key: DefinitionKey, node: Node | None) -> Any:
        """Return what is written under a key that names no states or clocks. Raises ValueError for one that does."""
        match key.kind:
            case KeyKind.AUDIENCE:
                return self.read(node)
            case KeyKind.ROLES:
                return self.read_roles(node)
            case KeyKind.ROLE:
                return next(iter(self.read_roles(node)), None)
        found = read_plain_key(self.diagnostics, key, node)
        # A stored version is read as it was published.
        counted = key.kind is KeyKind.INTEGER and found is not None and not self.world.partial
        if counted and node is not None and found < key.least:
            self.diagnostics.report(
                "wrong-shape",
                node,
                say("此处至少应为 {least}，实为 {seen}", least=key.least, seen=found),
                say("谁也不许的，整项不写"),
            )
        return found

    def check_policy(self, step: OverdueStep, place: Node) -> None:
        """Check that whom a policy names is somebody here."""
        for name in step.notify:
            self._check(name, place, parties=True)
        roles = (*step.escalation_chain, *((step.new_assignee_role,) if step.new_assignee_role else ()))
        for name in roles:
            self._check(name, place, parties=False)

    def _check(self, name: str, place: Node, *, parties: bool) -> None:
        bureau = self.world.bureau
        if name in self.parties and parties:
            return
        if bureau is None:
            if not self.world.bureau_broken:
                self.diagnostics.report(
                    "unknown-role",
                    place,
                    say("角色“{name}”无从查考：没有单位设置文件（bureau:）", name=name),
                    say("请连同单位设置文件一起检查"),
                    Severity.WARNING,
                )
            return
        if name in bureau.roles:
            return
        known = [*bureau.roles, *(self.parties if parties else ())]
        hint = did_you_mean(name, known) or say(
            "请在单位设置的 roles（角色）或流程的 parties（参与人）里添加"
        )
        self.diagnostics.report("unknown-role", place, say("没有角色或参与人“{name}”", name=name), hint)
