"""Fields of forms, of cases and of rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from engine.definition import keywords
from engine.definition.expressions import Names, parse_condition
from engine.definition.reader.choice_conditions import all_of, read_codes, read_offers
from engine.definition.reader.conditions import (
    kept_places,
    kept_unit,
    read_condition,
    read_expression,
    read_requirements,
)
from engine.definition.reader.diagnostics import Diagnostics, MappingReader, kind_of
from engine.definition.symbols import SymbolTable
from engine.definition.types import Type, kind_name, plain_type, record, type_of
from engine.kernel.did_you_mean import did_you_mean
from engine.language import BilingualText, DefinedText, say
from engine.lifecycle.expressions.condition import Condition
from engine.lifecycle.expressions.rows import NOT_ASKED
from engine.lifecycle.forms.answers import UNANSWERED
from engine.lifecycle.forms.fields import read_value
from engine.lifecycle.forms.personal import TEXTUAL
from engine.lifecycle.model.bureau import Bureau
from engine.lifecycle.model.form import YES_NO_NA, Field, FieldType
from engine.lifecycle.model.requirement import Requirement
from engine.yamltext.nodes import MappingNode, Node, ScalarNode, SequenceNode
from engine.yamltext.plain import plain_value

#: What a unit of money holds: sums have cents, so their type is said.
_MONEY = "元"
#: Names that records of programs have (offline such a question would be answered from the beginning); of forms, what answers carry.
OF_PROGRAMS = ("constructor",)
_TAKEN = ("rows", "items", "problems", "problem_count", NOT_ASKED, UNANSWERED, *OF_PROGRAMS)
#: Bound -> how a date is compared with today, and what is said of its title when it is beyond it.
_BY_TODAY = {
    "min": (">=", "不能早于今天", "cannot be before today"),
    "max": ("<=", "不能晚于今天", "cannot be after today"),
}
#: Types for which bounds mean something.
_BOUNDED = {
    FieldType.INTEGER,
    FieldType.DECIMAL,
    FieldType.CHOICES,
    FieldType.PERSONS,
    FieldType.FILES,
    FieldType.LIST,
    FieldType.MONEY,
    FieldType.PHOTOS,
}


@dataclass(slots=True)
class _HeadingsAbove:
    """The headings above a field, and the conditions of both."""

    page: str | None = None
    section: str | None = None
    page_when: Condition | None = None
    section_when: Condition | None = None


@dataclass(slots=True)
class FieldReader:
    """Reads fields of one file. Without `names` (and with muted diagnostics) only their outline is read."""

    diagnostics: Diagnostics
    world: SymbolTable
    names: Names | None
    #: Fields of a case: nobody is asked for them.
    of_case: bool = False
    #: Only what the types of the fields are made of is wanted.
    of_types: bool = False
    #: Fields that are there but could not be read whole; what they hold is not known.
    unsure: set[str] = field(default_factory=set)

    def read(self, node: Node | None, shape: str) -> tuple[Field, ...]:
        """Read a list of fields; `shape` is ``field``, ``case field`` or ``column``."""
        found: dict[str, Field] = {}
        called: set[str] = set()
        place_in_form = _HeadingsAbove()
        for item in self.diagnostics.items(node):
            if shape == "field" and (heading := _heading(item)) is not None:
                self._read_heading(item, heading, place_in_form)
                continue
            place, part = self._named(item, shape)
            if part is None:
                continue
            asked = self._field(part, place_in_form, self.diagnostics.read_name(place))
            if asked is None:
                continue
            if asked.name in found or asked.written in called:
                self.diagnostics.report("duplicate-name", place, say("“{name}”已经有了", name=asked.written))
            elif asked.name in (_TAKEN if shape == "field" else OF_PROGRAMS):
                self.diagnostics.report(
                    "bad-name", place, say("“{name}”是系统用的名字", name=asked.name), say("请换一个编号")
                )
            else:
                found[asked.name] = asked
                called.add(asked.written)
        return tuple(found.values())

    def _read_heading(self, item: Node, heading: str, place: _HeadingsAbove) -> None:
        """Read a heading; the fields below stand under it."""
        part = self.diagnostics.open(item, "heading" if heading == "section" else "page heading")
        if part is None:
            return
        title = self.diagnostics.read_text(part.value(heading))
        when = read_condition(self.diagnostics, part.value("when"), self.names)
        if heading == "page":
            place.page, place.page_when = title, when
            place.section = place.section_when = None
        else:
            place.section, place.section_when = title, when

    def _named(self, item: Node, shape: str) -> tuple[Node, MappingReader | None]:
        """Open ``name: {title: …}``: return the place of the name, and what is said of the field."""
        diagnostics = self.diagnostics
        if (
            isinstance(item, MappingNode)
            and len(item.entries) == 1
            and isinstance(item.entries[0][1], MappingNode)
        ):
            name, said = item.entries[0]
            return name, diagnostics.open(said, shape)
        written = {key.text for key, _ in item.texts()} if isinstance(item, MappingNode) else set()
        hint = say("写法如 - staff: {title: 职工人数, type: integer}")
        if {"name", "标识"} & written:
            diagnostics.report("wrong-shape", item, say("字段的名字写在最前，后面是它的内容"), hint)
        else:
            diagnostics.report(
                "wrong-shape", item, say("此处应是“名字: {{title: …}}”，实为{seen}", seen=kind_of(item)), hint
            )
        return item, None

    def _type(self, part: MappingReader) -> FieldType | None:
        """Return the type written, else that of what is said: columns make a list, choices a choice, a unit a count; otherwise text."""
        if "type" in part.entries:
            word = self.diagnostics.read_word(part.value("type"), keywords.TYPES)
            return FieldType(word) if word is not None else None
        if "columns" in part.entries:
            return FieldType.LIST
        if "choices" in part.entries:
            return FieldType.CHOICE
        return FieldType.INTEGER if self._counts(part) else FieldType.TEXT

    def _counts(self, part: MappingReader) -> bool:
        """Tell whether a field counts something: ``count``, or a unit that is not of money and no type. It is a whole number from 0 on."""
        if "type" in part.entries and part.entries["type"][0].text in keywords.COUNTED:
            return True
        unit = part.value("unit")
        return isinstance(unit, ScalarNode) and "type" not in part.entries and _MONEY not in unit.text

    def _field(self, part: MappingReader, place: _HeadingsAbove, name: str | None) -> Field | None:
        diagnostics, entries = self.diagnostics, part.entries
        title = diagnostics.read_text(part.value("title"))
        asked = self._type(part)
        choices = dict(YES_NO_NA) if asked is FieldType.YES_NO_NA else self._choices(part, asked)
        columns = self._columns(part, asked)
        by_today = self._by_today(part, asked, name, title)
        least, most = (
            None if bound in by_today else diagnostics.read_integer(part.value(bound))
            for bound in ("min", "max")
        )
        if least is None and asked is FieldType.INTEGER and self._counts(part):
            least = 0
        self._bounds(part, asked, least, most)
        computed = read_expression(diagnostics, part.value("computed"), self.names)
        if name is not None and (title is None or asked is None or self._lost_columns(part, columns)):
            self.unsure.add(name)
        if name is None or title is None or asked is None:
            return None
        kept_as = (diagnostics.read_name(part.value("id")) if "id" in entries else None) or name
        alias = name if kept_as != name else None
        unit = diagnostics.read_text(part.value("unit")) or (_MONEY if asked is FieldType.MONEY else None)
        if self.of_types:
            return Field(
                name=kept_as,
                alias=alias,
                title=title,
                type=asked,
                unit=unit,
                choices=choices,
                columns=columns,
            )
        if "computed" in entries and "optional" in entries:
            diagnostics.report(
                "wrong-shape", part.key("optional"), say("计算出来的字段不由人填，谈不上“选填”")
            )
        if computed is not None:
            self._check_computed(part, asked, computed.type)
        constraints = read_requirements(diagnostics, part.value("constraint"), self.names)
        made = Field(
            name=kept_as,
            alias=alias,
            title=title,
            type=asked,
            required=self._required(part, asked),
            recommended=self._recommended(part, asked),
            help=diagnostics.read_text(part.value("help")) if "help" in entries else None,
            basis=diagnostics.read_text(part.value("basis")) if "basis" in entries else None,
            unit=unit,
            choices=choices,
            exclusive=self._exclusive(part, asked, choices),
            offered=read_offers(diagnostics, part.value("offered"), self.names, choices),
            relevant=all_of(
                place.page_when,
                place.section_when,
                read_condition(diagnostics, part.value("when"), self.names) if "when" in entries else None,
            ),
            constraints=(*filter(None, by_today.values()), *(requirement for requirement, _ in constraints)),
            columns=columns,
            least=least,
            most=most,
            public="public" in entries and diagnostics.read_flag(part.value("public")),
            personal="personal" in entries and self._personal(part, asked),
            to_children="to_children" in entries and diagnostics.read_flag(part.value("to_children")),
            computed=computed.expression if computed is not None else None,
            page=place.page,
            section=place.section,
        )
        if computed is not None and computed.expression is not None:
            node = part.value("computed") or part.node
            kept_unit(diagnostics, node, computed.type, made)
            kept_places(diagnostics, node, computed.type, made, computed.expression.source)
        return replace(made, example=self._example(part, made)) if "example" in entries else made

    def _by_today(
        self, part: MappingReader, asked: FieldType | None, name: str | None, title: str | None
    ) -> dict[str, Requirement | None]:
        """Read ``max: today`` and ``min: today`` of a date: bound -> what must hold of the answer; None where it is written wrongly."""
        found: dict[str, Requirement | None] = {}
        if asked is not FieldType.DATE or part.shape not in ("field", "row field"):
            return found
        for bound, (sign, chinese, english) in _BY_TODAY.items():
            node = part.value(bound)
            if node is None or self.diagnostics.blank(node):
                continue
            found[bound] = None
            if not isinstance(node, ScalarNode) or node.text not in keywords.TODAY:
                message = say("日期的“{key}”只能写 today（今天），实为{seen}", key=bound, seen=kind_of(node))
                self.diagnostics.report(
                    "wrong-shape", node, message, say("别的界限写在 constraint（约束）里")
                )
            elif self.names is not None and name and title:
                answer = f"{'form' if part.shape == 'field' else 'it'}.{name}"
                parsed = parse_condition(f"{answer} {sign} today", self.names)
                self.diagnostics.keep(parsed.expression, node)
                said: str = DefinedText(f"{title}{chinese}")
                if isinstance(title, BilingualText):
                    said = BilingualText(said, f"{title.english} {english}")
                if parsed.expression is not None:
                    found[bound] = Requirement(that=Condition(parsed.expression), message=said)
        return found

    def _required(self, part: MappingReader, asked: FieldType) -> bool:
        """Tell whether a question must be answered: all but those that may stay empty, are worked out or ask nothing."""
        may_be_empty = self.diagnostics.read_flag(part.value("optional"))
        if self.of_case or "computed" in part.entries or asked is FieldType.NOTE:
            return False
        return not (may_be_empty or self.diagnostics.read_flag(part.value("recommended")))

    def _recommended(self, part: MappingReader, asked: FieldType) -> bool:
        if not self.diagnostics.read_flag(part.value("recommended")):
            return False
        if "computed" in part.entries or asked is FieldType.NOTE:
            self.diagnostics.report(
                "wrong-shape", part.key("recommended"), say("这一栏不由人填，谈不上“建议填写”")
            )
            return False
        if self.diagnostics.read_flag(part.value("optional")):
            message = say("“建议填写”的栏本来就可以不填，不必再写“选填”")
            self.diagnostics.report("wrong-shape", part.key("optional"), message)
        return True

    def _personal(self, part: MappingReader, asked: FieldType) -> bool:
        """Tell whether the answers are of a person. They must be texts, typed by people, and are never public."""
        if not self.diagnostics.read_flag(part.value("personal")):
            return False
        place = part.key("personal")
        if asked not in TEXTUAL:
            message = say("类型“{type}”的栏不能写 personal（个人信息）", type=asked.value)
            known = [one.value for one in TEXTUAL]
            self.diagnostics.report(
                "wrong-shape", place, message, say("只有这些类型可以：{types}", types=known)
            )
        elif "computed" in part.entries:
            self.diagnostics.report(
                "wrong-shape", place, say("计算出来的栏不写 personal（个人信息），写在它所依据的栏上")
            )
        elif self.diagnostics.read_flag(part.value("public")):
            self.diagnostics.report("wrong-shape", place, say("个人信息不公开：personal 和 public 不能同写"))
        else:
            return True
        return False

    def _exclusive(
        self, part: MappingReader, asked: FieldType, choices: Mapping[str, str]
    ) -> tuple[str, ...]:
        """Read the codes that stand alone."""
        node = part.value("exclusive")
        if node is None:
            return ()
        if asked is not FieldType.CHOICES:
            message = say("类型“{type}”没有排他选项", type=asked.value)
            self.diagnostics.report(
                "wrong-shape", part.key("exclusive"), message, say("只有多选（choices）才有")
            )
            return ()
        return read_codes(self.diagnostics, node, choices)

    def _example(self, part: MappingReader, asked: Field) -> Any:
        node = part.value("example")
        if node is None or self.diagnostics.blank(node):
            return None
        kept, problem = read_value(asked, plain_value(node))
        if problem is not None:
            self.diagnostics.report(
                "type-mismatch", node, say("示例不合本栏的类型：{problem}", problem=problem)
            )
            return None
        if asked.computed is not None:
            self.diagnostics.report(
                "wrong-shape", part.key("example"), say("计算出来的字段不由人填，不需要示例")
            )
        self._ratios_shown(node, asked)
        return kept

    def _ratios_shown(self, node: Node, asked: Field) -> None:
        """Note a ratio of an example that is a number above one, in the rows of an example too."""
        if isinstance(node, ScalarNode) and asked.type is FieldType.RATIO:
            if node.text.isdecimal() and node.text.lstrip("0") not in ("", "1"):
                message = say("示例的比例“{text}”是 {text}00%", text=node.text)
                self.diagnostics.report(
                    "ratio-without-percent", node, message, say("写法如 {text}%", text=node.text)
                )
        elif isinstance(node, SequenceNode):
            for row in node.items:
                for key, value in row.texts() if isinstance(row, MappingNode) else ():
                    for column in asked.columns:
                        if key.text == column.written:
                            self._ratios_shown(value, column)

    def _choices(self, part: MappingReader, asked: FieldType | None) -> dict[str, str]:
        diagnostics = self.diagnostics
        node = part.value("choices")
        needs = asked in (FieldType.CHOICE, FieldType.CHOICES)
        if node is None:
            if needs:
                diagnostics.report(
                    "missing-key",
                    part.key("type"),
                    say("选择题缺少“choices”（选项）"),
                    say("写代码表的名字，或 {代码: 文字, …}"),
                )
            return {}
        if asked is not None and not needs:
            diagnostics.report(
                "wrong-shape",
                part.key("choices"),
                say("类型“{type}”没有选项", type=asked.value),
                say("请把类型改为 choice（单选）或 choices（多选）"),
            )
            return {}
        if isinstance(node, MappingNode):
            return diagnostics.texts(node, names=False)
        if isinstance(node, ScalarNode) and node.value is not None:
            return self._code_list(node)
        if not diagnostics.blank(node):
            diagnostics.report("wrong-shape", node, say("选项应是代码表的名字，或 {代码: 文字, …}"))
        return {}

    def _code_list(self, node: ScalarNode) -> dict[str, str]:
        bureau = self.world.bureau
        if bureau is None:
            if not self.world.bureau_broken:
                self.diagnostics.report(
                    "unknown-code-list",
                    node,
                    say("代码表“{name}”无从查考：没有单位设置文件（bureau:）", name=node.text),
                    say("请连同单位设置文件一起检查"),
                )
            return {}
        codes = _listed(bureau, node.text)
        if codes is not None:
            return dict(codes)
        self.diagnostics.report(
            "unknown-code-list",
            node,
            say("单位设置里没有代码表“{name}”", name=node.text),
            did_you_mean(node.text, bureau.codes) or say("请在单位设置的 codes（代码表）里添加"),
        )
        return {}

    def _columns(self, part: MappingReader, asked: FieldType | None) -> tuple[Field, ...]:
        node = part.value("columns")
        if node is None:
            return ()
        if asked is not None and asked is not FieldType.LIST:
            self.diagnostics.report(
                "wrong-shape",
                part.key("columns"),
                say("类型“{type}”没有列", type=asked.value),
                say("请把类型改为 list（列表）"),
            )
        if isinstance(node, ScalarNode) and node.value is not None:
            return self._group(node)
        if part.shape not in ("field", "row field"):
            return self.read(node, "column")
        outside = self.names
        if outside is not None:
            self.names = {**outside, "it": self._row_type(node)}
        columns = self.read(node, "row field")
        self.names = outside
        return columns

    def _row_type(self, node: Node) -> Type:
        """Return the type of a row, before its own expressions are read."""
        outline = FieldReader(Diagnostics(self.diagnostics.file, muted=True), self.world, None, of_types=True)
        columns = outline.read(node, "row field")
        return record({column.written: type_of(column) for column in columns}, more=bool(outline.unsure))

    def _group(self, node: ScalarNode) -> tuple[Field, ...]:
        """Return the columns of a group of the bureau."""
        bureau = self.world.bureau
        groups = bureau.column_groups if bureau is not None else {}
        if node.text in groups:
            columns = groups[node.text]
            return tuple(replace(column, required=False) for column in columns) if self.of_case else columns
        if bureau is not None or not self.world.bureau_broken:
            hint = did_you_mean(node.text, groups) or say("请在单位设置的 column_groups（列组）里添加")
            self.diagnostics.report(
                "unknown-name", node, say("单位设置里没有列组“{name}”", name=node.text), hint
            )
        return ()

    def _check_computed(self, part: MappingReader, asked: FieldType, found: Type) -> None:
        wanted = plain_type(asked)
        if wanted is None or found.vague or found.kind is wanted.kind or (found.number and wanted.number):
            return
        self.diagnostics.report(
            "type-mismatch",
            part.value("computed") or part.node,
            say(
                "这一栏应是{wanted}，算出来的是{kind}",
                wanted=kind_name(wanted.kind),
                kind=kind_name(found.kind),
            ),
            say("请改 type（类型）或 computed（计算）"),
        )

    def _lost_columns(self, part: MappingReader, columns: tuple[Field, ...]) -> bool:
        node = part.value("columns")
        return isinstance(node, SequenceNode) and len(node.items) != len(columns)

    def _bounds(
        self, part: MappingReader, asked: FieldType | None, least: int | None, most: int | None
    ) -> None:
        for key, bound in (("min", least), ("max", most)):
            if bound is None or asked is None or asked in _BOUNDED:
                continue
            if key == "max" and asked in (FieldType.TEXT, FieldType.LONG_TEXT):
                continue
            self.diagnostics.report(
                "wrong-shape",
                part.key(key),
                say("类型“{type}”没有“{key}”", type=asked.value, key=key),
                say(
                    "整数、小数限定大小，多选、人员、附件、列表限定数目，文字限定最多字数，日期只写 today（今天）"
                ),
            )
        if least is not None and most is not None and least > most:
            self.diagnostics.report(
                "bounds-reversed",
                part.value("max") or part.node,
                say("最多 {most} 小于最少 {least}", most=most, least=least),
            )


def _heading(item: Node) -> str | None:
    """Return ``section`` or ``page`` where an item is such a heading."""
    if not isinstance(item, MappingNode):
        return None
    keys = {keywords.canonical(key.text): value for key, value in item.texts()}
    return next((name for name in ("section", "page") if isinstance(keys.get(name), ScalarNode)), None)


def _listed(bureau: Bureau, name: str) -> Mapping[str, str] | None:
    """Return a code list of the bureau: its sections and its ratings are lists too."""
    if name in bureau.codes:
        return bureau.codes[name]
    if name == "sections":
        return bureau.sections
    return {code: title for code, (title, _) in bureau.ratings.items()} if name == "ratings" else None
