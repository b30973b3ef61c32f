"""A format as YAML: read strictly, with every problem at its line. Keys may be written in Chinese as well."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from engine.definition.expression_errors import Fault
from engine.definition.expressions import Names, parse_condition, parse_expression
from engine.definition.types import ANY
from engine.exchange.formats import (
    SEPARATOR,
    CellKind,
    ExchangeFormat,
    FormatColumn,
    RowCheck,
    RowsOf,
    RowSource,
)
from engine.kernel.did_you_mean import did_you_mean
from engine.language import Message, say
from engine.lifecycle.expressions.condition import Condition
from engine.lifecycle.expressions.expression import Expression
from engine.lifecycle.forms.answers import ROW_ANSWERS
from engine.yamltext.nodes import MappingNode, Node, ScalarNode, SequenceNode
from engine.yamltext.problem import Problem, Severity
from engine.yamltext.source import read_source

T = TypeVar("T")

#: Key -> the Chinese word for it.
FILE_KEYS: Mapping[str, str] = {
    "exchange": "交换", "title": "名称", "title_en": "英文名称", "source": "出处", "help": "说明", "rows": "行",
    "sheet": "工作表", "key": "标识列", "columns": "列", "checks": "检查",
}  # fmt: skip
ROW_KEYS: Mapping[str, str] = {
    "cases": "件", "register": "名录", "measures": "指标", "forms": "表单", "where": "条件", "each": "逐项",
}  # fmt: skip
COLUMN_KEYS: Mapping[str, str] = {
    "title": "名称", "also": "又名", "type": "类型", "required": "必填", "max": "最多", "digits": "位数",
    "decimals": "小数位", "value": "值", "fixed": "固定值", "codes": "代码", "separator": "分隔", "written": "写法",
    "by_hand": "手填", "receipt": "回执", "by_answer": "按本项结论",
}  # fmt: skip
CHECK_KEYS: Mapping[str, str] = {"that": "应当", "else": "否则"}
WRITTEN = ("iso", "slash", "compact")
#: What a value may begin with, by what the rows are.
ROOTS: Mapping[RowsOf, tuple[str, ...]] = {
    RowsOf.CASES: (
        *("case", "forms", "subject", "entry", "clocks", "today", "item", "bureau", "inspectors", "parent"),
        *("publication", "papers"),
    ),
    RowsOf.REGISTER: ("entry", "bureau", "today"),
    RowsOf.MEASURES: ("measure", "bureau", "today"),
}


class Named(StrEnum):
    """What a text of a format names."""

    WORKFLOW = "workflow"
    REGISTER = "register"
    FORM = "form"
    CONDITION = "where"
    EACH = "each"
    VALUE = "value"
    #: One of our codes.
    CODE = "codes"


@dataclass(frozen=True, slots=True)
class FormatName:
    """One text of a format that names something of the definitions, and where it is."""

    kind: Named
    text: str
    line: int
    column: int
    #: The column of the format it is of, where it is of one.
    of: str = ""


@dataclass(frozen=True, slots=True)
class FormatFile:
    """What a file was read as. `format` is None where something is wrong with it."""

    format: ExchangeFormat | None
    problems: tuple[Problem, ...] = ()
    text: str = ""
    names: tuple[FormatName, ...] = ()


def read_format(name: str, content: bytes) -> FormatFile:
    """Read the file `name`; never raises."""
    source = read_source(name, content)
    if source.problems or source.root is None:
        return FormatFile(None, source.problems, source.text)
    reader = _FormatReader(name)
    made = reader.file(source.root)
    names = tuple(reader.names)
    return FormatFile(None if reader.problems else made, tuple(reader.problems), source.text, names)


@dataclass(slots=True)
class _FormatReader:
    file_name: str
    problems: list[Problem] = field(default_factory=list)
    names: list[FormatName] = field(default_factory=list)

    def named(self, kind: Named, node: Node | None, of: str = "") -> None:
        """Note that a node, or each entry of it, names something."""
        for one in node.items if isinstance(node, SequenceNode) else (node,):
            if isinstance(one, ScalarNode):
                self.names.append(FormatName(kind, self.text(one), one.line, one.column, of))

    def wrong(self, node: Node, rule: str, message: Message, hint: Message | None = None) -> None:
        self.problems.append(
            Problem(self.file_name, node.line, node.column, rule, Severity.ERROR, message, hint)
        )

    def file(self, root: Node) -> ExchangeFormat | None:
        part = self.part(root, FILE_KEYS)
        identity = self.text(part.get("exchange"))
        title = self.text(part.get("title"))
        if not identity or not identity.isidentifier() or not title:
            self.wrong(root, "missing-key", say("须写明 exchange（英文标识）和 title（名称）"))
        rows = self.rows(part.get("rows"), root)
        columns = self.columns(part.get("columns"), rows, root)
        key = self.texts(part.get("key"))
        for one in key:
            if one not in columns:
                place = part.get("key") or root
                self.wrong(place, "unknown-name", say("没有列“{name}”", name=one), did_you_mean(one, columns))
        if not key:
            self.wrong(root, "missing-key", say("须用 key 写明哪几列把一行与别的行区别开"))
        checks = self.checks(part.get("checks"), columns)
        if self.problems or rows is None:
            return None
        return ExchangeFormat(
            id=identity,
            title=title,
            title_en=self.text(part.get("title_en")) or None,
            source=self.text(part.get("source")),
            help=self.text(part.get("help")),
            rows=rows,
            sheet=self.text(part.get("sheet")) or title,
            key=key,
            columns=columns,
            checks=checks,
        )

    def part(self, node: Node | None, known: Mapping[str, str]) -> dict[str, Node]:
        """Return the values of a mapping by English key; other keys are noted."""
        if not isinstance(node, MappingNode):
            if node is not None:
                self.wrong(node, "wrong-shape", say("此处应为“键: 值”"))
            return {}
        words = {chinese: english for english, chinese in known.items()}
        found: dict[str, Node] = {}
        for key, value in node.texts():
            name = words.get(key.text, key.text)
            if name not in known:
                hint = did_you_mean(key.text, [*known, *words])
                self.wrong(key, "unknown-key", say("没有“{key}”这一项", key=key.text), hint)
            found[name] = value
        return found

    def rows(self, node: Node | None, root: Node) -> RowSource | None:
        part = self.part(node, ROW_KEYS)
        kinds = [kind for kind in RowsOf if kind.value in part]
        if len(kinds) != 1:
            message = say("rows 要且只要写明行是什么：cases 流程、register 名录、measures: true")
            self.wrong(node or root, "missing-key", message)
            return None
        kind = kinds[0]
        if kind is not RowsOf.CASES:
            for key in ("forms", "where", "each"):
                if key in part and not (key == "where" and kind is RowsOf.REGISTER):
                    self.wrong(part[key], "unknown-key", say("“{key}”只能和 cases（件）一起写", key=key))
        names = _names(kind)
        where = self.condition(part.get("where"), names)
        each = self.expression(part.get("each"), names)
        named = part[kind.value]
        if kind is not RowsOf.MEASURES:
            self.named(Named.WORKFLOW if kind is RowsOf.CASES else Named.REGISTER, named)
        for word, key in ((Named.FORM, "forms"), (Named.EACH, "each"), (Named.CONDITION, "where")):
            self.named(word, part.get(key))
        if kind is RowsOf.CASES and isinstance(named, SequenceNode) and named.items:
            of, *more = self.texts(named)
        else:
            of, more = "" if kind is RowsOf.MEASURES else self.text(named), []
        return RowSource(kind, of, self.texts(part.get("forms")), where, each, tuple(more))

    def columns(self, node: Node | None, rows: RowSource | None, root: Node) -> dict[str, FormatColumn]:
        found: dict[str, FormatColumn] = {}
        if not isinstance(node, SequenceNode) or not node.items:
            self.wrong(
                node or root,
                "missing-key",
                say("columns 须是列的清单：每列写“- 标识:”，其下写 title、value 等"),
            )
            return found
        for item in node.items:
            pairs = list(item.texts()) if isinstance(item, MappingNode) else []
            if len(pairs) != 1:
                self.wrong(item, "wrong-shape", say("一列写作“- 标识:”，其下写 title、value 等"))
                continue
            key, value = pairs[0]
            if key.text in found or not key.text.isidentifier():
                self.wrong(key, "bad-name", say("“{name}”不能作列的标识，或写了两次", name=key.text))
            found[key.text] = self.column(key.text, value, rows)
        titles: dict[str, str] = {}
        for column in found.values():
            other = titles.setdefault(column.title, column.id)
            if other != column.id:
                message = say("两列都叫“{title}”：{first}、{second}", title=column.title, first=other, second=column.id)  # fmt: skip
                self.wrong(node, "duplicate-name", message)
        return found

    def column(self, name: str, node: Node, rows: RowSource | None) -> FormatColumn:
        part = self.part(node, COLUMN_KEYS)
        kind = self.one_of(part.get("type"), CellKind, CellKind.TEXT)
        value = self.expression(part.get("value"), _names(rows.kind) if rows else None)
        self.named(Named.VALUE, part.get("value"), name)
        codes = part.get("codes")
        for code, _ in codes.texts() if isinstance(codes, MappingNode) else ():
            self.named(Named.CODE, code, name)
        ways: list[str] = [key for key in ("value", "fixed") if key in part]
        ways += [key for key in ("by_hand", "receipt") if self.flag(part.get(key))]
        if len(ways) != 1:
            self.wrong(
                node,
                "missing-key",
                say(
                    "列“{name}”要且只要写明一样：value 值、fixed 固定值、by_hand 手填、receipt 平台回填",
                    name=name,
                ),
                say("平台要而本局没有的，写 by_hand: true"),
            )
        written = self.text(part.get("written")) or "iso"
        if written not in WRITTEN:
            message = say("written 可写：{known}", known=list(WRITTEN))
            self.wrong(part["written"], "unknown-word", message)
        return FormatColumn(
            id=name,
            title=self.text(part.get("title")) or name,
            kind=kind,
            also=self.texts(part.get("also")),
            required=self.flag(part.get("required")),
            most=self.number(part.get("max")),
            digits=self.number(part.get("digits")),
            decimals=self.number(part.get("decimals")),
            value=value,
            by_answer=self.by_answer(part.get("by_answer"), rows, value),
            fixed=self.text(part["fixed"]) if "fixed" in part else None,
            codes=self.codes(part.get("codes")),
            separator=self.text(part.get("separator")) or SEPARATOR,
            written=written,
            by_hand=self.flag(part.get("by_hand")),
            receipt=self.flag(part.get("receipt")),
        )

    def codes(self, node: Node | None) -> dict[str, str]:
        if node is None:
            return {}
        if not isinstance(node, MappingNode):
            self.wrong(node, "wrong-shape", say("codes 写作“本局的代码: 平台的代码”"))
            return {}
        return {key.text: self.text(value) for key, value in node.texts()}

    def by_answer(
        self, node: Node | None, rows: RowSource | None, value: Expression | None
    ) -> dict[str, str]:
        """Return what a column says of an item by the answer found of it."""
        if node is None:
            return {}
        if rows is None or rows.each is None or value is None:
            self.wrong(node, "unknown-key", say("by_answer 只和 rows 的 each（逐项）、列的 value 一起写"))
        found = self.codes(node)
        for answer in found:
            if answer not in ROW_ANSWERS:
                message = say("没有结论“{name}”；可写：{known}", name=answer, known=list(ROW_ANSWERS))
                self.wrong(node, "unknown-word", message)
        return found

    def checks(self, node: Node | None, columns: Mapping[str, FormatColumn]) -> tuple[RowCheck, ...]:
        found = []
        for item in self.items(node):
            part = self.part(item, CHECK_KEYS)
            that = self.condition(part.get("that"), {"row": ANY})
            otherwise = self.text(part.get("else"))
            if that is None or not otherwise:
                self.wrong(item, "missing-key", say("一条检查写明 that（条件）和 else（不合时的说明）"))
                continue
            for path in that.expression.names():
                if path[0] == "row" and len(path) > 1 and path[1] not in columns:
                    self.wrong(
                        item,
                        "unknown-name",
                        say("没有列“{name}”", name=path[1]),
                        did_you_mean(path[1], columns),
                    )
            found.append(RowCheck(that, otherwise))
        return tuple(found)

    def expression(self, node: Node | None, names: Names | None) -> Expression | None:
        return self._parsed(node, lambda text: parse_expression(text, names))

    def condition(self, node: Node | None, names: Names | None) -> Condition | None:
        found = self._parsed(node, lambda text: parse_condition(text, names))
        return Condition(found) if found is not None else None

    def _parsed(self, node: Node | None, parse: Callable[[str], object]) -> Expression | None:
        text = self.text(node)
        if node is None or not text:
            return None
        parsed = parse(text)
        faults: Sequence[Fault] = getattr(parsed, "faults", ())
        for fault in faults:
            self.wrong(node, fault.rule, fault.message, fault.hint)
        found: Expression | None = getattr(parsed, "expression", None)
        return None if faults else found

    def items(self, node: Node | None) -> Iterator[Node]:
        if isinstance(node, SequenceNode):
            yield from node.items
        elif node is not None:
            self.wrong(node, "wrong-shape", say("此处应为清单"))

    def one_of(self, node: Node | None, words: type[CellKind], otherwise: CellKind) -> CellKind:
        text = self.text(node)
        if not text:
            return otherwise
        known = [word.value for word in words]
        if text not in known:
            message = say("没有类型“{name}”", name=text)
            self.wrong(node or _NOWHERE, "unknown-word", message, did_you_mean(text, known))
            return otherwise
        return words(text)

    def text(self, node: Node | None) -> str:
        if node is None:
            return ""
        if not isinstance(node, ScalarNode):
            self.wrong(node, "wrong-shape", say("此处应为一个值"))
            return ""
        return " ".join(node.text.split()) if node.text.strip() else node.text

    def texts(self, node: Node | None) -> tuple[str, ...]:
        if isinstance(node, ScalarNode):
            return (node.text,)
        return tuple(self.text(item) for item in self.items(node))

    def flag(self, node: Node | None) -> bool:
        if node is None:
            return False
        value = node.value if isinstance(node, ScalarNode) else None
        if not isinstance(value, bool):
            self.wrong(node, "wrong-shape", say("此处应为 true 或 false"))
        return value is True

    def number(self, node: Node | None) -> int | None:
        if node is None:
            return None
        value = node.value if isinstance(node, ScalarNode) else None
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        self.wrong(node, "wrong-shape", say("此处应为整数"))
        return None


_NOWHERE = ScalarNode(1, 1, 1, 1, "", "")


def _names(kind: RowsOf) -> Names:
    return dict.fromkeys(ROOTS[kind], ANY)
