"""A form asked question by question on a terminal: what is put, what was answered, and what is to be asked again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import click

from engine.authoring.answer_sheet import kind_of, must_text
from engine.cli.cases.answers.attachments import AttachmentError
from engine.cli.cases.answers.typed_answer import MANY_FILES, matching, typed_answer
from engine.kernel.plain_text import visible
from engine.language import Message, say, translate
from engine.lifecycle.expressions.expression import Scope
from engine.lifecycle.forms.answers import ROW_ANSWERS, ROW_CHOICES, UNANSWERED, read_answers
from engine.lifecycle.forms.relevance import is_blank, offered_now, relevant_now
from engine.lifecycle.forms.repeated_rows import read_answer, row_so_far
from engine.lifecycle.forms.row_parts import FAIL, ROW_PARTS, parts_of
from engine.lifecycle.model.form import FILES, CheckRow, Field, FieldType, Form

#: Of a longer list only what is searched for is shown.
SHOWN_AT_ONCE = 15
#: Typed instead of an answer.
HELP, STOP, EMPTY = "?", ".", "-"
#: Before one of these marks: the mark itself is the answer.
ITSELF = "\\"
#: Answered by several lines, the last of them blank.
_IN_LINES = (FieldType.LIST, FieldType.PERSONS, *MANY_FILES)


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
            given = rows.get(row.id, {})
            word = translate(ROW_ANSWERS.get(given.get("answer", ""), "-"))
            said = (str(given.get(part.name, "")) for part in ROW_PARTS)
            yield prefix + translate(row.title), visible(" ".join([word, *filter(None, said)]))
        for asked in self._put(form, answers):
            yield prefix + translate(asked.title), answer_text(asked, answers.get(asked.name))

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
                    click.echo(visible(translate(asked.title)), err=True)
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
        click.echo(str(say("\n{title}：{points}", title=row.title, points=row.points)), err=True)
        click.echo(str(say("依据：{basis}", basis=row.basis)), err=True)
        words = {word[:1]: code for code, word in zip(ROW_ANSWERS, ("p", "f", "n"), strict=True)}
        options = [
            say("{key} {word}", key=key, word=word) for key, word in zip(words, ROW_CHOICES, strict=True)
        ]
        text = self._line(say("{options}", options=options), row.method)
        if not text:
            return
        answer: dict[str, Any] = {"answer": words.get(text.lower(), text)}
        if answer["answer"] == FAIL:
            click.echo(str(say("写明问题；其余各栏没有的直接回车")), err=True)
            for part in parts_of(FAIL):
                if said := self._line(self._prompt(part, None), row.basis):
                    answer[part.name] = typed_answer(part, literal(said), {})
        given[row.id] = answer
        self.keep(self.answers)

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
        found: list[Any] = []
        while True:
            text = self._line(question, asked.help, offered)
            if text == EMPTY and not found and not is_blank(before):
                answers.pop(asked.name, None)
                return
            if not text:
                return
            value = self._answer(asked, text, offered)
            if asked.type not in _IN_LINES:
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
        if asked.type not in FILES:
            return value
        try:
            return self.attach(asked, value)
        except AttachmentError as problem:
            click.echo(visible(str(problem.message)), err=True)
            return None

    def _why(self, asked: Field, answers: dict[str, Any]) -> None:
        reason = self._line(say("建议填写；不填的理由（可不写）"), None)
        if reason:
            answers.setdefault(UNANSWERED, {})[asked.name] = literal(reason)

    def _list(self, asked: Field, answers: dict[str, Any], around: Scope, keep: Callable[[], None]) -> None:
        """Ask for rows until an empty answer to the first question of one; rows that are there are gone through first.

        What is typed into a row is judged at once, and kept while the row is being typed.
        """
        before = answers.get(asked.name)
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
            if column.columns:
                self._list(column, row, inside, keep)
            else:
                self._typed(column, row, offered_now(column, inside), partial(_wrong, column, inside))
            if not put and column.name not in row:
                return False
            put.add(column.name)
            keep()
        for column in columns:
            if column not in asked_now:
                row.pop(column.name, None)
        return bool(put)

    def _describe(self, asked: Field, offered: Mapping[str, str]) -> None:
        if asked.basis:
            click.echo(str(say("依据：{basis}", basis=asked.basis)), err=True)
        if asked.help:
            click.echo(visible(translate(asked.help)), err=True)
        if 0 < len(offered) <= SHOWN_AT_ONCE:
            for number, text in enumerate(offered.values(), 1):
                click.echo(f"  {number}  {visible(translate(text))}", err=True)
        elif offered:
            click.echo(str(say("  有 {count} 个选项，输入其中几个字查找", count=len(offered))), err=True)

    def _prompt(self, asked: Field, before: Any) -> Message:
        kind = say("文件的路径，或本件附件的编号") if asked.type in FILES else kind_of(asked)
        parts: list[Message] = [must_text(asked), kind]
        if asked.type in _IN_LINES:
            parts.append(say("一行一项，直接回车到此为止"))
        if asked.unit:
            parts.append(say("单位：{unit}", unit=asked.unit))
        if not is_blank(before):
            parts.append(
                say("现为 {answer}，回车不变，{mark} 清空", answer=answer_text(asked, before), mark=EMPTY)
            )
        return say("{title}（{parts}）", title=asked.title, parts=parts)

    def _line(self, question: Message, more: str | None, offered: Mapping[str, str] | None = None) -> str:
        """Return what is typed; of a long list what fits is shown until one choice is left."""
        while True:
            try:
                text = click.prompt(str(question), default="", show_default=False, err=True).strip()
            except click.Abort:
                raise InterviewStoppedError from None
            if text == STOP:
                raise InterviewStoppedError
            if text == HELP:
                click.echo(visible(translate(more)) if more else str(say("这一栏没有说明")), err=True)
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


def answer_text(asked: Field, value: Any) -> str:
    """Return an answer as whoever checks it reads it."""
    if is_blank(value):
        return "-"
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return visible(str(say("{names}", names=[asked.choices.get(one, one) for one in value])))
    if isinstance(value, (list, dict)):
        return visible(json.dumps(value, ensure_ascii=False))
    return visible(translate(asked.choices.get(str(value), str(value))))
