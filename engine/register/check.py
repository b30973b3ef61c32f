"""From the rows of a table to checked entries, and every row that cannot stand with its reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.kernel.formula_guard import unguarded
from engine.language import Message, say
from engine.register.columns import CellType, ListRow, Profile, fold
from engine.register.confusables import UNSEEN
from engine.register.problem import RowProblem
from engine.register.sheet.grid import Grid
from engine.register.values import Context, Reader, reader_for

#: What stands in `CheckedEntry` itself and not in its data.
_OWN = frozenset({"id", "name", "section"})
_EXCEL_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"})
_STRIPPED = " \t\r\n\u00a0\u3000" + UNSEEN


@dataclass(frozen=True, slots=True)
class CheckedEntry:
    """One checked row of a register. `data` holds JSON values; what is not known is not in it.

    The shape is that of the entries the office keeps: `id`, `name` and `section` are not repeated in `data`.
    """

    kind: str
    id: str
    name: str
    section: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a table holds: good entries, problems, and the rows that have them as (row, cells)."""

    entries: tuple[CheckedEntry, ...]
    problems: tuple[RowProblem, ...]
    bad: tuple[tuple[int, tuple[str, ...]], ...]
    rows: int


def check_rows(
    table: Grid, profile: Profile, *, codes: Mapping[str, Mapping[str, str]] | None = None, source: str = ""
) -> Checked:
    """Return the checked rows of `table`.

    `codes` are the lists of the bureau (list -> code -> title); `source` is what a rating's source says where the
    file has none, usually the file's name. Raises `TableError` where the file is damaged.
    """
    checker = _Checker(table, profile, codes or {}, source)
    for number, cells in table.rows:
        checker.take(number, cells)
    return checker.result()


#: A place of a row that holds a column: its index, the column's id, the title in the file, the reader, the profile's
#: own words for values, and whether words such as 无 mean that the cell is empty.
_Place = tuple[int, str, str, Reader, Mapping[str, str], bool]


@dataclass(slots=True)
class _Seen:
    """The first row with an id."""

    row: int
    entry: CheckedEntry | None
    cells: Sequence[str]
    #: A later row says something else under the same id.
    disputed: bool = False


