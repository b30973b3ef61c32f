"""The two rosters of a draw: objects, and people of every pool. Each has an auditor's form and a public form.

The auditor's form holds every column and the salt of the row. The public form holds the open columns, the seal and, of an object,
the digest of whether it takes part: who does not is shown only where the draw passes it over. Both are tables of
`engine.draw.tsv`, rows in the order of their lots, so that the order of a row shows nothing of it. Rosters made before
2026-12 have an open column ``eligible`` instead.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any

from engine.draw.refused import refuse_if
from engine.draw.tsv import at_line, parse_table, render_table
from engine.draw.v2.sealing import RowKeys, opening_of, part_of, root_of, seal_of
from engine.draw.v2.shapes import DIGEST, ID, LOT, day, wrong
from engine.kernel.refusal import RefusalReason
from engine.kernel.sm3 import sm3_hex
from engine.language import say
from engine.value import named_value, value

OBJECT_OPEN = ("lot", "stratum")
#: As rosters before 2026-12 have them.
OBJECT_OPEN_BEFORE = ("lot", "stratum", "eligible")
OBJECT_SEALED = (
    "object_id",
    "name",
    "credit_class",
    "class_date",
    "district",
    "section",
    "items",
    "exclude_reason",
)
PERSON_OPEN = ("lot",)
PERSON_SEALED = (
    "person_id", "pools", "section", "labels", "districts", "certificate", "cert_valid_to", "eligible",
    "exclude_reason", "recusals", "load", "previous",
)  # fmt: skip
#: Columns that hold several values: sorted by bytes, joined by ``;``.
LISTS = ("items", "pools", "labels", "districts", "recusals", "previous")
#: The stratum of a draw without strata.
WHOLE = "全部"

_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)


@named_value
class RosterObject:
    """One object of the roster. `lot` and `salt` are empty until the roster is rendered.

    The stratum of one that is out of the scope of the draw is empty. Whoever is in scope counts in its stratum, whether it takes
    part (`eligible`) or not: so the numbers of strata do not tell of which stratum one is that no longer does.
    """

    object_id: str
    stratum: str = WHOLE
    eligible: bool = True
    name: str = ""
    credit_class: str = ""
    class_date: str = ""
    district: str = ""
    section: str = ""
    items: tuple[str, ...] = ()
    exclude_reason: str = ""
    lot: str = ""
    salt: str = ""


@named_value
class RosterPerson:
    """One person who can be drawn, in one pool or several. `recusals` and `previous` are ids of objects."""

    person_id: str
    pools: tuple[str, ...] = ("people",)
    section: str = ""
    labels: tuple[str, ...] = ()
    #: Where an expert may go; none means everywhere.
    districts: tuple[str, ...] = ()
    certificate: str = ""
    cert_valid_to: str = ""
    eligible: bool = True
    exclude_reason: str = ""
    recusals: tuple[str, ...] = ()
    load: int = 0
    previous: tuple[str, ...] = ()
    lot: str = ""
    salt: str = ""


@value
class PublicRow:
    """A row as the public sees it; people have only a lot and a seal, and only rosters before 2026-12 say who is `eligible`."""

    lot: str
    seal: str
    stratum: str = ""
    eligible: bool = True
    part: str = ""


def render_objects(rows: Iterable[RosterObject], key: bytes) -> bytes:
    """Return the auditor's roster of `rows` under the key of the draw. Raises `DrawRefused` for a value it cannot hold."""
    columns = (*OBJECT_OPEN, *OBJECT_SEALED, "salt")
    given = attrgetter(*columns[1:-1])
    rows = list(rows)
    if unclear := [row.object_id for row in rows if row.eligible == bool(row.exclude_reason)]:
        raise wrong(
            "roster", say("这些对象不参加抽取却没有原因，或参加却有原因：{objects}", objects=unclear[:20])
        )
    keys = RowKeys(key, "object")
    found = ((keys.lot(row.object_id), *_values(given(row)), keys.salt(row.object_id)) for row in rows)
    data = render_table(columns, found)
    parse_objects(data)
    return data


def render_people(rows: Iterable[RosterPerson], key: bytes) -> bytes:
    """Return the auditor's roster of people. Raises `DrawRefused` for a value it cannot hold."""
    columns = (*PERSON_OPEN, *PERSON_SEALED, "salt")
    given = attrgetter(*columns[1:-1])
    keys = RowKeys(key, "person")
    found = ((keys.lot(row.person_id), *_values(given(row)), keys.salt(row.person_id)) for row in rows)
    data = render_table(columns, found)
    parse_people(data)
    return data


def parse_objects(data: bytes) -> tuple[RosterObject, ...]:
    """Return the rows of an auditor's roster. Raises `DrawRefused` naming line and column of everything wrong."""
    return _objects_of(data) if len(data) > _MAX_REMEMBERED else _remembered_objects(data)


