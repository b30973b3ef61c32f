"""A form asked question by question on a terminal: what is put, what was answered, and what is to be asked again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo
from functools import partial
from typing import Any

import click

from engine.authoring.answer_sheet import must_text
from engine.cli.cases.answers.answer_prompts import (
    EMPTY,
    HELP,
    IN_LINES,
    SHOWN_AT_ONCE,
    STOP,
    answer_text,
    is_text,
    question_of,
    said_of,
)
from engine.cli.cases.answers.attachments import AttachmentError
from engine.cli.cases.answers.typed_answer import matching, typed_answer
from engine.cli.typed_line import ask_line, takes_lines
from engine.kernel.plain_text import visible
from engine.language import Message, say, translate
from engine.lifecycle.expressions.expression import Scope
from engine.lifecycle.forms.answers import ROW_ANSWERS, ROW_CHOICES, UNANSWERED, read_answers, row_answer
from engine.lifecycle.forms.fields import read_value
from engine.lifecycle.forms.in_words import row_in_words
from engine.lifecycle.forms.relevance import is_blank, offered_now, relevant_now
from engine.lifecycle.forms.repeated_rows import read_answer, row_so_far
from engine.lifecycle.forms.row_parts import FAIL, parts_of
from engine.lifecycle.model.form import FILES, CheckRow, Field, FieldType, Form

#: Before one of the marks: the mark itself is the answer.
ITSELF = "\\"
_PEOPLE = (FieldType.PERSON, FieldType.PERSONS)


class InterviewStoppedError(Exception):
    """Whoever answers has typed that they go on another time, or the input has ended."""


@dataclass(slots=True)
class FormInterview:
    """Asks the questions of a form, and of its item forms, that are put now and not answered yet."""

    form: Form
    item_forms: Sequence[Form]
    scope: Mapping[str, Any]
    held: Mapping[str, Any]
    hidden: frozenset[str]
    answers: dict[str, Any]
    #: Called after each answer with all of them: keeps the draft.
    keep: Callable[[Mapping[str, Any]], None]
    #: Keeps the files an answer names by their paths and returns the answer with them; raises AttachmentError.
    attach: Callable[[Field, Any], Any] = lambda _, value: value
    #: The names of people by id, and of items of the register by code, as far as whoever answers may read them.
    words: Mapping[str, str] = field(default_factory=dict)
    #: The ids of people by the names only one of them has.
    people: Mapping[str, str] = field(default_factory=dict)
    #: In which instants are shown.
    zone: tzinfo = UTC
    #: Questions that were put and left empty, so that they are not put again by themselves.
    _left: set[str] = field(default_factory=set)

    def ask(self, only: frozenset[str] | None = None) -> None:
        """Put what is not answered yet; with `only` those questions, whatever their answers. Raises InterviewStoppedError.

        An answer may bring up a question further up: without `only` all are gone through until none is left.
        """
        while self._all(only) and only is None:
            continue

    def _all(self, only: frozenset[str] | None) -> int:
        """Go through all forms once; returns how many questions were put."""
        count = self._form(self.form, self.answers, "", only)
        for item in self.item_forms:
            inner = self.answers.setdefault("items", {}).setdefault(item.id, {})
            count += self._form(item, inner, f"items.{item.id}.", only)
        return count

    def shown(self) -> Iterator[tuple[str, str]]:
        """Yield (question, answer) for all that is put, to be checked before it is handed in."""
        yield from self._shown(self.form, self.answers, "")
        for item in self.item_forms:
            yield from self._shown(
                item, self.answers.get("items", {}).get(item.id, {}), f"{translate(item.title)} · "
            )

    def names(self) -> tuple[str, ...]:
        """Return the names of the questions in the order of `shown`."""
        found = list(self._names(self.form, self.answers, ""))
        for item in self.item_forms:
            inner = self.answers.get("items", {}).get(item.id, {})
            found += self._names(item, inner, f"items.{item.id}.")
        return tuple(found)

    def _put(self, form: Form, answers: Mapping[str, Any]) -> Iterator[Field]:
        """Yield the questions that are put with these answers."""
        held, inside = self._held_of(form), self._inside(form, answers)
        for asked in form.fields:
            if asked.answered and asked.name not in held and relevant_now(asked, inside):
                yield asked

    def _inside(self, form: Form, answers: Mapping[str, Any]) -> Scope:
        """Return what the conditions of a form see: the answers so far as the form reads them, and what is worked out."""
        items = self.item_forms if form is self.form else ()
        read, _ = read_answers(form, items, answers, self.scope, self._held_of(form))
        return {**self.scope, "form": read}

    def _held_of(self, form: Form) -> Mapping[str, Any]:
        """Return what cannot be answered of a form now: questions of an item form of the same names are others."""
        return self.held if form is self.form else {}

    def _names(self, form: Form, answers: Mapping[str, Any], prefix: str) -> Iterator[str]:
        yield from (f"{prefix}rows.{row.id}" for row in form.rows)
        yield from (prefix + asked.name for asked in self._put(form, answers))

    def _shown(self, form: Form, answers: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
        rows = answers.get("rows", {})
        for row in form.rows:
            yield prefix + translate(row.title), visible(row_in_words(rows.get(row.id) or {})) or "-"
        for asked in self._put(form, answers):
            text = answer_text(asked, answers.get(asked.name), self.words, self.zone, lines=True)
            # Its further lines stand below the first, not below the numbers of the questions.
            yield prefix + translate(asked.title), text.replace("\n", "\n        ")

    def _form(self, form: Form, answers: dict[str, Any], prefix: str, only: frozenset[str] | None) -> int:
        """Go through a form once; returns how many questions were put."""
        count = 0
        for row in form.rows:
            name = f"{prefix}rows.{row.id}"
            given = answers.setdefault("rows", {})
            if (row.id not in given and name not in self._left) if only is None else (name in only):
                self._title(form, count)
                count += 1
                self._row(row, given)
                if row.id not in given:
                    self._left.add(name)
        above: tuple[str | None, str | None] = (None, None)
        held = self._held_of(form)
        hidden = self.hidden if form is self.form else frozenset[str]()
        for asked in form.fields:
            if asked.name in hidden or asked.computed is not None:
                continue
            inside = self._inside(form, answers)
            if not relevant_now(asked, inside):
                if answers.pop(asked.name, None) is not None:
                    self.keep(self.answers)
                continue
            name = prefix + asked.name
            if asked.type is FieldType.NOTE:
                if only is None and name not in self._left:
                    self._title(form, count)
                    self._headings(asked, above)
                    above = (asked.page, asked.section)
                    click.echo(visible(translate(asked.title), lines=True), err=True)
                    self._describe(asked, {})
                    self._left.add(name)
                continue
            wanted = is_blank(answers.get(asked.name)) and name not in self._left
            if asked.name in held or not (wanted if only is None else name in only):
                continue
            self._title(form, count)
            count += 1
            self._headings(asked, above)
            above = (asked.page, asked.section)
            self._question(asked, answers, name, inside)
        return count

    def _title(self, form: Form, count: int) -> None:
        """Name the item form before the first of its questions."""
        if form is not self.form and not count:
            click.echo(str(say("\n《{form}》", form=visible(form.title))), err=True)

    def _headings(self, asked: Field, above: tuple[str | None, str | None]) -> None:
        for title, before in zip((asked.page, asked.section), above, strict=True):
            if title is not None and title != before:
                click.echo(str(say("\n【{section}】", section=visible(title))), err=True)

    def _row(self, row: CheckRow, given: dict[str, Any]) -> None:
        """Ask for a check row; what was said of it before is kept until something else is typed."""
        click.echo(str(say("\n{title}：{points}", title=row.title, points=row.points)), err=True)
        click.echo(str(say("依据：{basis}", basis=row.basis)), err=True)
        before = given.get(row.id)
        now: dict[str, Any] = {**before} if isinstance(before, Mapping) else {}
        code = self._row_answer(row, now.get("answer"))
        if code is None:
            if given.pop(row.id, None) is not None:
                self.keep(self.answers)
            return
        now = {"answer": code} | {part.name: now[part.name] for part in parts_of(code) if part.name in now}
        given[row.id] = now
        self.keep(self.answers)
        if code == FAIL:
            click.echo(str(say("写明问题；其余各栏没有的直接回车")), err=True)
        for part in parts_of(code):
            if code == FAIL or part.name in now:
                must = code == FAIL and part.name == "note"
                self._typed(replace(part, required=must, help=row.basis), now, {}, partial(_wrong_part, part))
                self.keep(self.answers)

    def _row_answer(self, row: CheckRow, before: Any) -> str | None:
        """Return what a check row is answered with; None where it has no answer, or has it no more."""
        letters = dict(zip(("p", "f", "n"), ROW_ANSWERS, strict=True))
        options = [
            say("{key} {word}", key=key, word=word) for key, word in zip(letters, ROW_CHOICES, strict=True)
        ]
        question, there = say("{options}", options=options), row_answer(before)
        if there is not None:
            word = translate(ROW_ANSWERS[there])
            question = say(
                "{options}（现为 {answer}，回车不变，{mark} 清空）", options=options, answer=word, mark=EMPTY
            )
        while True:
            text = self._line(question, row.method)
            if not text or (text == EMPTY and there is not None):
                return None if text else there
            found = letters.get(text.lower()) or row_answer(text)
            if found is not None:
                return found
            click.echo(str(say("应为 {options}，实为“{seen}”", options=options, seen=text)), err=True)

    def _question(self, asked: Field, answers: dict[str, Any], name: str, inside: Mapping[str, Any]) -> None:
        offered = offered_now(asked, inside)
        self._describe(asked, offered)
        if asked.columns:
            # As the form reads a row: the list it is of is not there yet.
            others = {other: value for other, value in inside["form"].items() if other != asked.name}
            self._list(asked, answers, {**inside, "form": others}, lambda: self.keep(self.answers))
        else:
            self._typed(asked, answers, offered)
        if is_blank(answers.get(asked.name)):
            self._left.add(name)
            if asked.recommended:
                self._why(asked, answers)
        elif asked.recommended:
            answers.get(UNANSWERED, {}).pop(asked.name, None)
            if not answers.get(UNANSWERED, True):
                del answers[UNANSWERED]
        self.keep(self.answers)

    def _typed(
        self,
        asked: Field,
        answers: dict[str, Any],
        offered: Mapping[str, str],
        wrong: Callable[[Any], Sequence[Message]] = lambda _: (),
    ) -> None:
        """Ask for one answer, or for one in lines until a blank line, and keep it beside the others.

        `wrong` says what is wrong with an answer, which is then asked for again.
        """
        before, question = answers.get(asked.name), self._prompt(asked, answers.get(asked.name))
        there = str(before) if is_text(asked) and not is_blank(before) else ""
        found: list[Any] = []
        while True:
            text = self._line(
                question, asked.help, offered, lines=asked.type is FieldType.LONG_TEXT, before=there
            )
            if text == EMPTY and not found and not is_blank(before):
                answers.pop(asked.name, None)
                return
            if not text:
                return
            value = self._answer(asked, text, offered)
            if asked.type not in IN_LINES:
                problems = wrong(value) if value is not None else ()
                for problem in problems:
                    click.echo(visible(str(problem)), err=True)
                if value is not None and not problems:
                    answers[asked.name] = value
                    return
                continue
            found += value or []
            if found:
                answers[asked.name] = list(found)
                self.keep(self.answers)
            question = say("第 {row} 项（直接回车，到此为止）", row=len(found) + 1)

    def _answer(self, asked: Field, text: str, offered: Mapping[str, str]) -> Any:
        """Return what was typed as an answer, its files kept; None where a file cannot be, which is said."""
        value = typed_answer(asked, literal(text), offered)
        if asked.type in _PEOPLE:
            return [self._person(one) for one in value] if isinstance(value, list) else self._person(value)
        if asked.type not in FILES:
            return value
        try:
            return self.attach(asked, value)
        except AttachmentError as problem:
            click.echo(visible(str(problem.message)), err=True)
            return None

    def _person(self, typed: str) -> str:
        """Return the id of whom somebody named; who is in no register stays as typed, which is said."""
        found = typed if typed in self.words else self.people.get(typed, typed)
        if self.words and found not in self.words:
            click.echo(str(say("名录中没有“{person}”，照写的记下", person=visible(typed))), err=True)
        return found

    def _why(self, asked: Field, answers: dict[str, Any]) -> None:
        reason = self._line(say("建议填写；不填的理由（可不写）"), None)
        if reason:
            answers.setdefault(UNANSWERED, {})[asked.name] = literal(reason)

    def _list(self, asked: Field, answers: dict[str, Any], around: Scope, keep: Callable[[], None]) -> None:
        """Ask for rows until an empty answer to the first question of one; rows that are there are gone through first.

        What is typed into a row is judged at once, and kept while the row is being typed.
        """
        before = answers.get(asked.name)
        click.echo(
            str(
                say(
                    "{title}（{parts}）",
                    title=visible(asked.title),
                    parts=[must_text(asked), say("逐行填写")],
                )
            ),
            err=True,
        )
        rows = [{**row} for row in before if isinstance(row, Mapping)] if isinstance(before, list) else []
        number = 0
        while True:
            row: dict[str, Any] = rows[number] if number < len(rows) else {}
            click.echo(str(say("第 {row} 行（第一栏直接回车，到此为止）", row=number + 1)), err=True)

            def keep_row(number: int = number, row: dict[str, Any] = row) -> None:
                answers[asked.name] = [*rows[:number], row, *rows[number + 1 :]]
                keep()

            if self._cells(asked, row, around, keep_row):
                rows[number : number + 1] = [row]
                number += 1
            elif number < len(rows):
                del rows[number]
            else:
                break
            answers[asked.name] = list(rows)
            keep()
        if rows:
            answers[asked.name] = rows
        else:
            answers.pop(asked.name, None)

    def _cells(self, asked: Field, row: dict[str, Any], around: Scope, keep: Callable[[], None]) -> bool:
        """Ask for the cells of a row; returns False where the first of them has no answer: there is no such row."""
        columns = [column for column in asked.columns if column.answered]
        put = set[str]()
        while True:
            inside = {**around, "it": row_so_far(asked, row, around)}
            asked_now = [column for column in columns if relevant_now(column, inside)]
            column = next((one for one in asked_now if one.name not in put), None)
            if column is None:
                break
            offered = offered_now(column, inside)
            self._describe(column, offered)
            if column.columns:
                self._list(column, row, inside, keep)
            else:
                self._typed(column, row, offered, partial(_wrong, column, inside))
            if not put and column.name not in row:
                return False
            put.add(column.name)
            keep()
        for column in columns:
            if column not in asked_now:
                row.pop(column.name, None)
        return bool(put)

    def _describe(self, asked: Field, offered: Mapping[str, str]) -> None:
        for line in said_of(asked, offered):
            click.echo(line, err=True)

    def _prompt(self, asked: Field, before: Any) -> Message:
        return question_of(asked, before, self.words, self.zone, lines=takes_lines())

    def _line(
        self,
        question: Message,
        more: str | None,
        offered: Mapping[str, str] | None = None,
        *,
        lines: bool = False,
        before: str = "",
    ) -> str:
        """Return what is typed, with `lines` in several; of a long list what fits is shown until one choice is left."""
        while True:
            try:
                text = ask_line(question, lines=lines, at_once=(HELP, STOP, EMPTY), before=before).strip()
            except click.Abort:
                raise InterviewStoppedError from None
            if text == STOP:
                raise InterviewStoppedError
            if text == HELP:
                click.echo(
                    visible(translate(more), lines=True) if more else str(say("这一栏没有说明")), err=True
                )
                continue
            found = matching(offered, text) if offered and len(offered) > SHOWN_AT_ONCE and text else {}
            if len(found) > 1 and text not in (offered or {}):
                for code, choice in list(found.items())[:SHOWN_AT_ONCE]:
                    click.echo(f"  {visible(code)}  {visible(translate(choice))}", err=True)
                continue
            return str(text)


def literal(text: str) -> str:
    """Return what was typed without the `ITSELF` before a mark: ``\\-`` is the answer ``-``, ``\\\\-`` is ``\\-``."""
    rest = text.lstrip(ITSELF)
    return text[1:] if rest in (HELP, STOP, EMPTY) and rest != text else text


def _wrong(column: Field, inside: Scope, value: Any) -> Sequence[Message]:
    """Return what is wrong with what was typed into a cell."""
    return read_answer(column, value, inside)[1]


def _wrong_part(part: Field, value: Any) -> Sequence[Message]:
    """Return what is wrong with what was said of a check row: only days are judged, as the form judges them."""
    _, problem = read_value(part, value) if part.type is FieldType.DATE else (value, None)
    return [] if problem is None else [problem]
