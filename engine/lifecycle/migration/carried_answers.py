"""The answers to a form in another version of it: its questions, columns of lists, check rows, and the forms of items beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from engine.language import Message, say
from engine.lifecycle.expressions.rows import NOT_ASKED
from engine.lifecycle.forms.answers import UNANSWERED
from engine.lifecycle.forms.fields import counted, read_value
from engine.lifecycle.forms.in_words import row_in_words
from engine.lifecycle.forms.item_rows import form_of_items
from engine.lifecycle.forms.personal import marked_answers
from engine.lifecycle.forms.relevance import is_blank
from engine.lifecycle.forms.row_parts import PERSONAL_PARTS
from engine.lifecycle.migration.rename_map import RenameMap
from engine.lifecycle.model.form import CheckRow, Field, Form


class AnswerChange(StrEnum):
    """What a migration did to an answer."""

    RENAMED = "renamed"
    #: It is kept otherwise than it was given.
    CONVERTED = "converted"
    #: The same answer, to a question that is put otherwise.
    ASKED_OTHERWISE = "asked-otherwise"
    REMOVED = "removed"
    #: The form asks for more than was answered when it was filled in.
    UNANSWERED = "unanswered"


#: What was done to an answer, in words.
CHANGE_WORDS: Mapping[AnswerChange, Message] = {
    AnswerChange.RENAMED: say("改名"),
    AnswerChange.CONVERTED: say("换了写法"),
    AnswerChange.ASKED_OTHERWISE: say("问法有变"),
    AnswerChange.REMOVED: say("新版不再问"),
    AnswerChange.UNANSWERED: say("新增必填，尚未填"),
}


@dataclass(frozen=True, slots=True)
class AnswerMove:
    """One answer before and after."""

    #: ``FORM.FIELD`` or ``case.FACT`` as it is called now; as it was called, where it is gone.
    name: str
    title: str
    what: AnswerChange
    before: Any = None
    after: Any = None

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "name": self.name,
            "title": self.title,
            "what": self.what.value,
            "before": self.before,
            "after": self.after,
        }


class Gone(StrEnum):
    """What becomes of cells and check rows that were answered and have no place in the new version."""

    #: The case cannot go.
    KEEPS = "keeps"
    #: They are left out and listed: the answers are handed in anew, and whoever does that sees it.
    LEFT_OUT = "left-out"
    #: They stay where they are, and are listed: nobody is asked for them.
    STAYS = "stays"


@dataclass(slots=True)
class CarriedSheets:
    """Takes answers to another version of their forms; `moves` is what was done to each, `problems` what is in the way."""

    renames: RenameMap
    old: Mapping[str, Form] = field(default_factory=dict)
    new: Mapping[str, Form] = field(default_factory=dict)
    #: Items of the case: of their forms, rows of other items are not asked.
    items: Sequence[Any] = ()
    gone: Gone = Gone.KEEPS
    moves: list[AnswerMove] = field(default_factory=list)
    problems: list[Message] = field(default_factory=list)

    def sheet(
        self,
        before: Form,
        after: Form,
        answers: Mapping[str, Any],
        place: str,
        rows: Sequence[CheckRow] | None = None,
    ) -> dict[str, Any]:
        """Return the answers to `before` as answers to `after`; `place` is what the form is called in moves.

        `rows` are the check rows that are asked (None: all). What changes nothing of an answer leaves it as it is written, and
        its personal texts under their ids.
        """
        kept = self._questions(before, after, answers, place)
        for name in self._names_beside():
            if name not in answers:
                continue
            value = self._beside(name, before, after, answers[name], place)
            if value is not None:
                kept[name] = value
        for row in after.rows if rows is None else rows:
            if self.gone is Gone.KEEPS and row.id not in _mapping(kept.get("rows")):
                self._tell(AnswerMove(f"{place}.rows.{row.id}", row.title, AnswerChange.UNANSWERED))
        others = [self.new[name] for name in _mapping(kept.get("items")) if name in self.new]
        return marked_answers(after, kept, others)

    def _names_beside(self) -> tuple[str, ...]:
        """Return what is kept beside the answers themselves; of answers that are handed in, what people may give."""
        return GIVEN_BESIDE if self.gone is Gone.LEFT_OUT else BESIDE

    def _questions(self, before: Form, after: Form, answers: Mapping[str, Any], place: str) -> dict[str, Any]:
        was, now = _by_name(before.fields), {one.name: one for one in after.fields}
        kept: dict[str, Any] = {}
        for name, value in answers.items():
            if name in self._names_beside():
                continue
            question = was.get(name)
            new_name = self.renames.field_of(before.id, name if question is None else question.name)
            asked = now.get(new_name)
            if question is None or asked is None:
                stays = self._stays_unasked(question, asked, value)
                if stays:
                    kept.setdefault(name, value)
                if not is_blank(value) and not (stays and question is None):
                    title = name if question is None else question.title
                    self._tell(AnswerMove(f"{place}.{name}", title, AnswerChange.REMOVED, value))
            elif self._is_free(kept, new_name, asked.title, after.title):
                read, problem = self.value(question, asked, value, f"{before.id}.{question.name}", place)
                if problem is not None:
                    self.problems.append(say("《{form}》：{problem}", form=after.title, problem=problem))
                    continue
                kept[new_name] = read
        self._unanswered(before, after, answers, kept, place)
        return kept

    def value(
        self, was: Field, now: Field, value: Any, key: str, place: str, title: str = ""
    ) -> tuple[Any, Message | None]:
        """Return one answer as the new version keeps it and None, or why it cannot stand; what was done is listed.

        `key` is the name of the old question in a `RenameMap`, `place` where the new one is, `title` what that is called.
        """
        given = mapped(self.renames.values.get(key, {}), value)
        there = f"{place}.{now.name}"
        called = f"{title} {now.title}" if title else now.title
        if was.columns and now.columns and isinstance(given, (list, tuple)):
            read = self._list(was, now, given, key, there, called)
            problem = counted(now, list(read))[1] if self.gone is Gone.KEEPS else None
            what = _asked_as(was, now)
        else:
            read, problem = self._read(was, now, given)
            what = AnswerChange.CONVERTED if read != value else _asked_as(was, now, read)
        if problem is None and what is not None and not is_blank(value):
            # Of a column the cells of all rows are listed together.
            cells = [value, read] if not title else [[value], [read]]
            self._tell(AnswerMove(there, called, what, *cells), rows=bool(title))
        return read, problem

    def _read(self, was: Field, now: Field, value: Any) -> tuple[Any, Message | None]:
        if value is None or self.gone is Gone.LEFT_OUT:
            return value, None
        judged = self.gone is Gone.KEEPS and now.computed is None
        if was.type is now.type and not judged and not was.choices.keys() - now.choices.keys():
            # What was worked out, and what a step has set, was not typed: it is not judged by what may be typed.
            return value, None
        read, problem = read_value(_loose(now), value)
        if problem is None and was.type is now.type and read_value(_loose(was), value) == (read, None):
            # Kept in another writing of the same (a whole amount that was worked out): it is the same answer.
            return value, None
        return read, problem

    def _list(
        self, was: Field, now: Field, rows: Sequence[Any], key: str, place: str, title: str
    ) -> list[Any]:
        """Return the rows of a list with their cells under the columns of today; moves name columns, with the cells of all rows."""
        columns = _by_name(was.columns)
        today = {one.name: one for one in now.columns}
        found: list[Any] = []
        for number, row in enumerate(rows, 1):
            if not isinstance(row, Mapping):
                found.append(row)
                continue
            out: dict[str, Any] = {}
            for name, cell in row.items():
                column = columns.get(name)
                new_name = self.renames.field_of(key, name if column is None else column.name)
                asked = today.get(new_name)
                if column is None or asked is None:
                    self._lost_cell(out, title, number, name, column, asked, cell, f"{place}.{name}")
                elif self._is_free(out, new_name, asked.title, title):
                    read, problem = self.value(column, asked, cell, f"{key}.{column.name}", place, title)
                    if problem is None:
                        out[new_name] = read
                    else:
                        self.problems.append(
                            say("“{title}”第 {row} 行：{problem}", title=title, row=number, problem=problem)
                        )
            found.append(out)
        for asked in now.columns if self.gone is Gone.KEEPS else ():
            old = next(
                (one for one in was.columns if self.renames.field_of(key, one.name) == asked.name), None
            )
            if _newly_required(old, asked) and any(
                isinstance(row, Mapping) and is_blank(row.get(asked.name)) for row in found
            ):
                called = f"{title} {asked.title}"
                self._tell(AnswerMove(f"{place}.{asked.name}", called, AnswerChange.UNANSWERED))
        return found

    def _stays_unasked(self, was: Field | None, now: Field | None, value: Any) -> bool:
        """Tell whether what is kept and is no answer to a question of the new version stays where it is.

        What was worked out was nobody's answer: it is left as it was signed. Where a later version asks under the same name,
        it is no answer to that.
        """
        if self.gone is Gone.LEFT_OUT:
            return False
        return is_blank(value) or (now is None if was is None else was.computed is not None)

    def _lost_cell(
        self,
        out: dict[str, Any],
        called: str,
        number: int,
        name: str,
        column: Field | None,
        asked: Field | None,
        cell: Any,
        place: str,
    ) -> None:
        """Do what is to be done with a cell of a column the new version does not have, of the list that is so `called`."""
        title = name if column is None else column.title
        stays = self.gone is Gone.STAYS or self._stays_unasked(column, asked, cell)
        if stays:
            out.setdefault(name, cell)
        elif self.gone is Gone.KEEPS and column is not None:
            message = say(
                "“{title}”第 {row} 行填了“{column}”，新版没有这一栏；可写明改为哪一栏，或留在原版办完",
                title=called,
                row=number,
                column=title,
            )
            self.problems.append(message)
            return
        if not is_blank(cell) and not (stays and column is None):
            self._tell(AnswerMove(place, f"{called} {title}", AnswerChange.REMOVED, [cell]), rows=True)

    def _beside(self, name: str, before: Form, after: Form, value: Any, place: str) -> Any:
        """Return what is kept beside the answers themselves; None: nothing of it any more."""
        if name == NOT_ASKED:
            return [self.renames.field_of(before.id, one) for one in value]
        if name == UNANSWERED and isinstance(value, Mapping):
            return self._reasons(before, after, value, place) or (value if not value else None)
        if name == "rows" and isinstance(value, Mapping):
            return self._rows(before, after, value, place) or (value if not value else None)
        if name == "items" and isinstance(value, Mapping):
            return self._items(value, place) or (value if not value else None)
        if name == "problems":
            return [self._problem(one) for one in value]
        return value

    def _reasons(self, before: Form, after: Form, reasons: Mapping[str, Any], place: str) -> dict[str, Any]:
        """Return why questions were left empty, under their names of today."""
        was = {one.name: one for one in before.fields}
        kept: dict[str, Any] = {}
        for name, reason in reasons.items():
            new_name = self.renames.field_of(before.id, name)
            asked = after.field(new_name)
            if self.gone is Gone.LEFT_OUT and (asked is None or not asked.recommended):
                asked = None
            elif not reason and asked is None:
                kept[name] = reason
                continue
            if asked is None:
                title = was[name].title if name in was else name
                self._tell(
                    AnswerMove(f"{place}.{UNANSWERED}.{name}", title, AnswerChange.REMOVED, reason or None)
                )
            elif self._is_free(kept, new_name, new_name, after.title):
                kept[new_name] = reason
        return kept

    def _rows(self, before: Form, after: Form, rows: Mapping[str, Any], place: str) -> dict[str, Any]:
        was, now = ({row.id: row for row in form.rows} for form in (before, after))
        kept: dict[str, Any] = {}
        for name, given in rows.items():
            new_name = self.renames.field_of(f"{before.id}.rows", name)
            old, asked = was.get(name), now.get(new_name)
            if asked is None:
                self._lost_row(before, after, name, old, given, place)
            elif self._is_free(kept, new_name, asked.title, after.title):
                kept[new_name] = given
                what = None if old is None else _row_asked_as(old, asked)
                if what is not None:
                    self._tell(AnswerMove(f"{place}.rows.{new_name}", asked.title, what, given, given))
        return kept

    def _lost_row(
        self, before: Form, after: Form, name: str, row: CheckRow | None, given: Any, place: str
    ) -> None:
        title = name if row is None else row.title
        if self.gone is not Gone.KEEPS:
            if not is_blank(given):
                self._tell(AnswerMove(f"{place}.rows.{name}", title, AnswerChange.REMOVED, given))
            return
        self.problems.append(
            say(
                "《{form}》的检查事项“{row}”已填“{answer}”，新版没有这一项；可写明改为哪一项（{key}），或留在原版办完",
                form=after.title,
                row=title,
                answer=_row_in_words(given),
                key=f"fields: {before.id}.rows.{name}",
            )
        )

    def _items(self, items: Mapping[str, Any], place: str) -> dict[str, Any]:
        """Return the answers to the forms of items, each under what its form is called today."""
        kept: dict[str, Any] = {}
        for name, given in items.items():
            target = self.renames.forms.get(name, name)
            before, after = self.old.get(name), self.new.get(target)
            if after is None:
                title = name if before is None else before.title
                self.lost_form(name, title, given, f"{place}.items.{name}")
            elif before is None or not isinstance(given, Mapping):
                kept[target] = given
            elif self._is_free(kept, target, after.title, after.title):
                asked = form_of_items(after, self.items).rows
                kept[target] = self.sheet(before, after, given, f"{place}.items.{target}", asked)
        return kept

    def lost_form(self, name: str, title: str, given: Any, place: str) -> None:
        """Tell that a whole form is no more; one with answered check rows keeps the case."""
        if self.gone is Gone.KEEPS and isinstance(given, Mapping) and given.get("rows"):
            message = say(
                "《{form}》已逐项检查（{count} 项），新版没有这张表单；可写明改为哪一张（{key}），或留在原版办完",
                form=title,
                count=len(given["rows"]),
                key=f"forms: {name}",
            )
            self.problems.append(message)
            return
        before = dict(given) if isinstance(given, Mapping) else given
        self._tell(AnswerMove(place, title, AnswerChange.REMOVED, before))

    def _problem(self, problem: Any) -> Any:
        """Return a problem found under the names of today; what it breaches stays as it was found."""
        if not isinstance(problem, Mapping):
            return problem
        form, row = str(problem.get("form", "")), str(problem.get("row", ""))
        new = {
            "form": self.renames.forms.get(form, form),
            "row": self.renames.field_of(f"{form}.rows", row),
        }
        return {**problem, **{name: one for name, one in new.items() if name in problem}}

    def _unanswered(
        self, before: Form, after: Form, answers: Mapping[str, Any], kept: Mapping[str, Any], place: str
    ) -> None:
        """Tell the questions that must be answered now, and did not have to be when the form was filled in."""
        if self.gone is not Gone.KEEPS:
            return
        was = {self.renames.field_of(before.id, one.name): one for one in before.fields}
        for asked in after.fields:
            if kept.get(asked.name) is None and _newly_required(was.get(asked.name), asked):
                self._tell(AnswerMove(f"{place}.{asked.name}", asked.title, AnswerChange.UNANSWERED))

    def _is_free(self, kept: Mapping[str, Any], name: str, title: str, form: str) -> bool:
        """Tell whether nothing is kept under a name yet; where something is, neither may take the place of the other."""
        if is_blank(kept.get(name)):
            return True
        self.problems.append(
            say(
                "《{form}》：不止一处要改为“{title}”（{name}），只能有一处", form=form, title=title, name=name
            )
        )
        return False

    def _tell(self, move: AnswerMove, *, rows: bool = False) -> None:
        """Note what was done; of a column once, with the cells of all rows."""
        for one in self.moves:
            if (one.name, one.what) == (move.name, move.what):
                if rows:
                    one.before.extend(move.before)
                    if move.after is not None:
                        one.after.extend(move.after)
                return
        self.moves.append(move)


#: What is kept beside the answers themselves.
BESIDE = (NOT_ASKED, UNANSWERED, "rows", "items", "problems", "problem_count")
#: What of it people give.
GIVEN_BESIDE = (UNANSWERED, "rows", "items")


def mapped(values: Mapping[str, Any], value: Any) -> Any:
    """Return an answer with old codes replaced by new ones."""
    if isinstance(value, list):
        return [mapped(values, one) for one in value] if values else value
    return values.get(value, value) if isinstance(value, str) else value


def _by_name(fields: Iterable[Field]) -> dict[str, Field]:
    """Return questions by what their answers may stand under: as they are handed in, also the name of today."""
    fields = tuple(fields)
    return {**{one.written: one for one in fields}, **{one.name: one for one in fields}}


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _row_in_words(given: Any) -> str:
    """Return what was said of a check row, without whom it names: the sentence may be kept."""
    if not isinstance(given, Mapping):
        return str(given)
    return row_in_words({name: one for name, one in given.items() if name not in PERSONAL_PARTS})


def _loose(asked: Field) -> Field:
    """Return a question whose cells need not be there: whether one was asked for depended on its row."""
    if not asked.columns:
        return asked
    return replace(asked, columns=tuple(replace(_loose(column), required=False) for column in asked.columns))


def _newly_required(was: Field | None, asked: Field) -> bool:
    """Tell whether a question must be answered that did not have to be."""
    if not (asked.required and asked.answered):
        return False
    return (
        was is None
        or not (was.required and was.answered)
        or (was.relevant is not None and asked.relevant is None)
    )


def _asked_as(was: Field, now: Field, value: Any = None) -> AnswerChange | None:
    """Return whether a question is called or put otherwise."""
    if was.name != now.name:
        return AnswerChange.RENAMED
    worked_out = [None if one.computed is None else one.computed.source for one in (was, now)]
    same = (
        was.title == now.title
        and was.type is now.type
        and was.unit == now.unit
        and worked_out[0] == worked_out[1]
        and _shown(was, value) == _shown(now, value)
    )
    return None if same else AnswerChange.ASKED_OTHERWISE


def _row_asked_as(was: CheckRow, now: CheckRow) -> AnswerChange | None:
    if was.id != now.id:
        return AnswerChange.RENAMED
    same = (was.title, was.points, was.basis) == (now.title, now.points, now.basis)
    return None if same else AnswerChange.ASKED_OTHERWISE


def _shown(asked: Field, value: Any) -> list[Any]:
    """Return an answer as people read it: the text of a code may change although the code stays."""
    values = value if isinstance(value, list) else [value]
    return [asked.choices.get(one, one) if isinstance(one, str) else one for one in values]