def some_objects(data: bytes, column: str, wanted: Iterable[str]) -> tuple[RosterObject, ...]:
    """Return the rows of an auditor's roster that have one of the `wanted` values in `column`, which is ``lot`` or ``object_id``.

    The other rows are passed over unread: what a roster of many rows costs does not depend on them. Raises `DrawRefused` naming
    everything wrong in the rows that are read.
    """
    head, _, rest = data.partition(b"\n")
    place = _object_columns(data).index(column)
    lines = {line for one in wanted for line in _lines_with(rest, place, one.encode())}
    return parse_objects(b"".join(line + b"\n" for line in (head, *sorted(lines))))


def _lines_with(data: bytes, place: int, cell: bytes) -> Iterator[bytes]:
    """Yield the lines of a table that have a cell at a place."""
    at = data.find(cell)
    while at >= 0:
        begin, end = data.rfind(b"\n", 0, at) + 1, data.find(b"\n", at)
        line = data[begin : end if end >= 0 else len(data)]
        if line.split(b"\t", place + 1)[place : place + 1] == [cell]:
            yield line
        at = data.find(cell, begin + len(line) + 1)


def _objects_of(data: bytes) -> tuple[RosterObject, ...]:
    found = []
    for values in _read(data, _object_columns(data), "object_id"):
        cells: dict[str, Any] = values
        cells["items"] = _split(values["items"])
        cells["eligible"] = not values["exclude_reason"]
        found.append(RosterObject(**cells))
    return tuple(found)


def is_public_form(data: bytes) -> bool:
    """Tell whether a roster is in its public form, which says nothing of anybody: each row ends with a seal, not with its salt."""
    return data.split(b"\n", 1)[0].endswith(b"\tseal")


def parse_people(data: bytes) -> tuple[RosterPerson, ...]:
    """Return the rows of an auditor's roster of people. Raises `DrawRefused` naming everything wrong."""
    if is_public_form(data):
        raise wrong(
            "forgotten",
            say("本次抽取的人员名册过了留存期限，已销毁"),
            say("公开部分照样核验：取公开核验包"),
        )
    return _people_of(data) if len(data) > _MAX_REMEMBERED else _remembered_people(data)


def _people_of(data: bytes) -> tuple[RosterPerson, ...]:
    found = []
    for values in _read(data, (*PERSON_OPEN, *PERSON_SEALED, "salt"), "person_id"):
        lists = {name: _split(values[name]) for name in LISTS if name in values}
        cells: dict[str, Any] = {
            **values,
            **lists,
            "eligible": values["eligible"] == "1",
            "load": int(values["load"]),
        }
        found.append(RosterPerson(**cells))
    return tuple(found)


# Each act of a draw reads the rosters, which are the same bytes every time.
_remembered_objects, _remembered_people = lru_cache(maxsize=2)(_objects_of), lru_cache(maxsize=2)(_people_of)


def is_before(data: bytes) -> bool:
    """Whether a roster of objects, in either form, is one that says openly who takes part, as those before 2026-12 do."""
    return data.startswith("\t".join((*OBJECT_OPEN_BEFORE, "")).encode())


def _object_columns(data: bytes) -> tuple[str, ...]:
    return (*(OBJECT_OPEN_BEFORE if is_before(data) else OBJECT_OPEN), *OBJECT_SEALED, "salt")


def public_form(data: bytes) -> bytes:
    """Return the public form of an auditor's roster: its open columns, the seal of the rest, and who takes part as a digest; of the public form, itself."""
    if is_public_form(data):
        return data
    return (_public_form if len(data) > _MAX_REMEMBERED else _remembered_form)(data)


def _public_form(data: bytes) -> bytes:
    head, *lines = data.decode().removesuffix("\n").split("\n")
    columns = head.split("\t")
    count = columns.index("object_id" if "object_id" in columns else "person_id")
    hidden = ["part"] if tuple(columns[:count]) == OBJECT_OPEN else []
    rows = []
    for line in lines:
        cells = line.split("\t")
        salt = cells[-1]
        # The reason is the last of the sealed columns.
        part = [part_of(opening_of(salt), takes_part=not cells[-2])] if hidden else []
        rows.append("\t".join((*cells[:count], *part, seal_of(salt, cells[count:-1]))))
    return "".join(f"{row}\n" for row in ("\t".join((*columns[:count], *hidden, "seal")), *rows)).encode()


def parse_public_objects(data: bytes) -> tuple[PublicRow, ...]:
    """Return the rows of the public form of objects. Raises `DrawRefused` for another form."""
    before = is_before(data)
    rows, problems = parse_table(
        (*OBJECT_OPEN_BEFORE, "seal") if before else (*OBJECT_OPEN, "part", "seal"), data
    )
    refuse_if(problems)
    refuse_if(
        at_line(place, say("lot、part（eligible）或 seal 不合规定"))
        for place, (lot, _, part, seal) in enumerate(rows, 2)
        if not (LOT.fullmatch(lot) and DIGEST.fullmatch(seal))
        or not (part in ("0", "1") if before else DIGEST.fullmatch(part))
    )
    if before:
        return tuple(PublicRow(lot, seal, stratum, eligible == "1") for lot, stratum, eligible, seal in rows)
    return tuple(PublicRow(lot, seal, stratum, part=part) for lot, stratum, part, seal in rows)


