"""The two rosters a draw is committed to: objects, and people (inspectors, experts, supervisors).

Both are tables of `engine.draw.tsv`. Excluded rows stay in the file with ``eligible`` 0 and a reason, so that everyone
sees who was left out and why. Names are never part of a ticket; ids alone are.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from engine.draw.refused import refuse_if
from engine.draw.tsv import at_line, parse_table, render_table
from engine.kernel.refusal import RefusalReason
from engine.language import say

ID = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)

OBJECT_COLUMNS = (
    "object_id", "name", "credit_class", "class_date", "district", "items", "eligible", "exclude_reason",
)  # fmt: skip
PERSON_COLUMNS = (
    "inspector_id", "section", "labels", "cert_no_digest", "cert_valid_to", "eligible", "exclude_reason",
    "recusals", "load", "previous",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ObjectRow:
    """One object that can be drawn: an enterprise, or a closed case. Dates are ISO texts, or empty."""

    object_id: str
    name: str = ""
    #: What the strata are made of, unless the rules name another column.
    credit_class: str = ""
    #: The day the class was given.
    class_date: str = ""
    district: str = ""
    items: tuple[str, ...] = ()
    eligible: bool = True
    exclude_reason: str = ""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person who can be drawn. `recusals` and `previous` are ids of objects."""

    inspector_id: str
    section: str = ""
    labels: tuple[str, ...] = ()
    cert_no_digest: str = ""
    #: The last day the certificate is valid, or empty where none is asked for.
    cert_valid_to: str = ""
    eligible: bool = True
    exclude_reason: str = ""
    #: Objects this person must not visit 回避.
    recusals: tuple[str, ...] = ()
    #: Jobs so far, before this draw.
    load: int = 0
    #: Objects this person visited last time; not visited again by the same person where rotation is on.
    previous: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows there are, and how many of them can be drawn."""

    listed: int
    eligible: int


def render_objects(rows: Iterable[ObjectRow]) -> bytes:
    """Return the canonical roster of `rows`. Raises `DrawRefused` for a value it cannot hold."""
    table = (
        (
            row.object_id,
            row.name,
            row.credit_class,
            row.class_date,
            row.district,
            ";".join(sorted(row.items)),
            "1" if row.eligible else "0",
            row.exclude_reason,
        )
        for row in rows
    )
    data = render_table(OBJECT_COLUMNS, table)
    parse_objects(data)
    return data


def render_people(rows: Iterable[PersonRow]) -> bytes:
    """Return the canonical roster of people. Raises `DrawRefused` for a value it cannot hold."""
    table = (
        (
            row.inspector_id,
            row.section,
            ";".join(sorted(row.labels)),
            row.cert_no_digest,
            row.cert_valid_to,
            "1" if row.eligible else "0",
            row.exclude_reason,
            ";".join(sorted(row.recusals)),
            str(row.load),
            ";".join(sorted(row.previous)),
        )
        for row in rows
    )
    data = render_table(PERSON_COLUMNS, table)
    parse_people(data)
    return data


def parse_objects(data: bytes) -> tuple[ObjectRow, ...]:
    """Return the rows of a canonical roster of objects. Raises `DrawRefused` with everything that is not canonical."""
    rows, problems = parse_table(OBJECT_COLUMNS, data)
    for line, row in enumerate(rows, 2):
        problems += _common_problems(line, row[0], row[6], row[7])
        problems += [*_date_problem(line, "class_date", row[3]), *_list_problems(line, "items", row[5])]
    refuse_if(problems)
    return tuple(
        ObjectRow(row[0], row[1], row[2], row[3], row[4], _split(row[5]), row[6] == "1", row[7])
        for row in rows
    )


def parse_people(data: bytes) -> tuple[PersonRow, ...]:
    """Return the rows of a canonical roster of people. Raises `DrawRefused` with everything that is not canonical."""
    rows, problems = parse_table(PERSON_COLUMNS, data)
    for line, row in enumerate(rows, 2):
        problems += _common_problems(line, row[0], row[5], row[6])
        problems += _date_problem(line, "cert_valid_to", row[4])
        for column, value in (("labels", row[2]), ("recusals", row[7]), ("previous", row[9])):
            problems += _list_problems(line, column, value)
        if not _NUMBER.fullmatch(row[8]):
            problems.append(at_line(line, say("load 应为已承担件数（整数），实为“{seen}”", seen=row[8])))
    refuse_if(problems)
    return tuple(
        PersonRow(
            inspector_id=row[0],
            section=row[1],
            labels=_split(row[2]),
            cert_no_digest=row[3],
            cert_valid_to=row[4],
            eligible=row[5] == "1",
            exclude_reason=row[6],
            recusals=_split(row[7]),
            load=int(row[8]),
            previous=_split(row[9]),
        )
        for row in rows
    )


def counts(rows: Iterable[ObjectRow], column: Callable[[ObjectRow], str]) -> dict[str, Count]:
    """Return how many rows each value of `column` has, values ordered by their bytes."""
    listed: dict[str, int] = defaultdict(int)
    eligible: dict[str, int] = defaultdict(int)
    for row in rows:
        value = column(row)
        listed[value] += 1
        eligible[value] += row.eligible
    return {value: Count(listed[value], eligible[value]) for value in sorted(listed)}


def exclusions(rows: Iterable[ObjectRow | PersonRow]) -> dict[str, int]:
    """Return reason -> how many rows it excludes."""
    found: dict[str, int] = defaultdict(int)
    for row in rows:
        if not row.eligible:
            found[row.exclude_reason] += 1
    return dict(sorted(found.items()))


def near_duplicates(rows: Iterable[ObjectRow]) -> tuple[tuple[str, ...], ...]:
    """Return groups of ids that look like one object entered twice.

    Ids, or names without spaces, are compared after compatibility folding (NFKC) and without case, so that full-width
    and half-width writings meet. A group is a question for whoever maintains the register, not an error.
    """
    groups: Mapping[str, dict[str, None]] = defaultdict(dict)
    for row in rows:
        groups["id " + _folded(row.object_id)][row.object_id] = None
        if name := _folded(row.name):
            groups["name " + name][row.object_id] = None
    return tuple(sorted({tuple(sorted(ids)) for ids in groups.values() if len(ids) > 1}))


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _split(value: str) -> tuple[str, ...]:
    return tuple(value.split(";")) if value else ()


def _common_problems(line: int, row_id: str, eligible: str, reason: str) -> Iterator[RefusalReason]:
    if not ID.fullmatch(row_id):
        yield at_line(
            line,
            say("编号“{id}”不合规定", id=row_id),
            say("编号为 1 至 64 个字母、数字、下划线或连字符，如统一社会信用代码"),
        )
    if eligible not in ("0", "1"):
        yield at_line(line, say("eligible 应为 1（参加抽取）或 0（不参加），实为“{seen}”", seen=eligible))
    elif eligible == "0" and not reason:
        yield at_line(line, say("不参加抽取的对象没有写明原因"), say("请填写 exclude_reason"))
    elif eligible == "1" and reason:
        yield at_line(
            line,
            say("参加抽取的对象却写了排除原因 {reason}", reason=reason),
            say("请核对 eligible 与 exclude_reason"),
        )


def _date_problem(line: int, column: str, value: str) -> Iterator[RefusalReason]:
    if not value:
        return
    try:
        right = _DATE.fullmatch(value) is not None and date.fromisoformat(value) is not None
    except ValueError:
        right = False
    if not right:
        yield at_line(
            line, say("{column} 应为日期（如 2024-09-14），实为“{seen}”", column=column, seen=value)
        )


def _list_problems(line: int, column: str, value: str) -> Sequence[RefusalReason]:
    parts = _split(value)
    if list(parts) == sorted(set(parts)) and "" not in parts:
        return ()
    return (
        at_line(
            line,
            say("{column} 各项须不重复、不为空、按字节次序排列，实为“{seen}”", column=column, seen=value),
        ),
    )
