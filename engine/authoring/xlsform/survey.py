"""The rows of the survey: questions, groups and repeats in their places, each with the name and type it gets here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.authoring.xlsform.cell_problem import BookCell, CellProblem
from engine.authoring.xlsform.headers import Labels
from engine.authoring.xlsform.limits import MAX_DEPTH
from engine.authoring.xlsform.number_range import NumberRange, number_range
from engine.authoring.xlsform.sheets import FormSheet, SheetRow
from engine.kernel.did_you_mean import did_you_mean
from engine.language import Message, say
from engine.yamltext.problem import Severity

#: Type of a question -> type of a field.
TYPES: Mapping[str, str] = {
    "text": "text", "string": "text", "barcode": "text", "integer": "integer", "int": "integer",
    "decimal": "decimal", "range": "decimal", "note": "note", "date": "date", "time": "time", "datetime": "datetime",
    "geopoint": "place", "gps": "place", "location": "place", "image": "photo", "photo": "photo", "audio": "file",
    "video": "file", "file": "file", "acknowledge": "boolean", "trigger": "boolean", "calculate": "calculate",
    "percentage": "integer",
}  # fmt: skip
#: What the phone notes by itself; here the history says who did what when.
METADATA = {
    *(
        "start",
        "end",
        "today",
        "deviceid",
        "subscriberid",
        "simserial",
        "phonenumber",
        "username",
        "email",
        "audit",
    ),
    *("start-geopoint", "background-audio", "imei", "deviceid_uri"),
}
_ASKED_OTHERWISE = {"date and time": "datetime", "date time": "datetime", "phone number": "text"}
_SELECT = re.compile(
    r"(?:add )?(?P<many>select[ _](?:one|1)|select[ _](?:multiple|all that apply)|rank)"
    r"(?P<how>[ _]from[ _](?:file|map)|[ _]external)?(?: prompt)?(?: from| using)? +(?P<list>\S+)"
    r"(?P<other>(?: or specify other| or[ _]other))?"
)
_BORDER = re.compile(r"(?P<where>begin|end)[ _](?P<what>group|repeat|loop|looped group|lgroup)(?: over \S+)?")
_UNFIT = re.compile(r"[^0-9A-Za-z_\u3400-\u9fff]")
#: Names that mean something else in expressions or in the answers to a form.
_TAKEN = {
    *("rows", "items", "problems", "problem_count", "not_asked", "unanswered"),
    *("in", "not", "and", "or", "is", "if", "else", "true", "false", "none"),
}


@dataclass(slots=True, eq=False)
class SurveyItem:
    """A question or a repeat. `kind` is a type of field, ``calculate`` or ``list``."""

    row: SheetRow
    xls_name: str
    name: str
    title: str
    kind: str
    repeat: SurveyItem | None
    #: The groups around it, the outermost first, up to the repeat it is in.
    groups: tuple[SheetRow, ...]
    list_name: str = ""
    other: bool = False
    #: Of a question of the type ``range``: what may be answered.
    limits: NumberRange | None = None
    columns: list[SurveyItem] = field(default_factory=list)

    @property
    def within(self) -> tuple[str, ...]:
        """Return the names of the repeats around it, the outermost first."""
        return () if self.repeat is None else (*self.repeat.within, self.repeat.name)


@dataclass(slots=True)
class _OpenGroup:
    row: SheetRow
    what: str
    item: SurveyItem | None = None
    #: Nothing in it is imported.
    lost: bool = False


@dataclass(slots=True)
class SurveyReader:
    """Reads the survey; what it cannot keep is noted in `problems`."""

    labels: Labels
    problems: list[CellProblem]
    items: list[SurveyItem] = field(default_factory=list)
    every: list[SurveyItem] = field(default_factory=list)
    _open: list[_OpenGroup] = field(default_factory=list)
    _names: set[tuple[int, str]] = field(default_factory=set)
    #: The number a name is given when it is there once more.
    _numbers: dict[tuple[int, str], int] = field(default_factory=dict)

    def read(self, sheet: FormSheet) -> None:
        """Read every row."""
        for row in sheet.rows:
            if row.get("disabled").lower() in ("yes", "true", "true()"):
                self.note(row.cell("disabled"), "disabled", Severity.ADVICE, say("这一行停用了，没有导入"))
                continue
            self._row(row)
        for left in self._open:
            self.note(left.row.cell("type"), "group", Severity.ERROR, say("这一组没有结束"))

    def note(
        self, cell: BookCell, rule: str, severity: Severity, message: Message, hint: Message | None = None
    ) -> None:
        """Note something about a cell."""
        self.problems.append(CellProblem(cell, rule, severity, message, hint))

    def _row(self, row: SheetRow) -> None:
        word = " ".join(row.get("type").lower().split())
        border = _BORDER.fullmatch(word)
        if border is not None:
            self._border(row, border["where"], border["what"])
        elif any(one.lost for one in self._open):
            self.note(
                row.cell("type"), "unsupported-type", Severity.ERROR, say("在没有导入的组里，也没有导入")
            )
        elif not word:
            self.note(row.cell("type"), "missing-type", Severity.ERROR, say("没有写类型，这一行没有导入"))
        elif word in METADATA:
            message = say("“{type}”由系统自己记录，没有导入", type=word)
            self.note(row.cell("type"), "metadata", Severity.ADVICE, message)
        else:
            self._question(row, word)

    def _border(self, row: SheetRow, where: str, what: str) -> None:
        what = {"looped group": "loop", "lgroup": "loop"}.get(what, what)
        if where == "end":
            if self._open and self._open[-1].what == what:
                self._open.pop()
            else:
                self.note(row.cell("type"), "group", Severity.ERROR, say("这里没有可以结束的组"))
            return
        opened = _OpenGroup(row, what, lost=any(one.lost for one in self._open))
        if opened.lost:
            pass
        elif len(self._open) == MAX_DEPTH:
            message = say("组和重复组套了超过 {most} 层，没有导入，其中的问题也没有", most=MAX_DEPTH)
            self.note(row.cell("type"), "group", Severity.ERROR, message)
            opened.lost = True
        elif what == "loop":
            message = say("循环组（begin loop）没有导入，其中的问题也没有")
            self.note(row.cell("type"), "unsupported-type", Severity.ERROR, message)
            opened.lost = True
        elif what == "repeat":
            opened.item = self._add(row, "list")
            opened.lost = opened.item is None
        self._open.append(opened)

    def _question(self, row: SheetRow, word: str) -> None:
        select = _SELECT.fullmatch(word)
        if select is not None:
            self._select(row, select)
            return
        plain = word.removeprefix("add ").removesuffix(" prompt").removeprefix("q ")
        kind = TYPES.get(_ASKED_OTHERWISE.get(plain, plain)) or TYPES.get(plain.replace(" ", ""))
        if kind is None:
            hint = did_you_mean(word, (*TYPES, "select_one", "select_multiple"))
            message = say("类型“{type}”没有对应的栏，没有导入", type=row.get("type"))
            self.note(row.cell("type"), "unsupported-type", Severity.ERROR, message, hint)
            return
        if plain == "barcode":
            message = say("条码没有扫描，导入为文字")
            self.note(row.cell("type"), "type-changed", Severity.WARNING, message)
        if plain == "range":
            limits = number_range(row.get("parameters"))
            kind = "integer" if limits.whole else "decimal"
            item = self._add(row, kind)
            if item is not None:
                item.limits = limits
                self._of_range(row, limits)
            return
        if kind == "text" and "multiline" in row.get("appearance"):
            kind = "long text"
        if kind == "photo" and "signature" in row.get("appearance"):
            kind = "signature"
        self._add(row, kind)

    def _of_range(self, row: SheetRow, limits: NumberRange) -> None:
        """Note what of a range is not kept."""
        if limits.unclear:
            values = {"text": row.get("parameters"), "start": f"{limits.start:f}", "end": f"{limits.end:f}"}
            message = say("滑块的取值“{text}”看不懂，按 {start} 到 {end} 导入", **values)
            self.note(row.cell("parameters"), "range-unclear", Severity.WARNING, message)
        if limits.step != 1:
            message = say("滑块的步长 {step} 没有导入，范围以内的数都能填", step=f"{limits.step:f}")
            self.note(row.cell("parameters"), "step-ignored", Severity.WARNING, message)

    def _select(self, row: SheetRow, found: re.Match[str]) -> None:
        words = row.get("type").split()
        many = found["many"].replace(" ", "_")
        if found["how"] or many == "rank":
            message = say("类型“{type}”没有对应的栏，没有导入", type=row.get("type"))
            self.note(row.cell("type"), "unsupported-type", Severity.ERROR, message)
            return
        kind = "choice" if many in ("select_one", "select_1") else "choices"
        # As it is written: names of lists may have capitals.
        name = next(word for word in words if word.lower() == found["list"])
        item = self._add(row, kind)
        if item is not None:
            item.list_name, item.other = name, bool(found["other"])

    def _add(self, row: SheetRow, kind: str) -> SurveyItem | None:
        xls_name = row.get("name")
        label, _ = self.labels.text(row, "label")
        if not xls_name:
            if kind != "note":
                self.note(row.cell("name"), "missing-name", Severity.ERROR, say("没有写名字，没有导入"))
                return None
            xls_name = f"note_{row.number}"
        repeat = next((one.item for one in reversed(self._open) if one.what == "repeat"), None)
        groups: list[SheetRow] = []
        for one in self._open:
            groups = [] if one.what == "repeat" else [*groups, one.row]
        name = self._name(row, xls_name, repeat, groups)
        if not label and kind != "calculate":
            self.note(row.cell("label"), "missing-label", Severity.ADVICE, say("没有写标签，用名字代替"))
        item = SurveyItem(row, xls_name, name, label or xls_name, kind, repeat, tuple(groups))
        (self.items if repeat is None else repeat.columns).append(item)
        self.every.append(item)
        return item

    def _name(
        self, row: SheetRow, xls_name: str, repeat: SurveyItem | None, groups: Sequence[SheetRow]
    ) -> str:
        """Return a name that fits and is free among the questions beside it."""
        name = fitting(xls_name)
        if (id(repeat), name) in self._names and groups:
            name = fitting(f"{groups[-1].get('name')}_{name}")
        number, free = self._numbers.get((id(repeat), name), 2), name
        while (id(repeat), free) in self._names:
            free, number = f"{name}_{number}", number + 1
        self._numbers[id(repeat), name] = number
        self._names.add((id(repeat), free))
        if free != xls_name:
            message = say("名字“{old}”改成了“{new}”", old=xls_name, new=free)
            self.note(row.cell("name"), "name-changed", Severity.ADVICE, message)
        return free


def fitting(name: str) -> str:
    """Return a name as the language takes it: letters, digits, underscores, not more than 64."""
    plain = _UNFIT.sub("_", name).strip("_") or "q"
    if not (plain[0].isalpha()) or plain.lower() in _TAKEN:
        plain = f"q_{plain}"
    return plain[:60]
