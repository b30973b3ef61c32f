"""``statistics`` of a bureau: tables that count the cases of a year by group.

Read twice, as measures are: with the bureau, and once more when every workflow is known.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.definition.expressions import Names
from engine.definition.names import FOUND_ITEM
from engine.definition.reader.conditions import read_condition, read_expression
from engine.definition.reader.diagnostics import Diagnostics, MappingReader
from engine.definition.reader.measures import names_of
from engine.definition.symbols import SymbolTable
from engine.kernel.did_you_mean import did_you_mean
from engine.language import say
from engine.lifecycle.measure_rules import StatisticsColumn, StatisticsGroup, StatisticsTable
from engine.lifecycle.model.bureau import Bureau
from engine.yamltext.nodes import Node
from engine.yamltext.problem import Severity

#: Where the titles of codes may be taken from, besides the code lists of the bureau.
NAMES_FROM = ("sections", "items")


def read_statistics(
    diagnostics: Diagnostics, node: Node | None, world: SymbolTable | None = None
) -> dict[str, StatisticsTable]:
    """Read the tables; with a `world` what they refer to is checked too."""
    found = {}
    for name, _, value in diagnostics.entries(node):
        part = diagnostics.open(value, "statistics table")
        if part is None:
            continue
        workflow = diagnostics.read_name(part.value("cases"))
        _check_workflow(diagnostics, part, workflow, world)
        bureau = world.bureau if world is not None and not world.partial else None
        reader = _StatisticsReader(diagnostics, names_of(workflow, world), bureau)
        found[name] = StatisticsTable(
            id=name,
            title=diagnostics.read_text(part.value("title")) or name,
            title_en=diagnostics.read_text(part.value("title_en")),
            workflow=workflow or "",
            groups=reader.groups(part),
            columns=reader.columns(part),
        )
    return found


def _check_workflow(
    diagnostics: Diagnostics, part: MappingReader, workflow: str | None, world: SymbolTable | None
) -> None:
    node = part.value("cases")
    if world is None or world.partial or node is None or workflow is None or workflow in world.workflows:
        return
    message = say("没有流程“{name}”", name=workflow)
    diagnostics.unknown("unknown-workflow", node, message, workflow, world.workflows, Severity.WARNING)


@dataclass(frozen=True, slots=True)
class _StatisticsReader:
    diagnostics: Diagnostics
    names: Names | None
    #: The bureau whose code lists may be named; None while they are not known.
    bureau: Bureau | None = None

    def groups(self, part: MappingReader) -> dict[str, StatisticsGroup]:
        """Read what a table may be grouped by."""
        diagnostics, found = self.diagnostics, {}
        for name, _, value in diagnostics.entries(part.value("groups")):
            group = diagnostics.open(value, "statistics group")
            parsed = (
                read_expression(diagnostics, group.value("value"), self.names) if group is not None else None
            )
            if group is None or parsed is None or parsed.expression is None:
                continue
            found[name] = StatisticsGroup(
                id=name,
                title=diagnostics.read_text(group.value("title")) or name,
                title_en=diagnostics.read_text(group.value("title_en")),
                value=parsed.expression,
                by_month=diagnostics.read_flag(group.value("by_month")),
                names=self._names_of_codes(group.value("names")),
                whole=diagnostics.read_flag(group.value("every_name")),
            )
        return found

    def columns(self, part: MappingReader) -> dict[str, StatisticsColumn]:
        """Read the columns; a ratio names columns that count and come before it."""
        diagnostics, found = self.diagnostics, dict[str, StatisticsColumn]()
        for name, _, value in diagnostics.entries(part.value("columns")):
            column = diagnostics.open(value, "statistics column")
            if column is None:
                continue
            sides = {key: diagnostics.read_name(column.value(key)) or "" for key in ("part", "whole")}
            counting = [one.id for one in found.values() if not one.part]
            for key, side in sides.items():
                node = column.value(key)
                if node is not None and side not in counting:
                    diagnostics.unknown(
                        "unknown-name", node, say("前面没有计数的列“{name}”", name=side), side, counting
                    )
            if bool(sides["part"]) != bool(sides["whole"]):
                diagnostics.report("missing-key", value, say("比率须同时写明 part（分子）和 whole（分母）"))
            found[name] = StatisticsColumn(
                id=name,
                title=diagnostics.read_text(column.value("title")) or name,
                title_en=diagnostics.read_text(column.value("title_en")),
                where=read_condition(diagnostics, column.value("where"), self.names),
                of_item=read_condition(diagnostics, column.value("of_item"), self._names_of_item()),
                part=sides["part"],
                whole=sides["whole"],
            )
        return found

    def _names_of_codes(self, node: Node | None) -> str | None:
        """Read where the titles of the codes are taken from, which has to be a list of the bureau or one of `NAMES_FROM`."""
        name = self.diagnostics.read_name(node)
        if node is not None and name is not None and self.bureau is not None:
            known = (*NAMES_FROM, *self.bureau.codes)
            if name not in known:
                message = say("单位设置里没有代码表“{name}”", name=name)
                hint = did_you_mean(name, known) or say("可写：{names}", names=list(known))
                self.diagnostics.report("unknown-code-list", node, message, hint)
        return name

    def _names_of_item(self) -> Names | None:
        return None if self.names is None else {**self.names, "item": FOUND_ITEM}
