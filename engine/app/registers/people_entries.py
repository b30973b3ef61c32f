"""Entries of the register of people: read from words, and whether somebody could still change the register."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from engine.app.access.check import allowed_roles
from engine.app.access.table import access_row
from engine.app.people.directory import actor_of
from engine.app.people.persons import PEOPLE
from engine.app.ports.records import RegisterEntry
from engine.kernel.refusal import NextAction, RefusalReason
from engine.language import say
from engine.register.problem import Unusual

if TYPE_CHECKING:
    from engine.lifecycle.model.bureau import Bureau

#: The row of the access table that says who may change the register of people.
CHANGE_PEOPLE = f"register.change/{PEOPLE}"
#: What separates several values in one cell.
SEPARATOR = "；"


def codes_of(bureau: Bureau | None) -> Mapping[str, Mapping[str, str]] | None:
    """Return the code lists register files may use (``sections``, ``roles``: code -> title)."""
    if bureau is None:
        return None
    return {
        "sections": bureau.sections,
        "roles": {role.id: role.title for role in bureau.roles.values()},
    }


def locks_everybody_out(entries: Iterable[RegisterEntry], bureau: Bureau | None) -> RefusalReason | None:
    """Return a reason when, with these entries as the register of people, nobody could change it any more."""
    if bureau is None:
        return None
    allowed = allowed_roles(access_row(CHANGE_PEOPLE), bureau)
    if any(not actor_of(entry.id, [entry]).roles.isdisjoint(allowed) for entry in entries):
        return None
    roles = [say("{code}（{title}）", code=role, title=bureau.roles[role].title) for role in allowed]
    message = say(
        "这样一来，没有一个在岗人员能再改动工作人员名录；请至少给一人以下角色之一：{roles}", roles=roles
    )
    return RefusalReason("nobody-left", message)


@dataclass(frozen=True, slots=True)
class PersonReading:
    """What the words of a person were found to say."""

    #: The entry they make, with its unusual values as they are; None where something cannot stand.
    entry: RegisterEntry | None
    problems: tuple[RefusalReason, ...]
    #: Each value a rule finds unusual, and the reason to refuse it while nobody has confirmed it.
    unusual: Mapping[Unusual, RefusalReason]

    def settled(self, taken: Collection[Unusual] = ()) -> RegisterEntry | tuple[RefusalReason, ...]:
        """Return the entry where the unusual values are `taken` as they are, or all that is wrong."""
        open_ones = tuple(reason for one, reason in self.unusual.items() if one not in taken)
        if self.entry is None or open_ones:
            return (*open_ones, *self.problems)
        return self.entry


def column_titles() -> Mapping[str, str]:
    """Return the titles of the columns of the register of people, by their ids."""
    from engine.register.profile import built_in

    return {name: column.title for name, column in built_in(PEOPLE).columns.items()}


def read_person(
    words: Mapping[str, str | None], roles: Iterable[str], bureau: Bureau | None
) -> PersonReading:
    """Return what `words` (column -> text) say, each read as in a file of the register."""
    from engine.register.profile import built_in
    from engine.register.values import Context, reader_for

    profile = built_in(PEOPLE)
    values: dict[str, Any] = {"status": "active", "roles": []}
    problems = []
    unusual: dict[Unusual, RefusalReason] = {}
    wrong_columns = set()
    for name, text in {**words, "roles": SEPARATOR.join(roles)}.items():
        if not text or not text.strip():
            continue
        column = profile.columns[name]
        value, wrong = reader_for(column, Context(profile.words, codes_of(bureau) or {}, column.title))(
            text.strip()
        )
        if wrong is None or wrong.rule is not None:
            values[name] = value
        if wrong is None:
            continue
        expected, hint = wrong.expected, wrong.hint
        message = say("{title}填的是“{seen}”：{expected}", title=column.title, seen=text, expected=expected)
        shown = say("（提示：{hint}）", hint=hint) if hint is not None else None
        reason = RefusalReason("value", message, hint=shown, field=name)
        if wrong.rule is None:
            problems.append(reason)
            wrong_columns.add(name)
            continue
        one = Unusual(wrong.rule, (words.get("id") or "").strip(), name, text.strip())
        value_words = {"value": f"{one.id}/{column.title}={one.seen}"}
        unusual[one] = replace(reason, next=NextAction("confirm_value", value_words))
    for name, message in (("name", say("姓名必须填写")), ("id", say("编号必须填写"))):
        if not values.get(name) and name not in wrong_columns:
            problems.append(RefusalReason("value", message, field=name))
    if problems:
        return PersonReading(None, tuple(problems), unusual)
    entry = RegisterEntry(PEOPLE, values.pop("id"), values.pop("name"), values.pop("section", None), values)
    return PersonReading(entry, (), unusual)
