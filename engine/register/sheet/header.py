"""Finding the header of a table: below a title row, or spread over two rows by merged cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from engine.kernel.clean_text import clean, quoted_text
from engine.kernel.did_you_mean import nearest
from engine.language import say
from engine.register.columns import LONGEST_TITLE, Profile
from engine.register.problem import FileProblem

#: The header is looked for in so many rows from the top.
SEARCHED = 15
#: So many titles are named in a sentence; no register has more columns.
MAX_TITLES = 100

Row = tuple[int, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a table. `titles` and `columns` run in step, one for each place of a row."""

    #: The last row of the header, as a spreadsheet numbers rows.
    row: int
    titles: tuple[str, ...]
    #: The register's column each place holds, or None.
    columns: tuple[str | None, ...]

    def ignored(self, profile: Profile) -> tuple[str, ...]:
        """Return the titles the register has no column for, without those known to carry nothing."""
        return tuple(
            title
            for title, column in zip(self.titles, self.columns, strict=True)
            if column is None and title and not profile.passed_over(title)
        )


class _Columns:
    """Which column each title means; a title is looked at once, however often it is in the file."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._known: dict[str, str | None] = {}

    def of(self, title: str) -> str | None:
        """Return the column a title means."""
        if len(title) > LONGEST_TITLE:
            return None
        if title not in self._known:
            self._known[title] = self._profile.column_of(title)
        return self._known[title]

    def required(self, title: str) -> bool:
        """Tell whether a title means a column that has to be there."""
        column = self.of(title)
        return column is not None and self._profile.columns[column].required

    def named(self, cells: Sequence[str]) -> int:
        """Return how many different columns the cells of a row name."""
        return len({column for cell in cells if cell and (column := self.of(cell))})


def recognised(cells: Sequence[str], profile: Profile) -> int:
    """Return how many different columns the cells of a row name."""
    return _Columns(profile).named(cells)


def find_header(rows: Sequence[Row], profile: Profile) -> Header | None:
    """Return the header among the first rows of a table: the row that names most columns; None if no row names one."""
    columns = _Columns(profile)
    best, found = 0, -1
    for place, (_, cells) in enumerate(rows[:SEARCHED]):
        if (count := columns.named(cells)) > best:
            best, found = count, place
    if found < 0:
        return None
    number, cells = rows[found]
    titles = [clean(cell) for cell in cells]
    if found + 1 < len(rows) and _continues(titles, rows[found + 1][1], columns):
        number, below = rows[found + 1]
        return _two_rows(number, titles, [clean(cell) for cell in below], columns)
    above = [clean(cell) for cell in rows[found - 1][1]] if found > 0 else []
    if _continues(above, titles, columns):
        return _two_rows(number, above, titles, columns)
    while titles and not titles[-1]:
        titles.pop()
    return Header(number, tuple(titles), tuple(map(columns.of, titles)))


def header_problems(header: Header, profile: Profile) -> tuple[FileProblem, ...]:
    """Return what keeps the table from being read: a required column that is missing, a column named twice."""
    problems = []
    ignored = header.ignored(profile)
    places = defaultdict(list)
    for title, name in zip(header.titles, header.columns, strict=True):
        if name is not None:
            places[name].append(title)
    for column_id, titles in places.items():
        if len(titles) > 1:
            problems.append(
                FileProblem(
                    say(
                        "{count} 列都是“{title}”：{titles}",
                        count=len(titles),
                        title=profile.columns[column_id].title,
                        titles=titles[:MAX_TITLES],
                    ),
                    say("请只留一列，或在导入方案的 ignore 中写明不用的一列"),
                    header.row,
                )
            )
    for column in profile.columns.values():
        if not column.required or column.id in places or column.id in profile.fixed:
            continue
        known = [column.title, *column.also]
        near = next(
            (title for title in ignored if nearest(title, known) is not None),
            None,
        )
        hint = (
            say(
                "“{near}”是否就是“{title}”？请改表头，或在导入方案的 headers 中写明",
                near=near,
                title=column.title,
            )
            if near is not None
            else say("这一列可写作：{titles}", titles=known[:6])
        )
        problems.append(
            FileProblem(
                say(
                    "缺少“{title}”列；表头有：{titles}",
                    title=column.title,
                    titles=[quoted_text(title) for title in header.titles if title][:MAX_TITLES],
                ),
                hint,
                header.row,
            )
        )
    return tuple(problems)


def no_header(rows: Sequence[Row], profile: Profile) -> FileProblem:
    """Return the problem of a table in which no header was found."""
    if not rows:
        return FileProblem(say("表是空的"), say("第一行应为表头，如：{titles}", titles=_required(profile)))
    number, cells = rows[0]
    return FileProblem(
        say("前 {count} 行中没有{register}的表头", count=min(len(rows), SEARCHED), register=profile.title),
        say(
            "第 {row} 行是：{cells}；表头至少要有：{titles}",
            row=number,
            cells=[shown for cell in cells if (shown := clean(cell))][:8],
            titles=_required(profile),
        ),
    )


def _required(profile: Profile) -> list[str]:
    return [column.title for column in profile.columns.values() if column.required]


def _continues(above: Sequence[str], below: Sequence[str], columns: _Columns) -> bool:
    """Tell whether `below` is the second row of a header.

    Merged downwards, the required columns stand in the upper row alone; and under a title that is merged across
    several places, the lower row names the parts.
    """
    if columns.named(above) == 0:
        return False
    parts = [place for place, cell in enumerate(below) if cell.strip()]
    if len(parts) < 2 and not (parts and len(above) > parts[0] and above[parts[0]]):
        return False
    required = [place for place, title in enumerate(above) if title and columns.required(title)]
    if not required or any(place < len(below) and below[place].strip() for place in required):
        return False
    under = _spread(above)
    return any(place < len(under) and under[place] for place in parts) and any(
        columns.of(below[place]) or columns.of((under[place] if place < len(under) else "") + below[place])
        for place in parts
    )


def _spread(titles: Sequence[str]) -> list[str]:
    """Return `titles` with each merged cell's text in all its places."""
    out: list[str] = []
    for title in titles:
        out.append(title or (out[-1] if out else ""))
    return out


def _two_rows(number: int, above: Sequence[str], below: Sequence[str], columns: _Columns) -> Header:
    width = max(len(above), len(below))
    spread = _spread(above)
    upper = spread + [spread[-1] if spread else ""] * (width - len(above))
    lower = list(below) + [""] * (width - len(below))
    own = list(above) + [""] * (width - len(above))
    titles, names = [], []
    used: set[str] = set()
    for place in range(width):
        candidates = (
            [upper[place] + lower[place], lower[place], upper[place]] if lower[place] else [own[place]]
        )
        column = next(
            (found for text in candidates if text and (found := columns.of(text)) and found not in used),
            None,
        )
        if column is not None:
            used.add(column)
        titles.append(upper[place] + lower[place] if lower[place] else own[place])
        names.append(column)
    while titles and not titles[-1]:
        titles.pop()
        names.pop()
    return Header(number, tuple(titles), tuple(names))
