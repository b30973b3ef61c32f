"""Writing a register as CSV with the headers offices use: an export, or a template to fill in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from engine.kernel.formula_guard import guarded
from engine.register.columns import CellType, Profile, RegisterColumn
from engine.register.profile import built_in
from engine.register.sheet.checked_entries import CheckedEntry

_SEVERAL = (CellType.LIST, CellType.IDS, CellType.CHOICES, CellType.CODES)


def write_csv(
    kind: str,
    entries: Iterable[CheckedEntry],
    path: Path,
    *,
    profile: Profile | None = None,
    codes: Mapping[str, Mapping[str, str]] | None = None,
) -> int:
    """Write entries as CSV (UTF-8 with mark, so that Excel opens it right); return how many rows.

    What `read_register` makes of the file is the same entries, except that of several rows of one list (two ratings
    by one scheme) only the last is written. With no entries the file is a template.
    """
    chosen = profile or built_in(kind)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([column.title for column in chosen.columns.values()])
    count = 0
    for entry in entries:
        count += 1
        row = _flat(entry, chosen)
        writer.writerow(
            [_guarded(column, row.get(column.id), codes or {}) for column in chosen.columns.values()]
        )
    path.write_text(out.getvalue(), encoding="utf-8-sig", newline="")
    return count


def _flat(entry: CheckedEntry, profile: Profile) -> dict[str, Any]:
    row = {**entry.data, "id": entry.id, "name": entry.name, "section": entry.section}
    for made in profile.lists.values():
        for item in entry.data.get(made.into, ()):
            if all(item.get(key) == value for key, value in made.fixed.items()):
                row.update({column: item.get(part) for part, column in made.parts.items()})
    return row


def _guarded(column: RegisterColumn, value: Any, codes: Mapping[str, Mapping[str, str]]) -> str:
    return (
        str(value)
        if column.type is CellType.INTEGER and value is not None
        else guarded(_cell(column, value, codes))
    )


def _cell(column: RegisterColumn, value: Any, codes: Mapping[str, Mapping[str, str]]) -> str:
    if value is None:
        return ""
    if column.type in _SEVERAL:
        return "；".join(_word(column, str(item), codes) for item in value)
    if column.type is CellType.BOOLEAN:
        return "是" if value else "否"
    return _word(column, str(value), codes)


def _word(column: RegisterColumn, value: str, codes: Mapping[str, Mapping[str, str]]) -> str:
    if value in column.choices:
        return column.choices[value][0]
    return codes.get(column.codes or "", {}).get(value, value)
