"""A form as a sheet to print: blank, to be filled in by hand, or with the answers given on a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from engine.kernel.plain_text import visible_value
from engine.language import current_language, say, translate
from engine.lifecycle.forms.answers import ROW_CHOICES
from engine.lifecycle.forms.in_words import AnsweredForm
from engine.lifecycle.model.form import Field, Form


@dataclass(frozen=True, slots=True)
class FilledSheet:
    """Answers for a sheet: of which case, and what is printed above them."""

    case: str
    title: str
    forms: Sequence[AnsweredForm]


def blank_sheet(form: Form, bureau: str) -> bytes:
    """Return a form with room for every answer, as HTML that Word and PDF can be written of."""
    fields = [asked for asked in form.fields if asked.computed is None]
    return _page(
        "form_blank.html", form=form, fields=[(asked, _room(asked)) for asked in fields], bureau=bureau
    )


def filled_sheet(sheet: FilledSheet, bureau: str) -> bytes:
    """Return what was answered on a case, form by form, as HTML that Word and PDF can be written of."""
    return _page("form_filled.html", sheet=sheet, bureau=bureau)


def _room(asked: Field) -> str:
    if asked.choices:
        return "　".join(f"□{translate(text)}" for text in asked.choices.values())
    if asked.columns:
        return "；".join(translate(column.title) for column in asked.columns if column.computed is None)
    if asked.type.value == "boolean":
        return "　".join((f"□{say('是').render()}", f"□{say('否').render()}"))
    return f"　　　　{translate(asked.unit)}" if asked.unit else ""


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
