"""From the rows of a table to checked entries, and every row that cannot stand with its reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from engine.collector import unsearched
from engine.kernel.clean_text import OUTER, explain_unseen
from engine.kernel.formula_guard import unguarded
from engine.language import Message, say
from engine.register.columns import CellType, ListRow, Profile, fold
from engine.register.problem import RowProblem, Unusual
from engine.register.sheet.checked_entries import CheckedEntry, KeptEntries, packed, unpacked
from engine.register.sheet.grid import Grid
from engine.register.sheet.limits import MAX_PROBLEMS
from engine.register.values import Context, Reader, ValueFault, reader_for

#: What is in `CheckedEntry` itself and not in its data.
_OWN = frozenset({"id", "name", "section"})
#: Columns whose texts differ from row to row.
_OF_ONE_ROW = frozenset({"id", "name"})
_EXCEL_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"})


@dataclass(frozen=True, slots=True)
class Checked:
    """What a table holds: good entries, problems, and the rows that have them as (row, cells)."""

    entries: Sequence[CheckedEntry]
    problems: tuple[RowProblem, ...]
    bad: tuple[tuple[int, tuple[str, ...]], ...]
    rows: int
    #: row -> the entry it makes once every unusual value of it is confirmed; these rows are among the bad ones.
    unusual: Mapping[int, CheckedEntry] = field(default_factory=dict)
    #: Rows that end before the header does; what is missing counts as empty.
    short: int = 0
    #: Rows that hold nothing but formulas without a content.
    formulas_only: int = 0
    #: Hidden rows that were not looked at.
    left_out: int = 0
    #: Whether the rest of the table was not looked at, since too much is wrong with what comes before.
    cut: bool = False


def check_rows(
    table: Grid,
    profile: Profile,
    *,
    codes: Mapping[str, Mapping[str, str]] | None = None,
    source: str = "",
    leave_out_hidden: bool = False,
) -> Checked:
    """Return the checked rows of `table`.

    `codes` are the lists of the bureau (list -> code -> title); `source` is what a rating's source says where the
    file has none, usually the file's name. With `leave_out_hidden` hidden rows and columns count as not there. Raises
    `TableError` where the file is damaged.
    """
    checker = _EntryChecker(table, profile, codes or {}, source, leave_out_hidden=leave_out_hidden)
    # Where the rows can be read again, those of good entries need not be kept in case a later row disputes them.
    checker.keeps_cells = iter(table.rows) is table.rows
    with unsearched():
        for number, cells in table.rows:
            checker.take(number, cells)
            if checker.cut:
                break
    if any(cells is None for cells in checker.bad.values()):
        for number, cells in table.rows:
            if checker.bad.get(number, ()) is None:
                checker.bad[number] = cells
    return checker.result()


#: A place of a row that holds a column: its index, the column's id, the title in the file, the reader, the profile's
#: own words for values, whether words such as 无 mean that the cell is empty, and what cells hold that were read before
#: (None where each row has a value of its own).
_Place = tuple[int, str, str, Reader, Mapping[str, str], bool, "dict[str, Any] | None"]
#: What a cell holds that says that there is nothing.
_NOTHING: Any = object()
#: So many different cells of a column are kept, of so many characters at most: most columns have a few hundred.
_MAX_KNOWN, _MAX_KNOWN_LENGTH = 2000, 64


class _EntryChecker:
    def __init__(
        self,
        table: Grid,
        profile: Profile,
        codes: Mapping[str, Mapping[str, str]],
        source: str,
        *,
        leave_out_hidden: bool,
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
                None if name in _OF_ONE_ROW else {},
            )
            for index, (title, name) in enumerate(zip(table.header.titles, table.header.columns, strict=True))
            if name is not None and not (leave_out_hidden and index in table.hidden_columns)
        ]
        self.left_out_rows = table.hidden_rows if leave_out_hidden else frozenset[int]()
        self.formula_rows = table.formula_rows
        self.formulas_seen = 0
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
        self.words_for_empty: dict[str, bool] = {}
        required = {column.id for column in profile.columns.values() if column.required}
        self.required = [index for index, name, *_ in self.places if name in required]
        #: By id: the first row with it, packed.
        self.seen: dict[str, bytes] = {}
        #: By id: the cells of that row, where they cannot be read again.
        self.cells: dict[str, Sequence[str]] = {}
        #: The ids of the rows that are wrong, and of those a later row disputes.
        self.wrong: set[str] = set()
        self.disputed: set[str] = set()
        self.unusual: dict[int, CheckedEntry] = {}
        self.short = self.formulas_only = self.left_out = 0
        self.problems: list[RowProblem] = []
        self.bad: dict[int, Sequence[str] | None] = {}
        self.keeps_cells = True
        self.rows = 0

    @property
    def cut(self) -> bool:
        """Tell whether so much is wrong that the rest need not be looked at."""
        return len(self.problems) > MAX_PROBLEMS

    def take(self, number: int, cells: Sequence[str]) -> None:
        if self._is_passed_over(number, cells):
            return
        values: dict[str, Any] = {}
        problems: list[RowProblem] = []
        blank = True
        count = len(cells)
        for place in self.places:
            index, name, known = place[0], place[1], place[6]
            if index >= count or not (cell := cells[index]):
                continue
            value = known.get(cell) if known else None
            if value is None:
                value = self._value_of(number, place, cell, problems)
                if value is None:
                    continue
            blank = False
            if value is not _NOTHING:
                values[name] = value
        if blank and self._nothing_else(cells):
            return
        self.rows += 1
        self.short += self.ragged_is_wrong and count < self.width
        if (fault := self._ragged(cells)) is not None:
            problems.append(RowProblem(number, "", "", *fault))
        self._complete(number, values, problems)
        self._keep(number, cells, values, problems)

    def _value_of(self, number: int, place: _Place, cell: str, problems: list[RowProblem]) -> Any:
        """Return the value of a cell, `_NOTHING` where it says that there is none or is wrong, None where it is blank."""
        _, name, title, read, meanings, has_empty, known = place
        if not (text := cell.strip()) or not (text.isprintable() or (text := text.strip(OUTER))):
            return None
        if has_empty and len(text) <= 4 and self._means_empty(text):
            return _kept(known, cell, _NOTHING)
        if meanings:
            text = meanings.get(fold(text), text)
        text = unguarded(text)
        if text[0] in "='#" and (fault := _not_plain(text)) is not None:
            problems.append(RowProblem(number, title, text, *fault))
            return _NOTHING
        value, wrong = read(text)
        if wrong is not None:
            problems.append(_problem(number, name, title, text, wrong))
        if value is None or value == []:
            return _NOTHING
        if known is None:
            return value
        return value if wrong is not None else _kept(known, cell, value)

    def _is_passed_over(self, number: int, cells: Sequence[str]) -> bool:
        """Tell whether a row is left out since it is hidden, or holds nothing but formulas without a content."""
        if number in self.left_out_rows:
            self.left_out += 1
            return True
        if number not in self.formula_rows:
            return False
        self.formulas_seen += 1
        only = not self._has_required(cells)
        self.formulas_only += only
        return only

    def _has_required(self, cells: Sequence[str]) -> bool:
        """Tell whether a column that must be filled has a content: a formula over empty cells gives 0, or an error."""
        return any(
            index < len(cells)
            and (text := cells[index].strip(OUTER))
            and text != "0"
            and text not in _EXCEL_ERRORS
            for index in self.required
        )

    def _means_empty(self, text: str) -> bool:
        answer = self.words_for_empty.get(text)
        if answer is None:
            answer = fold(text) in self.empty
            if len(self.words_for_empty) < 10_000:
                self.words_for_empty[text] = answer
        return answer

    def _nothing_else(self, cells: Sequence[str]) -> bool:
        return not any(cell.strip() for index, cell in enumerate(cells) if index not in self.passed_over)

    def _ragged(self, cells: Sequence[str]) -> tuple[Message, Message | None] | None:
        if any(cell.strip() for cell in cells[self.width :]):
            return (
                say("本行有 {seen} 格，表头只有 {expected} 格", seen=len(cells), expected=self.width),
                say("格中若有逗号，整格须放在引号里；表头以外不要写备注"),
            )
        if (
            self.ragged_is_wrong
            and len(cells) < self.width
            and any(index >= len(cells) for index in self.required)
        ):
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
                    title = self.profile.columns[name].title
                    problems.append(RowProblem(number, title, text, wrong.expected, wrong.hint))
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
        # Where every value that looks wrong may be confirmed, the entry is made, for whoever confirms.
        if all(problem.unusual is not None for problem in problems) and {"id", "name"} <= values.keys():
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
            if first is not None:
                self._repeated(number, entry_id, entry, first, problems)
            else:
                self.seen[entry_id] = packed(number, entry)
                if self.keeps_cells:
                    self.cells[entry_id] = cells
                if problems or entry is None:
                    self.wrong.add(entry_id)
        if problems:
            self.problems += [_of_entry(problem, entry_id) for problem in problems]
            self.bad[number] = cells
            if entry is not None and all(problem.unusual is not None for problem in problems):
                self.unusual[number] = entry

    def _repeated(
        self, number: int, entry_id: str, entry: CheckedEntry | None, first: bytes, problems: list[RowProblem]
    ) -> None:
        title = self._title("id")
        row, known = unpacked(self.profile.kind, entry_id, first)
        if entry is not None and entry == known:
            problems.append(
                RowProblem(
                    number, title, entry_id, say("与第 {row} 行完全相同", row=row), say("请删去这一行")
                )
            )
            return
        hint = say("同一编号只能有一行；请核对后删去或改正其中一行")
        problems.append(RowProblem(number, title, entry_id, say("与第 {row} 行重复", row=row), hint))
        if entry_id not in self.disputed:
            # Which of the two is right is not known, so neither is taken.
            self.disputed.add(entry_id)
            self.wrong.add(entry_id)
            self.problems.append(RowProblem(row, title, entry_id, say("与第 {row} 行重复", row=number), hint))
            self.bad[row] = self.cells.get(entry_id)
            self.unusual.pop(row, None)

    def result(self) -> Checked:
        good = tuple(entry_id for entry_id in self.seen if entry_id not in self.wrong)
        entries = KeptEntries(self.profile.kind, self.seen, good)
        # Rows whose formulas all give nothing do not come up at all.
        self.formulas_only += len(self.formula_rows) - self.formulas_seen
        order = {title: index for index, _, title, *_ in self.places}
        problems = sorted(self.problems, key=lambda problem: (problem.row, order.get(problem.column, -1)))
        bad = tuple((row, tuple(cells or ())) for row, cells in sorted(self.bad.items()))
        return Checked(
            entries,
            tuple(problems),
            bad,
            self.rows,
            self.unusual,
            self.short,
            self.formulas_only,
            self.left_out,
            self.cut,
        )


def _kept(known: dict[str, Any] | None, cell: str, value: Any) -> Any:
    """Return `value`, and keep it for the rows below; one that could be changed belongs to its row."""
    if (
        known is not None
        and len(known) < _MAX_KNOWN
        and len(cell) <= _MAX_KNOWN_LENGTH
        and (value is _NOTHING or isinstance(value, str | int))
    ):
        known[cell] = value
    return value


def _problem(number: int, name: str, title: str, text: str, wrong: ValueFault) -> RowProblem:
    unusual = Unusual(wrong.rule, "", name, text) if wrong.rule is not None else None
    # What nobody sees is named first: without it the content may be as expected.
    unseen = () if wrong.rule is not None else explain_unseen(text)
    hint = say("{wrong}", wrong=list(unseen)) if unseen else wrong.hint
    return RowProblem(number, title, text, wrong.expected, hint, unusual)


def _of_entry(problem: RowProblem, entry_id: str | None) -> RowProblem:
    if problem.unusual is None or entry_id is None:
        return problem
    return replace(problem, unusual=replace(problem.unusual, id=entry_id))


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