class _Checker:
    def __init__(
        self, table: Grid, profile: Profile, codes: Mapping[str, Mapping[str, str]], source: str
    ) -> None:
        self.profile = profile
        self.source = source
        self.width = len(table.header.titles)
        self.ragged_is_wrong = table.ragged_is_wrong
        self.places: list[_Place] = [
            (
                index,
                name,
                title,
                reader_for(profile.columns[name], Context(profile.words, codes, title)),
                profile.values.get(name, {}),
                profile.columns[name].type is not CellType.BOOLEAN,
            )
            for index, (title, name) in enumerate(zip(table.header.titles, table.header.columns, strict=True))
            if name is not None
        ]
        # Templates come with their rows numbered; a row that has nothing but its number is blank.
        self.passed_over = [
            index for index, title in enumerate(table.header.titles) if profile.passed_over(title)
        ]
        self.title_of = {name: title for _, name, title, *_ in self.places}
        self.defaults = {c.id: c.default for c in profile.columns.values() if c.default is not None}
        self.needed = [column for column in profile.columns.values() if column.required or column.needed_when]
        self.fixed: list[tuple[str, Reader, str]] = [
            (name, reader_for(profile.columns[name], Context(profile.words, codes, "")), text)
            for name, text in profile.fixed.items()
        ]
        self.empty = profile.words.empty
        self.short: dict[str, bool] = {}
        self.seen: dict[str, _Seen] = {}
        self.problems: list[RowProblem] = []
        self.bad: dict[int, Sequence[str]] = {}
        self.rows = 0

    def take(self, number: int, cells: Sequence[str]) -> None:
        values: dict[str, Any] = {}
        problems: list[RowProblem] = []
        blank = True
        count = len(cells)
        for index, name, title, read, meanings, has_empty in self.places:
            if index >= count or not (text := cells[index]) or not (text := text.strip(_STRIPPED)):
                continue
            blank = False
            if has_empty and len(text) <= 4 and self._means_empty(text):
                continue
            if meanings:
                text = meanings.get(fold(text), text)
            text = unguarded(text)
            if text[0] in "='#" and (fault := _not_plain(text)) is not None:
                problems.append(RowProblem(number, title, text, *fault))
                continue
            value, wrong = read(text)
            if wrong is not None:
                problems.append(RowProblem(number, title, text, *wrong))
            elif value is not None and value != []:
                values[name] = value
        if blank and self._nothing_else(cells):
            return
        self.rows += 1
        if (fault := self._ragged(cells)) is not None:
            problems.append(RowProblem(number, "", "", *fault))
        self._complete(number, values, problems)
        self._keep(number, cells, values, problems)

    def _means_empty(self, text: str) -> bool:
        answer = self.short.get(text)
        if answer is None:
            answer = fold(text) in self.empty
            if len(self.short) < 10_000:
                self.short[text] = answer
        return answer

    def _nothing_else(self, cells: Sequence[str]) -> bool:
        return not any(cell.strip() for index, cell in enumerate(cells) if index not in self.passed_over)

    def _ragged(self, cells: Sequence[str]) -> tuple[Message, Message | None] | None:
        if any(cell.strip() for cell in cells[self.width :]):
            return (
                say("本行有 {seen} 格，表头只有 {expected} 格", seen=len(cells), expected=self.width),
                say("格中若有逗号，整格须放在引号里；表头以外不要写备注"),
            )
        if self.ragged_is_wrong and len(cells) < self.width:
            return (
                say("本行只有 {seen} 格，表头有 {expected} 格", seen=len(cells), expected=self.width),
                say("少了一格，后面各列会错位；没有内容的格也要留出"),
            )
        return None

    def _complete(self, number: int, values: dict[str, Any], problems: list[RowProblem]) -> None:
        for name, read, text in self.fixed:
            if name not in values:
                value, wrong = read(text)
                if wrong is not None:
                    problems.append(RowProblem(number, self.profile.columns[name].title, text, *wrong))
                elif value is not None:
                    values[name] = value
        reported = {problem.column for problem in problems}
        for name, code in self.defaults.items():
            if name not in values and self._title(name) not in reported:
                values[name] = code
        for column in self.needed:
            title = self._title(column.id)
            if column.id in values or title in reported:
                continue
            if column.required:
                problems.append(
                    RowProblem(
                        number,
                        title,
                        "",
                        say("必须填写"),
                        say("合并单元格只有左上角一格有内容，其余要逐格填写"),
                    )
                )
                continue
            for other, held in column.needed_when.items():
                if values.get(other) in held:
                    chosen = self.profile.columns[other]
                    word = chosen.choices[values[other]][0]
                    problems.append(
                        RowProblem(
                            number,
                            title,
                            "",
                            say("“{column}”为“{word}”时必须填写", column=chosen.title, word=word),
                            say(
                                "请填写“{title}”，或把“{column}”改为：{others}",
                                title=column.title,
                                column=chosen.title,
                                others=[
                                    words[0] for code, words in chosen.choices.items() if code not in held
                                ],
                            ),
                        )
                    )

    def _title(self, name: str) -> str:
        return self.title_of.get(name) or self.profile.columns[name].title

    def _keep(
        self, number: int, cells: Sequence[str], values: dict[str, Any], problems: list[RowProblem]
    ) -> None:
        entry_id = values.get("id")
        entry = None
        if not problems:
            for row in self.profile.lists.values():
                _gather(row, values, self.source)
            entry = CheckedEntry(
                self.profile.kind,
                values.pop("id"),
                values.pop("name"),
                values.pop("section", None),
                values,
            )
        if entry_id is not None:
            first = self.seen.get(entry_id)
            if first is None:
                self.seen[entry_id] = _Seen(number, entry, cells)
            else:
                self._repeated(number, entry_id, entry, first, problems)
        if problems:
            self.problems += problems
            self.bad[number] = cells

    def _repeated(
        self, number: int, entry_id: str, entry: CheckedEntry | None, first: _Seen, problems: list[RowProblem]
    ) -> None:
        title = self._title("id")
        if entry is not None and entry == first.entry:
            problems.append(
                RowProblem(
                    number, title, entry_id, say("与第 {row} 行完全相同", row=first.row), say("请删去这一行")
                )
            )
            return
        hint = say("同一编号只能有一行；请核对后删去或改正其中一行")
        problems.append(RowProblem(number, title, entry_id, say("与第 {row} 行重复", row=first.row), hint))
        if not first.disputed:
            # Which of the two is right is not known, so neither is taken.
            first.disputed = True
            self.problems.append(
                RowProblem(first.row, title, entry_id, say("与第 {row} 行重复", row=number), hint)
            )
            self.bad[first.row] = first.cells

    def result(self) -> Checked:
        entries = tuple(
            seen.entry for seen in self.seen.values() if seen.entry is not None and seen.row not in self.bad
        )
        order = {title: index for index, _, title, *_ in self.places}
        problems = sorted(self.problems, key=lambda problem: (problem.row, order.get(problem.column, -1)))
        bad = tuple((row, tuple(cells)) for row, cells in sorted(self.bad.items()))
        return Checked(entries, tuple(problems), bad, self.rows)


def _not_plain(text: str) -> tuple[Message, Message | None] | None:
    if text[0] == "=" and len(text) > 1:
        return (
            say("不接受公式"),
            say("请选中该列，复制后“选择性粘贴为数值”，再存盘导入"),
        )
    if text[0] == "'":
        return say("开头多了一个单引号"), say("单引号是 Excel 表示文本的记号，请删去")
    if text in _EXCEL_ERRORS:
        return say("这是 Excel 的计算错误，不是内容"), say("请改正公式，再“选择性粘贴为数值”")
    return None


def _gather(row: ListRow, values: dict[str, Any], source: str) -> None:
    """Move the parts of a list row out of the columns and into one row of the list."""
    if not any(column in values for column in row.parts.values()):
        return
    parts = {name: values.pop(column, None) for name, column in row.parts.items()}
    if row.needs is not None and parts[row.needs] is None:
        return
    if row.source is not None and parts[row.source] is None:
        parts[row.source] = source
    # Every rating has a date and a source, even where the profile of a scheme names no columns for them.
    shape = {"date": None, "source": source} if row.into == "ratings" else {}
    values.setdefault(row.into, []).append({**shape, **row.fixed, **parts})
