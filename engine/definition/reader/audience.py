"""Roles and parties, wherever a definition names who does, sees or decides something."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.definition.reader.diagnostics import Book
from engine.definition.symbols import SymbolTable
from engine.kernel.did_you_mean import did_you_mean
from engine.language import say
from engine.yamltext.nodes import Node
from engine.yamltext.problem import Severity


@dataclass(slots=True)
class AudienceReader:
    """Reads roles and parties of one workflow; without a bureau file an unknown role is only a warning."""

    book: Book
    world: SymbolTable
    parties: Mapping[str, str]

    def read(self, node: Node | None) -> tuple[str, ...]:
        """Return one or several roles or parties."""
        names = self.book.read_names(node)
        for name, place in names:
            self._check(name, place, parties=True)
        return tuple(name for name, _ in names)

    def read_roles(self, node: Node | None) -> tuple[str, ...]:
        """Return one or several roles, no parties."""
        names = self.book.read_names(node)
        for name, place in names:
            self._check(name, place, parties=False)
        return tuple(name for name, _ in names)

    def _check(self, name: str, place: Node, *, parties: bool) -> None:
        bureau = self.world.bureau
        if name in self.parties and parties:
            return
        if bureau is None:
            if not self.world.bureau_broken:
                self.book.report(
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
        self.book.report("unknown-role", place, say("没有角色或参与人“{name}”", name=name), hint)