def digest_of_table(public: bytes) -> dict[str, object]:
    """Return what a commitment says of a roster: rows, root of the tree over the public lines, SM3 of the public file."""
    digest = _digest if len(public) > _MAX_REMEMBERED else _remembered_digest
    return dict(zip(("rows", "root", "sm3"), digest(public), strict=True))


def _digest(public: bytes) -> tuple[int, str, str]:
    lines = public.decode().removesuffix("\n").split("\n")[1:]
    return len(lines), root_of(lines), sm3_hex(public)


_remembered_form, _remembered_digest = lru_cache(maxsize=4)(_public_form), lru_cache(maxsize=4)(_digest)


def count_strata(
    rows: Iterable[RosterObject | PublicRow], *, before: bool = False
) -> dict[str, dict[str, int]]:
    """Return stratum -> {listed}; of a roster before 2026-12 (`before`) {listed, eligible}."""
    listed: Counter[str] = Counter()
    eligible: Counter[str] = Counter()
    for row in rows:
        if row.stratum:
            listed[row.stratum] += 1
            eligible[row.stratum] += row.eligible
    if before:
        return {name: {"listed": listed[name], "eligible": eligible[name]} for name in sorted(listed)}
    return {name: {"listed": listed[name]} for name in sorted(listed)}


#: A roster of more bytes is read anew for every act, and not held in memory.
_MAX_REMEMBERED = 4_000_000


def stratum_of(row: RosterObject, columns: Sequence[str]) -> str:
    """Return the stratum an object must have when strata are made of `columns`."""
    return "/".join(getattr(row, column) for column in columns) if columns else WHOLE


def _values(given: Iterable[Any]) -> list[str]:
    return [value if value.__class__ is str else _text(value) for value in given]


def _text(value: Any) -> str:
    if isinstance(value, tuple):
        return ";".join(sorted(value))
    return str(int(value)) if isinstance(value, bool | int) else str(value)


def _split(value: str) -> tuple[str, ...]:
    return tuple(value.split(";")) if value else ()


def _read(data: bytes, columns: Sequence[str], key: str) -> list[dict[str, str]]:
    rows, problems = parse_table(columns, data)
    refuse_if(problems)
    found = [dict(zip(columns, row, strict=True)) for row in rows]
    wrong: list[RefusalReason] = []
    ruled = [column for column in columns if column in _RULED]
    # Column by column, each value once: rosters have many rows and few different cells. Only where something is wrong is it
    # looked for row by row.
    cells = dict(zip(columns, zip(*rows, strict=True), strict=True)) if rows else {}
    if not all(_are_right(column, cells) for column in (ruled if rows else ())):
        for line, values in enumerate(found, 2):
            wrong += [
                at_line(line, say("{column} 的值“{seen}”不合规定", column=column, seen=values[column]))
                for column in ruled
                if not _right(column, values[column], values)
            ]
    ids = Counter(values[key] for values in found)
    wrong += [at_line(1, say("编号 {id} 重复", id=name)) for name, times in ids.items() if times > 1]
    refuse_if(wrong[:50])
    return found


_PATTERNS = {"lot": LOT, "salt": LOT, "object_id": ID, "person_id": ID, "load": _NUMBER}
#: The columns that may not hold every text.
_RULED = frozenset(
    {*LISTS, *_PATTERNS, "class_date", "cert_valid_to", "exclude_reason", "eligible", "stratum"}
)


def _are_right(column: str, cells: Mapping[str, Sequence[str]]) -> bool:
    """Tell whether every value of a column may stand there."""
    if column == "exclude_reason":
        beside = "eligible" if "eligible" in cells else "stratum"
        pairs = set(zip(cells[column], cells[beside], strict=True))
        return all(_right(column, reason, {beside: other}) for reason, other in pairs)
    if column == "stratum" and "eligible" not in cells:
        return True
    if column in _PATTERNS:
        matches = _PATTERNS[column].fullmatch
        return None not in map(matches, cells[column])
    return all(_right(column, one, {}) for one in set(cells[column]))


def _right(column: str, value: str, values: dict[str, str]) -> bool:
    if column in LISTS:
        parts = list(_split(value))
        return parts == sorted(set(parts)) and "" not in parts
    if column in ("class_date", "cert_valid_to"):
        return not value or day(value)
    if column == "exclude_reason":
        return (
            bool(value) == (values["eligible"] == "0")
            if "eligible" in values
            else bool(value or values["stratum"])
        )
    if column == "stratum" and values and "eligible" not in values:
        return True
    if column in _PATTERNS:
        return _PATTERNS[column].fullmatch(value) is not None
    return value in ("0", "1") if column == "eligible" else column != "stratum" or bool(value)
