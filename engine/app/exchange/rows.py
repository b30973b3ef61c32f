"""The rows of a format: cases of a year, entries of a register or measures, each value as the format says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import cached_property
from typing import TYPE_CHECKING, Any

from engine.app.definitions.derived_settings import field_names
from engine.app.ports.papers import PaperState
from engine.app.ports.records import CaseFilter, RegisterEntry
from engine.app.registers.private_columns import PrivateColumns
from engine.app.reports.item_results import found_of_items
from engine.app.reports.reports import instant_in, standings
from engine.app.session.case_values import case_scope, holds, value_in
from engine.app.session.measures import year_of
from engine.exchange.formats import ExchangeFormat, FormatColumn, RowsOf
from engine.exchange.rows import WorkbookRows, rows_of_values
from engine.lifecycle.expressions.expression import Call, ExpressionNode, Name
from engine.lifecycle.forms.personal import holds_text
from engine.lifecycle.forms.row_parts import FAIL
from engine.lifecycle.migration.former_names import CASE, NO_NAMES, FieldNames, named, under_all_names
from engine.register.profile import built_in

if TYPE_CHECKING:
    from engine.app.access.visible_cases import VisibleCases
    from engine.app.definitions.cache import DefinitionCache
    from engine.app.ports.store import Transaction
    from engine.lifecycle.case import Case
    from engine.lifecycle.model.bureau import Bureau
    from engine.lifecycle.model.form import Field
    from engine.lifecycle.process import Process

#: The register cases are about.
OBJECTS = "objects"
#: Cases read at a time.
_PAGE = 500
#: Whether some item of a case has problems, so that what was found tells its items from each other.
_APART = "_apart"


@dataclass(frozen=True, slots=True)
class RowsWanted:
    """Which rows of a format are wanted: of the cases opened in a year, of one section, below one case."""

    year: int | None = None
    section: str | None = None
    parent: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {"year": self.year, "section": self.section, "parent": self.parent}


@dataclass(frozen=True, slots=True)
class FormatRows:
    """The rows of a format, and how many cases or entries were looked at for them."""

    rows: WorkbookRows
    looked_at: int


@dataclass
class RowMaker:
    """Makes rows of what one person sees, in one transaction."""

    transaction: Transaction
    definitions: DefinitionCache
    bureau: Bureau | None
    now: datetime
    #: What the person sees; None: everything.
    visible: VisibleCases | None
    private: PrivateColumns
    #: Case -> what its children see of it.
    _parents: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    #: The entries of the register that cases of the present page are about, as they are now.
    _entries: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    _looked_at: int = 0
    #: What is shown of people: columns of the format, and of how many rows.
    shown: set[str] = field(default_factory=set)
    shown_rows: int = 0

    @property
    def zone(self) -> tzinfo:
        """Return the zone of the bureau."""
        return self.definitions.time.zone

    def rows(self, used: ExchangeFormat, wanted: RowsWanted) -> FormatRows:
        """Return the rows of a format."""
        self._looked_at = 0
        made = {
            RowsOf.CASES: self._of_cases,
            RowsOf.REGISTER: self._of_entries,
            RowsOf.MEASURES: self._of_measures,
        }
        found = rows_of_values(used, made[used.rows.kind](used, wanted))
        return FormatRows(found, self._looked_at)

    def _of_cases(self, used: ExchangeFormat, wanted: RowsWanted) -> Iterator[tuple[str, Mapping[str, Any]]]:
        start = end = None
        if wanted.year is not None:
            start, end = year_of(instant_in(wanted.year, self.now, self.zone), self.zone)
        names, own = _roots(used), self._reads_private(used)
        by = [
            CaseFilter(
                workflow=workflow,
                parent=wanted.parent,
                section=wanted.section,
                opened_from=start,
                opened_before=end,
            )
            for workflow in (used.rows.of, *used.rows.more)
        ]
        for case in (one for each in by for one in self._cases(each, entries="entry" in names)):
            self._looked_at += 1
            if used.rows.forms and not any(form in case.forms for form in used.rows.forms):
                continue
            process = self.definitions.get(self.transaction, case.workflow, case.version)
            scope = self._scope(process, case, names)
            if used.rows.where is not None and not holds(used.rows.where, scope):
                continue
            for inside in self._each(used, scope, process, case):
                made = {c.id: self._value(process, c, inside) for c in used.columns.values()}
                self._note(own | {name for name, value in made.items() if holds_text(value)}, made)
                yield case.id, made

    def _cases(self, by: CaseFilter, *, entries: bool) -> Iterator[Case]:
        after: str | None = None
        while page := self.transaction.cases.find(by, limit=_PAGE, after=after):
            if entries:
                wanted = sorted({str(case.subject["id"]) for case in page if case.subject.get("id")})
                found = self.transaction.registers.some(OBJECTS, wanted).values()
                self._entries = {one.id: _flat(self.private.without(one)) for one in found}
            yield from (case for case in page if self.visible is None or self.visible.lists(case))
            after = page[-1].id

    def _scope(self, process: Process, case: Case, names: set[str]) -> dict[str, Any]:
        scope = case_scope(process, case, self.now, self._names_of(case.workflow))
        scope["bureau"] = self._bureau
        if "entry" in names:
            scope["entry"] = self._entries.get(str(case.subject.get("id")), {})
        if "inspectors" in names:
            people = [one for party in case.parties.values() for one in party]
            scope["inspectors"] = [self._people[one] for one in dict.fromkeys(people) if one in self._people]
        if "parent" in names:
            scope["parent"] = self._parent(case.parent)
        if "papers" in names:
            in_force = [
                one for one in self.transaction.papers.of_case(case.id) if one.state is not PaperState.VOID
            ]
            scope["papers"] = {one.kind: one.number for one in in_force}
        if "publication" in names:
            current = [
                one
                for one in self.transaction.records.publications(case_id=case.id)
                if one.withdrawn_at is None
            ]
            if current:
                on = current[-1].published_at.astimezone(self.zone).date().isoformat()
                # What is public now: a corrected result is there, and not in the forms of the visit.
                facts = self._published(case.workflow, current[-1].body.get("facts", ()))
                scope["publication"] = {**facts, "published_on": on, "title": current[-1].title}
        return scope

    def _each(
        self, used: ExchangeFormat, scope: Mapping[str, Any], process: Process, case: Case
    ) -> Iterator[Mapping[str, Any]]:
        if used.rows.each is None:
            yield scope
            return
        found: Mapping[str, Mapping[str, Any]] = {}
        if _asks_what_was_found(used):
            found = found_of_items(self.transaction, process, case)
            scope = {**scope, _APART: any(one["answer"] == FAIL for one in found.values())}
        for position, one in enumerate(value_in(used.rows.each, scope) or (), 1):
            item = (
                {"id": one.get("code"), **one}
                if isinstance(one, Mapping)
                else self._items.get(str(one), {"id": one, "name": one})
            )
            yield {**scope, "item": {**item, **found.get(str(item["id"]), {}), "position": position}}

    def _value(self, process: Process, column: FormatColumn, scope: Mapping[str, Any]) -> Any:
        if column.value is None:
            return None
        own = column.by_answer.get(str(scope["item"].get("answer"))) if scope.get(_APART) else None
        if own is not None:
            # A problem of one item is none of the others.
            value: Any = own or None
        else:
            value = value_in(column.value, scope)
        if column.codes or value is None:
            return value
        return _in_words(value, self._choices(process, column.value.node, scope))

    def _choices(self, process: Process, node: ExpressionNode, scope: Mapping[str, Any]) -> Mapping[str, str]:
        """Return the words for the codes a plain path gives, or the first of several; none for other values."""
        if isinstance(node, Call) and node.name == "first_filled":
            several = (self._choices(process, one, scope) for one in node.arguments)
            return next(filter(None, several), {})
        path = node.path if isinstance(node, Name) else ()
        if len(path) == 2 and path[0] in ("subject", "entry"):
            return _register_words(OBJECTS, path[1])
        if len(path) == 2 and path[0] == "parent":
            words: Mapping[str, str] = scope.get("parent", {}).get("_words", {}).get(path[1], {})
            return words
        asked, names = None, self._names_of(process.workflow.id)
        if len(path) == 2 and path[0] == "case":
            asked = named(process.workflow.fields.values(), path[1], names.get(CASE, {}))
        elif len(path) == 3 and path[0] == "forms" and path[1] in process.workflow.forms:
            asked = named(process.form(path[1]).fields, path[2], names.get(path[1], {}))
        return asked.choices if asked is not None and asked.choices else {}

    def _parent(self, name: str | None) -> Mapping[str, Any]:
        if name is None:
            return {}
        if name not in self._parents:
            case = self.transaction.cases.get(name)
            if case is None:
                return {}
            process = self.definitions.get(self.transaction, case.workflow, case.version)
            places: list[tuple[str, Iterable[Field], Mapping[str, Any]]] = [
                (CASE, process.workflow.fields.values(), case.fields)
            ]
            for form, given in case.forms.items():
                known = process.form(form).fields if form in process.workflow.forms else ()
                places.append((form, known, given))
            names, answers, words = self._names_of(case.workflow), dict[str, Any](), dict[str, Any]()
            for place, fields, given in places:
                # A renamed one under all of its names: what is exported is said without the file of the case.
                own = {one.written: given[one.name] for one in fields if one.name in given}
                answers |= under_all_names(place, {**given, **own}, names)
                codes = {name: one.choices for one in fields for name in (one.name, one.written)}
                words |= under_all_names(place, codes, names)
            self._parents[name] = {
                **answers, "id": case.id, "title": case.title, "parent": case.parent, "_words": words
            }  # fmt: skip
        return self._parents[name]

    def _of_entries(
        self, used: ExchangeFormat, wanted: RowsWanted
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        profile, own = built_in(used.rows.of), self._reads_private(used)
        for entry in self.transaction.registers.all(used.rows.of):
            if wanted.section not in (None, entry.section):
                continue
            self._looked_at += 1
            scope = {"entry": _flat(self.private.without(entry)), "bureau": self._bureau}
            if used.rows.where is not None and not holds(used.rows.where, scope):
                continue
            values = {}
            for column in used.columns.values():
                value = value_in(column.value, scope) if column.value is not None else None
                path = column.value.node.path if column.value and isinstance(column.value.node, Name) else ()
                if value is not None and not column.codes and len(path) == 2 and path[1] in profile.columns:
                    value = _in_words(value, self._register_codes(used.rows.of, path[1]))
                values[column.id] = value
            if not self.private.hidden(entry.id, entry.section) and entry.id != self.private.viewer.id:
                self._note(own, values)
            yield entry.id, values

    def _reads_private(self, used: ExchangeFormat) -> set[str]:
        """Return the columns of a format that read private columns of the register."""
        return {
            one.id
            for one in used.columns.values()
            if one.value is not None
            for path in one.value.names()
            if path[0] in ("entry", "subject") and self._is_private(used, path[1:])
        }

    def _is_private(self, used: ExchangeFormat, path: Sequence[str]) -> bool:
        kind = used.rows.of if used.rows.kind is RowsOf.REGISTER else OBJECTS
        column = built_in(kind).columns.get(path[0]) if path else None
        return bool(path) and (path[0] in self.private.keys or (column is not None and column.private))

    def _note(self, columns: set[str], made: Mapping[str, Any]) -> None:
        """Note that a row shows personal values in `columns`, where it has any."""
        if filled := {name for name in columns if made.get(name) not in (None, "", [], ())}:
            self.shown |= filled
            self.shown_rows += 1

    def _register_codes(self, kind: str, column: str) -> Mapping[str, str]:
        of_bureau = built_in(kind).columns[column].codes
        if of_bureau == "sections" and self.bureau is not None:
            return self.bureau.sections
        return _register_words(kind, column)

    def _of_measures(
        self, used: ExchangeFormat, wanted: RowsWanted
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        if self.bureau is None:
            return
        at = instant_in(wanted.year, self.now, self.zone)
        for one in standings(self.transaction, self.bureau, at, self.zone, self.definitions):
            self._looked_at += 1
            scope = {
                "measure": {**one.as_json(), "year": at.astimezone(self.zone).year},
                "bureau": self._bureau,
            }
            yield (
                one.id,
                {
                    column.id: value_in(column.value, scope) if column.value is not None else None
                    for column in used.columns.values()
                },
            )

    def _published(self, workflow: str, facts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
        """Return public facts under all names of their fields."""
        places: dict[str, dict[str, Any]] = {}
        for fact in facts:
            values = places.setdefault(str(fact.get("form", "")), {})
            values |= dict.fromkeys((fact["name"], fact.get("written", fact["name"])), fact["value"])
        names, found = self._names_of(workflow), dict[str, Any]()
        for place, values in places.items():
            found |= under_all_names(place, values, names)
        return found

    def _names_of(self, workflow: str) -> FieldNames:
        return self._names.get(workflow, NO_NAMES)

    @cached_property
    def _names(self) -> Mapping[str, FieldNames]:
        return field_names(self.transaction)

    @cached_property
    def _bureau(self) -> Mapping[str, Any]:
        return {"id": self.bureau.id, "title": self.bureau.title} if self.bureau is not None else {}

    @cached_property
    def _items(self) -> Mapping[str, Mapping[str, Any]]:
        return {entry.id: _flat(entry) for entry in self.transaction.registers.all("items")}

    @cached_property
    def _people(self) -> Mapping[str, Mapping[str, Any]]:
        return {entry.id: _flat(entry) for entry in self.transaction.registers.all("inspectors")}


def _flat(entry: RegisterEntry) -> dict[str, Any]:
    """Return an entry by column; of rows made of several columns the last of each kind."""
    row = {**entry.data, "id": entry.id, "name": entry.name, "section": entry.section}
    for made in built_in(entry.kind).lists.values():
        for item in entry.data.get(made.into, ()):
            if all(item.get(key) == value for key, value in made.fixed.items()):
                row.update({column: item.get(part) for part, column in made.parts.items()})
    return row


def _register_words(kind: str, column: str) -> Mapping[str, str]:
    found = built_in(kind).columns.get(column)
    return {code: words[0] for code, words in found.choices.items()} if found is not None else {}


def _in_words(value: Any, words: Mapping[str, str]) -> Any:
    if not words:
        return value
    if isinstance(value, (list, tuple)):
        return [words.get(one, one) if isinstance(one, str) else one for one in value]
    return words.get(value, value) if isinstance(value, str) else value


def _asks_what_was_found(used: ExchangeFormat) -> bool:
    """Tell whether a format looks at what was found of each item."""
    asked = (column.value for column in used.columns.values() if column.value is not None)
    found = {("item", "answer"), ("item", "problems"), ("item", "problem_count")}
    return any(column.by_answer for column in used.columns.values()) or any(
        path[:2] in found for one in asked for path in one.names()
    )


def _roots(used: ExchangeFormat) -> set[str]:
    """Return the first names of everything a format looks at."""
    looked_at = [column.value for column in used.columns.values() if column.value is not None]
    if used.rows.each is not None:
        looked_at.append(used.rows.each)
    if used.rows.where is not None:
        looked_at += used.rows.where.expressions()
    return {path[0] for one in looked_at for path in one.names()}
