"""A form as a sheet to print: blank, to be filled in by hand, or with the answers given on a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from engine.definition.condition_rows.asked_when import asked_when
from engine.kernel.plain_text import visible_value
from engine.language import current_language, say, translate
from engine.lifecycle.forms.answers import ROW_CHOICES
from engine.lifecycle.forms.in_words import AnsweredForm
from engine.lifecycle.model.form import YES_NO_NA, Field, FieldType, Form

#: So many rows has a list on a blank sheet, where it does not say itself.
_ROWS = 4
#: Lines to write on; of everything else one.
_LINES = {FieldType.LONG_TEXT: 4, FieldType.SIGNATURE: 3, FieldType.PERSONS: 2, FieldType.LIST: 3}
_BOXES: Mapping[FieldType, Mapping[str, str]] = {
    FieldType.BOOLEAN: {"true": YES_NO_NA["yes"], "false": YES_NO_NA["no"]},
    FieldType.YES_NO_NA: YES_NO_NA,
}


@dataclass(frozen=True, slots=True)
class FilledSheet:
    """Answers for a sheet: of which case, and what is printed above them."""

    case: str
    title: str
    forms: Sequence[AnsweredForm]


@dataclass(frozen=True, slots=True)
class BlankQuestion:
    """A question on a blank sheet: what is printed of it, and the lines there are for its answer."""

    asked: Field
    mark: str
    hints: tuple[str, ...]
    room: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BlankPart:
    """A part of a blank sheet: questions under one heading, or one list with the room of its columns, for each of its rows."""

    heading: str
    questions: tuple[BlankQuestion, ...] = ()
    listed: BlankQuestion | None = None
    columns: tuple[BlankQuestion, ...] = ()
    rows: int = 0


def blank_sheet(form: Form, bureau: str) -> bytes:
    """Return a form with room for every answer, as HTML that Word and PDF can be written of."""
    return _page("form_blank.html", form=form, parts=_parts(form), bureau=bureau)


def _parts(form: Form) -> list[BlankPart]:
    """Return what a form asks, in its order: a list of rows has a table of its own."""
    parts: list[BlankPart] = []
    heading, begun = "", list[BlankQuestion]()
    for asked in form.fields:
        if asked.computed is not None:
            continue
        here = " · ".join(translate(one) for one in (asked.page, asked.section) if one)
        question = _question(form, asked)
        if here != heading or asked.columns:
            parts += [BlankPart(heading, tuple(begun))] if begun else []
            heading, begun = here, []
        if not asked.columns:
            begun.append(question)
            continue
        columns = tuple(_question(form, one) for one in asked.columns if one.computed is None)
        rows = min(max(asked.least or 0, _ROWS), asked.most or _ROWS)
        parts.append(BlankPart(heading, listed=question, columns=columns, rows=rows))
    return [*parts, BlankPart(heading, tuple(begun))] if begun else parts


def _question(form: Form, asked: Field) -> BlankQuestion:
    mark = ""
    if asked.recommended:
        mark = say("（建议填写）").render()
    elif asked.type is not FieldType.NOTE and not asked.required:
        mark = say("（选填）").render()
    when = asked_when(form, asked) if asked.relevant is not None else ""
    hints = (
        translate(asked.help) if asked.help else "",
        _said_when(asked, when) if when else "",
        say("依据：{basis}", basis=asked.basis).render() if asked.basis else "",
    )
    return BlankQuestion(asked, mark, tuple(filter(None, hints)), _room(asked))


def _said_when(asked: Field, when: str) -> str:
    if asked.type is FieldType.NOTE:
        return say("只在适用的情形下看：{when}", when=when).render()
    return say("只在适用的情形下填写：{when}", when=when).render()


def filled_sheet(sheet: FilledSheet, bureau: str) -> bytes:
    """Return what was answered on a case, form by form, as HTML that Word and PDF can be written of."""
    return _page("form_filled.html", sheet=sheet, bureau=bureau)


def _room(asked: Field) -> tuple[str, ...]:
    """Return the lines that are printed for an answer: boxes to tick, a unit, or lines to write on."""
    choices = asked.choices or _BOXES.get(asked.type, {})
    if choices:
        return ("　".join(f"□{translate(text)}" for text in choices.values()),)
    if asked.unit:
        return (f"　　　　　　{translate(asked.unit)}",)
    return ("　",) * _LINES.get(asked.type, 1)


def printed(value: object) -> object:
    """Return a value as a sheet prints it: a text of a definition in the language of the sheet, nothing hidden."""
    return visible_value(translate(value) if isinstance(value, str) else value)


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).with_name("pages")),
        autoescape=True,
        finalize=printed,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def page_template(name: str) -> Template:
    """Return a template of a page to print or to file, which is read and compiled once."""
    return _templates().get_template(name)


def _page(name: str, **values: object) -> bytes:
    page = page_template(name).render(
        say=lambda text, **given: say(text, **given).render(),
        language=current_language(),
        row_choices="　".join(f"□{choice}" for choice in ROW_CHOICES),
        **values,
    )
    return page.encode("utf-8", "replace")
