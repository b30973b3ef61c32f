"""Fields of forms, of cases and of rows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from engine.definition import keywords
from engine.definition.expressions import Names
from engine.definition.reader.conditions import read_condition, read_expression, read_requirements
from engine.definition.reader.diagnostics import Book, Part
from engine.definition.symbols import SymbolTable
from engine.definition.types import Type, called, plain_type
from engine.kernel.did_you_mean import did_you_mean
from engine.language import say
from engine.lifecycle.forms.fields import read_value
from engine.lifecycle.model.form import Field, FieldType
from engine.yamltext.nodes import MappingNode, Node, ScalarNode, SequenceNode
from engine.yamltext.plain import plain_value

#: Names the answers of a form already carry.
_TAKEN = ("rows", "items", "problems", "problem_count")
#: Types for which bounds mean something.
_BOUNDED = {
    FieldType.INTEGER,
    FieldType.DECIMAL,
    FieldType.CHOICES,
    FieldType.PERSONS,
    FieldType.FILES,
    FieldType.LIST,
}


@dataclass(slots=True)
class FieldReader:
    """Reads fields of one file. Without `names` (and with a muted book) only their outline is read."""

    book: Book
    world: SymbolTable
    names: Names | None
    #: Fields that are there but could not be read whole; what they hold is not known.
    unsure: set[str] = field(default_factory=set)

    def read(self, node: Node | None, shape: str) -> tuple[Field, ...]:
        """Read a list of fields; `shape` is ``field``, ``case field`` or ``column``."""
        found: dict[str, Field] = {}
        section: str | None = None
        for item in self.book.items(node):
            if shape == "field" and self._heading(item):
                part = self.book.open(item, "heading")
                section = self.book.read_text(part.value("section")) if part is not None else section
                continue
            part = self.book.open(item, shape)
            if part is None:
                continue
            asked = self._field(part, section)
            if asked is None:
                continue
            place = part.value("name") or item
            if asked.name in found:
                self.book.report("duplicate-name", place, say("“{name}”已经有了", name=asked.name))
            elif shape == "field" and asked.name in _TAKEN:
                self.book.report(
                    "bad-name", place, say("“{name}”是系统用的名字", name=asked.name), say("请换一个编号")
                )
            else:
                found[asked.name] = asked
        return tuple(found.values())

    def _heading(self, item: Node) -> bool:
        if not isinstance(item, MappingNode):
            return False
        keys = {keywords.canonical(key.text) for key, _ in item.texts()}
        return "section" in keys and "name" not in keys

    def _field(self, part: Part, section: str | None) -> Field | None:
        book = self.book
        name = book.read_name(part.value("name"))
        title = book.read_text(part.value("title"))
        word = book.read_word(part.value("type"), keywords.TYPES)
        asked = FieldType(word) if word is not None else None
        choices = self._choices(part, asked)
        columns = self._columns(part, asked)
        least, most = book.read_integer(part.value("least")), book.read_integer(part.value("most"))
        self._bounds(part, asked, least, most)
        computed = read_expression(book, part.value("computed"), self.names)
        if name is not None and (title is None or asked is None or self._lost_columns(part, columns)):
            self.unsure.add(name)
        if name is None or title is None or asked is None:
            return None
        if "computed" in part.entries and book.read_flag(part.value("required")):
            book.report("wrong-shape", part.key("required"), say("计算出来的字段不由人填，不能“必填”"))
        if computed is not None:
            self._check_computed(part, asked, computed.type)
        constraints = read_requirements(book, part.value("constraint"), self.names)
        made = Field(
            name=name,
            title=title,
            type=asked,
            required=book.read_flag(part.value("required")),
            help=book.read_text(part.value("help")),
            basis=book.read_text(part.value("basis")),
            unit=book.read_text(part.value("unit")),
            choices=choices,
            relevant=read_condition(book, part.value("relevant"), self.names),
            constraints=tuple(requirement for requirement, _ in constraints),
            columns=columns,
            least=least,
            most=most,
            public=book.read_flag(part.value("public")),
            computed=computed.expression if computed is not None else None,
            section=section,
        )
        return replace(made, example=self._example(part, made))

    def _example(self, part: Part, asked: Field) -> Any:
        node = part.value("example")
        if node is None or self.book.blank(node):
            return None
        kept, problem = read_value(asked, plain_value(node))
        if problem is not None:
            self.book.report("type-mismatch", node, say("示例不合本栏的类型：{problem}", problem=problem))
            return None
        if asked.computed is not None:
            self.book.report("wrong-shape", part.key("example"), say("计算出来的字段不由人填，不需要示例"))
        return kept

    def _choices(self, part: Part, asked: FieldType | None) -> dict[str, str]:
        book = self.book
        node = part.value("choices")
        needs = asked in (FieldType.CHOICE, FieldType.CHOICES)
        if node is None:
            if needs:
                book.report(
                    "missing-key",
                    part.key("type"),
                    say("选择题缺少“choices”（选项）"),
                    say("写代码表的名字，或 {代码: 文字, …}"),
                )
            return {}
        if asked is not None and not needs:
            book.report(
                "wrong-shape",
                part.key("choices"),
                say("类型“{type}”没有选项", type=asked.value),
                say("请把类型改为 choice（单选）或 choices（多选）"),
            )
            return {}
        if isinstance(node, MappingNode):
            return book.texts(node, names=False)
        if isinstance(node, ScalarNode) and node.value is not None:
            return self._code_list(node)
        if not book.blank(node):
            book.report("wrong-shape", node, say("选项应是代码表的名字，或 {代码: 文字, …}"))
        return {}

    def _code_list(self, node: ScalarNode) -> dict[str, str]:
        bureau = self.world.bureau
        if bureau is None:
            if not self.world.bureau_broken:
                self.book.report(
                    "unknown-code-list",
                    node,
                    say("代码表“{name}”无从查考：没有单位设置文件（bureau:）", name=node.text),
                    say("请连同单位设置文件一起检查"),
                )
            return {}
        codes = bureau.codes.get(node.text)
        if codes is not None:
            return dict(codes)
        self.book.report(
            "unknown-code-list",
            node,
            say("单位设置里没有代码表“{name}”", name=node.text),
            did_you_mean(node.text, bureau.codes) or say("请在单位设置的 codes（代码表）里添加"),
        )
        return {}

    def _columns(self, part: Part, asked: FieldType | None) -> tuple[Field, ...]:
        node = part.value("columns")
        if node is None:
            return ()
        if asked is not None and asked is not FieldType.LIST:
            self.book.report(
                "wrong-shape",
                part.key("columns"),
                say("类型“{type}”没有列", type=asked.value),
                say("请把类型改为 list（列表）"),
            )
        return self.read(node, "column")

    def _check_computed(self, part: Part, asked: FieldType, found: Type) -> None:
        wanted = plain_type(asked)
        if wanted is None or found.vague or found.kind is wanted.kind or (found.number and wanted.number):
            return
        self.book.report(
            "type-mismatch",
            part.value("computed") or part.node,
            say("这一栏应是{wanted}，算出来的是{kind}", wanted=called(wanted.kind), kind=called(found.kind)),
            say("请改 type（类型）或 computed（计算）"),
        )

    def _lost_columns(self, part: Part, columns: tuple[Field, ...]) -> bool:
        node = part.value("columns")
        return isinstance(node, SequenceNode) and len(node.items) != len(columns)

    def _bounds(self, part: Part, asked: FieldType | None, least: int | None, most: int | None) -> None:
        for key, bound in (("least", least), ("most", most)):
            if bound is None or asked is None or asked in _BOUNDED:
                continue
            if key == "most" and asked in (FieldType.TEXT, FieldType.LONG_TEXT):
                continue
            self.book.report(
                "wrong-shape",
                part.key(key),
                say("类型“{type}”没有“{key}”", type=asked.value, key=key),
                say("整数、小数限定大小，多选、人员、附件、列表限定数目，文字限定最多字数"),
            )
        if least is not None and most is not None and least > most:
            self.book.report(
                "bounds-reversed",
                part.value("most") or part.node,
                say("最多 {most} 小于最少 {least}", most=most, least=least),
            )
