"""Questions of a survey as lines of a form. What cannot be kept is noted by its cell and left as a comment."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from engine.authoring.xlsform.cell_problem import BookCell, CellProblem
from engine.authoring.xlsform.choice_lists import ChoiceList
from engine.authoring.xlsform.headers import Labels
from engine.authoring.xlsform.limits import Steps
from engine.authoring.xlsform.number_range import NumberRange
from engine.authoring.xlsform.sheets import SheetRow
from engine.authoring.xlsform.survey import SurveyItem
from engine.authoring.xlsform.translation import (
    TRUE,
    AskedQuestion,
    TranslatedValue,
    Translator,
    join_values,
    negated,
)
from engine.authoring.xlsform.xpath import XPathError, columns_read
from engine.authoring.xlsform.yaml_lines import FormLine, comment, scalar
from engine.kernel.plain_text import shortened
from engine.language import Message, say
from engine.yamltext.problem import Severity

_YES = ("yes", "true", "true()", "1", "x")
_NO = ("", "no", "false", "false()", "0")
_REFERENCE = re.compile(r"\$\{([^{}]*+)\}")
#: Type of a field -> what expressions take it for.
_KINDS = {
    "integer": "integer", "decimal": "decimal", "boolean": "boolean", "date": "date", "datetime": "datetime",
    "time": "time", "choice": "choice", "choices": "choices", "list": "list", "text": "text", "long text": "text",
    "place": "place", "photo": "file", "signature": "file", "file": "file",
}  # fmt: skip
_COMPUTED = ("integer", "decimal", "boolean", "date", "datetime", "time", "text")
#: Decimals a quotient is rounded to.
_PLACES = 6
#: Characters of a title in the place of a reference to its answer.
_TITLE = 60


@dataclass(slots=True)
class FormLines:
    """Makes the lines. `left_out` are the parts that are not to be made (see `Line`), with the reason."""

    every: Sequence[SurveyItem]
    choices: Mapping[str, ChoiceList]
    labels: Labels
    title: str
    left_out: Mapping[str, Message]
    problems: list[CellProblem]
    steps: Steps
    constraints: list[FormLine] = field(default_factory=list)
    _kinds: dict[int, str] = field(default_factory=dict)
    _settled: set[int] = field(default_factory=set)
    _noted: set[BookCell] = field(default_factory=set)
    #: Name -> the questions of that name; (name, the repeat it is in) -> those there: the first two of each.
    _named: dict[object, list[SurveyItem]] = field(default_factory=dict)
    _titles: dict[str, str] = field(default_factory=dict)
    #: The cells of which it was said that they name one of several questions.
    _unclear: set[BookCell] = field(default_factory=set)

    def __post_init__(self) -> None:
        for one in self.every:
            self._titles.setdefault(one.xls_name, one.title)
            if one.kind == "note" or str(one.row.number) in self.left_out:
                continue
            for place in (one.xls_name, (one.xls_name, id(one.repeat))):
                beside = self._named.setdefault(place, [])
                if len(beside) < 2:
                    beside.append(one)
        for one in self.every:
            if one.kind == "calculate":
                self.kind(one)

    def fields(self, items: Sequence[SurveyItem]) -> Iterator[FormLine]:
        """Yield the fields of a form, with the headings of their groups."""
        above: tuple[SheetRow, ...] = ()
        for item in items:
            if str(item.row.number) in self.left_out:
                yield from self._gone(item.row, "", item.row.cell("name"), "  ")
                continue
            lines = list(self._field(item, "  "))
            if item.groups != above and lines:
                yield from self._heading(item)
                above = item.groups
            yield from lines

    def note(
        self, cell: BookCell, rule: str, severity: Severity, message: Message, hint: Message | None = None
    ) -> None:
        """Note something about a cell."""
        self.problems.append(CellProblem(cell, rule, severity, message, hint))

    def find(self, item: SurveyItem, name: str) -> AskedQuestion | None:
        """Return the question of a name as the expressions of `item` find it."""
        near = self._named.get((name, id(item.repeat))) or self._named.get(name, [])
        return AskedQuestion(near[0].name, self.kind(near[0]), near[0].within) if len(near) == 1 else None

    def kind(self, item: SurveyItem) -> str:
        """Return what expressions take a question for; what a calculation comes to is worked out once."""
        if item.kind != "calculate":
            return _KINDS[item.kind]
        # Those it reads come first, one after the other: a chain may be as long as the survey.
        waiting = [] if id(item) in self._kinds else [item]
        while waiting:
            one = waiting[-1]
            source = one.row.get("calculation")
            if id(one) not in self._kinds:
                # Of one that reads itself, nothing is known while it is worked out.
                self._kinds[id(one)] = "any"
                waiting += [below for below in self._read(one, source) if id(below) not in self._kinds]
                continue
            waiting.pop()
            if id(one) in self._settled:
                continue
            self._settled.add(id(one))
            with suppress(XPathError):
                self._kinds[id(one)] = self._translator(one, source).value(source).kind
        return self._kinds[id(item)]

    def _read(self, item: SurveyItem, source: str) -> Iterator[SurveyItem]:
        """Yield the calculations that an expression reads."""
        for name in dict.fromkeys(_REFERENCE.findall(source)):
            plain = name.strip().removeprefix("last-saved#")
            near = self._named.get((plain, id(item.repeat))) or self._named.get(plain, [])
            if len(near) == 1 and near[0].kind == "calculate":
                yield near[0]

    def _line(self, text: str, cell: BookCell, part: str) -> FormLine:
        self.steps.line(text)
        return FormLine(text, cell, part)

    def _translator(
        self,
        item: SurveyItem,
        source: str,
        within: tuple[str, ...] | None = None,
        columns: Mapping[str, str] | None = None,
    ) -> Translator:
        """Return what translates `source`, which is counted."""
        self.steps.expression(source)
        own = (
            None
            if item.kind == "calculate"
            else AskedQuestion(item.name, _KINDS.get(item.kind, "any"), item.within)
        )
        around = item.within if within is None else within
        return Translator(lambda name: self.find(item, name), own, around, columns)

    def _heading(self, item: SurveyItem) -> Iterator[FormLine]:
        """Yield the heading of the groups a question is in; of those around no question, that of the form."""
        if not item.groups:
            yield self._line(f"  - section: {scalar(self.title)}", item.row.cell("type"), "")
            return
        row = item.groups[-1]
        names = [self.labels.text(one, "label")[0] for one in item.groups]
        title = " / ".join(name for name in names if name) or row.get("name") or str(say("小节"))
        yield self._line(f"  - section: {scalar(self._plain(title, row, item))}", row.cell("label"), "")
        when = self._groups(item)
        if when.constant is not True:
            yield self._line(f"    when: {scalar(when.text)}", row.cell("relevant"), f"{row.number}:relevant")
        for one in item.groups:
            self._passed_over(one)

    def _groups(self, item: SurveyItem) -> TranslatedValue:
        """Return the conditions of the groups around a question."""
        found = TRUE
        for row in item.groups:
            when = self._condition(item, row, "relevant", item.within)
            found = join_values("and", found, when) if when is not None else found
        return found

    def _passed_over(self, row: SheetRow) -> None:
        if row.get("appearance") and row.cell("appearance") not in self._noted:
            self._noted.add(row.cell("appearance"))
            message = say("外观没有导入：{text}", text=row.get("appearance"))
            self.note(row.cell("appearance"), "appearance-ignored", Severity.ADVICE, message)

    def _plain(self, text: str, row: SheetRow, item: SurveyItem) -> str:
        """Return a label of `item` without references to other answers, which are not filled in here."""
        if not _REFERENCE.search(text):
            return text
        message = say("文字里引用了别的答案，改成了那一栏的名称")
        self.note(row.cell(self.labels.text(row, "label")[1]), "label-reference", Severity.WARNING, message)

        def title(found: re.Match[str]) -> str:
            name = found[1].strip()
            # The question that a condition of this one would mean.
            near = self._named.get((name, id(item.repeat))) or self._named.get(name, [])
            if len(near) > 1 and (cell := row.cell(self.labels.text(row, "label")[1])) not in self._unclear:
                self._unclear.add(cell)
                several = say("有几个问题都叫“{name}”，文字里写成了先出现的一个的名称", name=name)
                self.note(cell, "label-reference", Severity.WARNING, several)
            title = near[0].title if near else self._titles.get(name, name)
            return f"[{shortened(_REFERENCE.sub('…', title), _TITLE)}]"

        return _REFERENCE.sub(title, text)

    def _condition(
        self, item: SurveyItem, row: SheetRow, header: str, within: tuple[str, ...] | None = None
    ) -> TranslatedValue | None:
        """Translate the condition in a cell; None where there is none or it cannot be kept (and that is noted)."""
        source = row.get(header)
        if not source or f"{row.number}:{header}" in self.left_out:
            return None
        try:
            return self._translator(item, source, within).condition(source)
        except XPathError as problem:
            self._lost(row.cell(header), problem)
            return None

    def _lost(self, cell: BookCell, problem: XPathError) -> None:
        if cell not in self._noted:
            self._noted.add(cell)
            self.note(
                cell, "unsupported-expression", Severity.ERROR, problem.message, say("请在导入后的表单里另写")
            )

    def _gone(self, row: SheetRow, header: str, cell: BookCell, indent: str) -> Iterator[FormLine]:
        """Yield the comment in the place of what was left out."""
        what = row.get(header) if header else f"{row.get('type')} {row.get('name')}"
        text = str(say("未导入：{cell}：{what}", cell=f"{cell.sheet} {cell.column}{cell.row}", what=what))
        yield self._line(indent + comment(text), cell, "")

    def _field(self, item: SurveyItem, indent: str) -> Iterator[FormLine]:
        row, inner, whole = item.row, indent + "    ", str(item.row.number)
        typed = self._typed(item)
        if typed is None:
            yield from self._gone(row, "", row.cell("type"), indent)
            return
        kind, computed = typed
        below = list(self._columns(item, inner)) if item.kind == "list" else []
        if item.kind == "list" and not any(not line.text.lstrip().startswith("#") for line in below[1:]):
            self.note(row.cell("type"), "empty-repeat", Severity.ERROR, say("重复组里没有可导入的问题"))
            yield from self._gone(row, "", row.cell("type"), indent)
            return
        named = "yes" if item.name.lower() in ("yes", "no", "on", "off", "y", "n", "null") else ""
        yield self._line(f"{indent}- {scalar(item.name) if named else item.name}:", row.cell("name"), whole)
        title = self._plain(item.title, row, item)
        yield self._line(f"{inner}title: {scalar(title)}", row.cell(self.labels.text(row, "label")[1]), whole)
        if kind not in ("text", "choice", "list"):
            yield self._line(f"{inner}type: {kind}", row.cell("type"), whole)
        hint, header = self.labels.text(row, "hint")
        if hint:
            yield self._line(f"{inner}help: {scalar(hint)}", row.cell(header), f"{whole}:{header}")
        yield from self._when(item, inner)
        if computed is not None:
            yield self._line(f"{inner}computed: {scalar(computed)}", row.cell("calculation"), whole)
        elif kind != "note":
            yield from self._required(item, inner)
            yield from self._choices(item, inner)
            yield from self._constraint(item, inner)
        yield from below
        self._rest(item, kind, computed)

    def _typed(self, item: SurveyItem) -> tuple[str, str | None] | None:
        """Return the type of a field and what it is computed by; None where the question cannot be kept."""
        row = item.row
        source = row.get("calculation")
        only_shown = row.get("read_only").lower() in _YES
        if item.kind in ("choice", "choices") and item.list_name not in self.choices:
            message = say("没有选项表“{list}”，没有导入", list=item.list_name)
            self.note(row.cell("type"), "unknown-list", Severity.ERROR, message)
            return None
        if item.kind != "calculate" and not (source and only_shown and item.kind in _COMPUTED):
            return item.kind, None
        if not source:
            self.note(
                row.cell("calculation"), "missing-calculation", Severity.ERROR, say("没有写算式，没有导入")
            )
            return None
        try:
            value = self._translator(item, source).value(source)
        except XPathError as problem:
            self._lost(row.cell("calculation"), problem)
            return None
        kind = {"choice": "text"}.get(value.kind, value.kind)
        if kind not in _COMPUTED:
            message = say("算出来的不是可以保存的值，没有导入")
            self.note(row.cell("calculation"), "unsupported-expression", Severity.ERROR, message)
            return None
        if not value.unrounded:
            return kind if item.kind == "calculate" else item.kind, value.text
        message = say("除出来的数取到 {places} 位小数", places=_PLACES)
        self.note(row.cell("calculation"), "rounded", Severity.WARNING, message)
        return "decimal", f"round({value.text}, {_PLACES})"

    def _when(self, item: SurveyItem, inner: str) -> Iterator[FormLine]:
        row = item.row
        when = self._condition(item, row, "relevant") or TRUE
        if item.repeat is not None:
            when = join_values("and", self._groups(item), when)
        if when.constant is not True:
            yield self._line(
                f"{inner}when: {scalar(when.text)}", row.cell("relevant"), f"{row.number}:relevant"
            )
        elif f"{row.number}:relevant" in self.left_out or (
            row.cell("relevant") in self._noted and row.get("relevant")
        ):
            yield from self._gone(row, "relevant", row.cell("relevant"), inner)

    def _required(self, item: SurveyItem, inner: str) -> Iterator[FormLine]:
        row = item.row
        word = row.get("required").lower()
        text, header = self.labels.text(row, "required_message")
        by_condition = word not in (*_YES, *_NO) and item.kind != "list" and not item.within
        if text and not by_condition:
            message = say("必填的提示不能另写，由系统说明哪一栏必须填写；这一格没有导入")
            self.note(row.cell(header), "unsupported-message", Severity.WARNING, message)
        if word in _YES and item.kind != "list":
            return
        yield self._line(f"{inner}optional: true", row.cell("required"), str(row.number))
        if word in _NO or item.kind == "list":
            return
        needed = self._condition(item, row, "required", ())
        if needed is None or item.within:
            if needed is not None:
                message = say("重复组里的问题不能按条件必填，导入为选填")
                self.note(row.cell("required"), "unsupported-expression", Severity.ERROR, message)
            return
        asked = join_values("and", self._groups(item), self._condition(item, row, "relevant") or TRUE)
        that = join_values(
            "or",
            negated(join_values("and", asked, needed)),
            TranslatedValue(f"filled(form.{item.name})", "boolean"),
        )
        text = text or str(say("“{title}”必须填写", title=item.title))
        self._whole(row.cell("required"), f"{row.number}:required", that, text)

    def _whole(self, cell: BookCell, part: str, that: TranslatedValue, text: str) -> None:
        """Add a constraint on the whole form."""
        if that.constant is not True and part not in self.left_out:
            self.constraints += [
                self._line(f"  - that: {scalar(that.text)}", cell, part),
                self._line(f"    else: {scalar(text)}", cell, part),
            ]

    def _choices(self, item: SurveyItem, inner: str) -> Iterator[FormLine]:
        if item.kind not in ("choice", "choices"):
            return
        row, found = item.row, self.choices[item.list_name]
        yield self._line(f"{inner}choices:", row.cell("type"), str(row.number))
        for code, text in found.texts.items():
            cell = found.rows[code].cell("name")
            yield self._line(
                f"{inner}  {scalar(code)}: {scalar(self._plain(text, found.rows[code], item))}",
                cell,
                str(row.number),
            )
        if item.other and "other" not in found.texts:
            yield self._line(f"{inner}  other: {scalar(str(say('其他')))}", row.cell("type"), str(row.number))
        if item.other:
            message = say("“其他”的说明没有另设一栏，请在导入后的表单里补上")
            self.note(row.cell("type"), "or-other", Severity.WARNING, message)
        if row.get("choice_filter"):
            yield from self._offered(item, inner)

    def _offered(self, item: SurveyItem, inner: str) -> Iterator[FormLine]:
        """Yield which codes are offered when: of each code the filter with what is in its row."""
        row, cell, part = item.row, item.row.cell("choice_filter"), f"{item.row.number}:choice_filter"
        if part in self.left_out:
            yield from self._gone(row, "choice_filter", cell, inner)
            return
        groups: dict[str, list[str]] = {}
        source = row.get("choice_filter")
        columns = columns_read(source)
        known: dict[tuple[str, ...], TranslatedValue] = {}
        for code, choice in self.choices[item.list_name].rows.items():
            values = tuple(choice.get(column) for column in columns)
            try:
                if values not in known:
                    known[values] = self._translator(item, source, columns=choice.texts).condition(source)
            except XPathError as problem:
                self._lost(cell, problem)
                yield from self._gone(row, "choice_filter", cell, inner)
                return
            when = known[values]
            if when.constant is not True:
                groups.setdefault(when.text, []).append(code)
        if groups:
            yield self._line(f"{inner}offered:", cell, part)
        for text, codes in groups.items():
            yield self._line(f"{inner}  - codes: [{', '.join(map(scalar, codes))}]", cell, part)
            yield self._line(f"{inner}    when: {scalar(text)}", cell, part)

    def _constraint(self, item: SurveyItem, inner: str) -> Iterator[FormLine]:
        row, cell, part = item.row, item.row.cell("constraint"), f"{item.row.number}:constraint"
        lines = [] if item.limits is None else list(self._within_range(item, item.limits, inner))
        if row.get("constraint"):
            that = self._condition(item, row, "constraint")
            if that is None:
                yield from self._gone(row, "constraint", cell, inner)
            elif that.constant is not True:
                text = self.labels.text(row, "constraint_message")[0]
                said = text or str(
                    say("“{title}”不合要求：{source}", title=item.title, source=row.get("constraint"))
                )
                lines.append(self._line(f"{inner}  - that: {scalar(that.text)}", cell, part))
                lines.append(
                    self._line(f"{inner}    else: {scalar(self._plain(said, row, item))}", cell, part)
                )
        if lines:
            yield self._line(f"{inner}constraint:", lines[0].cell, lines[0].part)
            yield from lines

    def _within_range(self, item: SurveyItem, limits: NumberRange, inner: str) -> Iterator[FormLine]:
        """Yield the constraint that keeps a number between its bounds."""
        cell, part = item.row.cell("type"), str(item.row.number)
        that = self._translator(item, limits.condition).condition(limits.condition)
        low, high = (f"{one:f}" for one in sorted((limits.start, limits.end)))
        said = str(say("“{title}”应在 {start} 到 {end} 之间", title=item.title, start=low, end=high))
        yield self._line(f"{inner}  - that: {scalar(that.text)}", cell, part)
        yield self._line(f"{inner}    else: {scalar(self._plain(said, item.row, item))}", cell, part)

    def _columns(self, item: SurveyItem, inner: str) -> Iterator[FormLine]:
        row = item.row
        yield self._line(f"{inner}columns:", row.cell("type"), str(row.number))
        for column in item.columns:
            if str(column.row.number) in self.left_out:
                yield from self._gone(column.row, "", column.row.cell("name"), inner + "  ")
            else:
                yield from self._field(column, inner + "  ")
        self._repeat_count(item)

    def _repeat_count(self, item: SurveyItem) -> None:
        row, cell, part = item.row, item.row.cell("repeat_count"), f"{item.row.number}:repeat_count"
        source = row.get("repeat_count")
        if not source or part in self.left_out:
            return
        try:
            count = self._translator(item, source).value(source)
        except XPathError as problem:
            self._lost(cell, problem)
            return
        if item.within or count.kind not in ("integer", "any"):
            self.note(cell, "unsupported-expression", Severity.ERROR, say("行数不能按这个算式限定"))
            return
        # A number that is not given, or below nothing, is no row.
        wanted = f"greater(first_filled({count.text}, 0), 0)"
        if count.literal is not None:
            wanted = "0" if count.text.startswith("-") else count.text
        that = TranslatedValue(f"length(form.{item.name}) == {wanted}", "boolean", 4)
        if join_values("and", self._groups(item), self._condition(item, row, "relevant") or TRUE) != TRUE:
            # Rows that are not asked for are not counted.
            that = join_values("or", TranslatedValue(f"not asked(form.{item.name})", "boolean"), that)
        self._whole(cell, part, that, str(say("“{title}”的行数不对", title=item.title)))

    def _rest(self, item: SurveyItem, kind: str, computed: str | None) -> None:
        """Note the cells of a question that nothing was made of."""
        row = item.row
        self._passed_over(row)
        if row.get("parameters") and item.limits is None:
            message = say("参数没有导入：{text}", text=row.get("parameters"))
            self.note(row.cell("parameters"), "parameters-ignored", Severity.WARNING, message)
        if row.get("default"):
            message = say("不预填答案，默认值没有导入：{text}", text=row.get("default"))
            self.note(row.cell("default"), "default-ignored", Severity.WARNING, message)
        if computed is None and row.get("calculation"):
            message = say("不预填答案，算式没有导入")
            self.note(row.cell("calculation"), "default-ignored", Severity.WARNING, message)
        if computed is None and row.get("read_only").lower() in _YES and kind != "note":
            message = say("没有只读的问题，导入为可以填写的")
            self.note(row.cell("read_only"), "read-only-ignored", Severity.WARNING, message)
        if (computed is not None or kind == "note") and row.get("constraint"):
            self.note(
                row.cell("constraint"),
                "constraint-ignored",
                Severity.WARNING,
                say("这一栏不由人填，约束没有导入"),
            )
