"""What in a register runs out: licences, certificates, appointments, items; by the columns marked ``expires``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from engine.register.columns import Profile
from engine.register.sheet.checked_entries import CheckedEntry


@dataclass(frozen=True, slots=True)
class Expiry:
    """One date that has passed or soon will. `valid_to` is the last day on which it still holds."""

    id: str
    name: str
    section: str | None
    #: The title of the column with the date.
    title: str
    valid_to: date
    #: Days from the day asked about to `valid_to`; negative where it has passed.
    days_left: int


def expiring(
    profile: Profile, entries: Iterable[CheckedEntry], today: date, within_days: int = 0
) -> tuple[Expiry, ...]:
    """Return what has run out by `today` or ends within so many calendar days of it, earliest first.

    Only entries in force are looked at: those whose status is the one a new entry has. What has no date is not
    listed: whether it is unlimited or unknown, the register does not say.
    """
    status = profile.columns.get("status")
    in_force = status.default if status is not None else None
    found = []
    for entry in entries:
        if in_force is not None and entry.data.get("status", in_force) != in_force:
            continue
        for title, text in _dates(profile, entry):
            valid_to = date.fromisoformat(text)
            left = (valid_to - today).days
            if left <= within_days:
                found.append(Expiry(entry.id, entry.name, entry.section, title, valid_to, left))
    return tuple(sorted(found, key=lambda one: (one.valid_to, one.id, one.title)))


def _dates(profile: Profile, entry: CheckedEntry) -> Iterable[tuple[str, str]]:
    for column in profile.columns.values():
        if not column.expires:
            continue
        if value := entry.data.get(column.id):
            yield column.title, str(value)
        for made in profile.lists.values():
            for part, name in made.parts.items():
                if name != column.id:
                    continue
                for row in entry.data.get(made.into, ()):
                    of_this_list = all(row.get(key) == fixed for key, fixed in made.fixed.items())
                    if of_this_list and (value := row.get(part)):
                        yield column.title, str(value)
