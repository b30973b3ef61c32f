"""The columns of the sheets: their other spellings, the languages of labels, and what is left out of them."""

from __future__ import annotations

from collections.abc import Iterable

from engine.authoring.xlsform.cell_problem import CellProblem
from engine.authoring.xlsform.limits import MAX_LANGUAGES
from engine.authoring.xlsform.sheets import FormSheet, SheetRow
from engine.language import say
from engine.yamltext.problem import Severity

#: Columns that are read; those with a language are read by `Labels`.
_SURVEY = {
    *("type", "name", "required", "relevant", "constraint", "calculation", "choice_filter", "read_only"),
    *("repeat_count", "default", "appearance", "disabled", "parameters"),
}
_CHOICES = {"list_name", "name"}
_SETTINGS = {"form_id", "form_title", "version", "default_language"}
_IN_LANGUAGES = {"label", "hint", "constraint_message", "required_message"}
#: Columns whose second part may stand behind one colon, as it did in the beginning.
_WITH_PARTS = (*sorted(_IN_LANGUAGES), "caption", "bind", "control", "body", "media")
_OTHER_SPELLINGS = {
    "command": "type",
    "tag": "name",
    "caption": "label",
    "relevance": "relevant",
    "calculate": "calculation",
    "readonly": "read_only",
    "repeatcount": "repeat_count",
    "list": "list_name",
    "id_string": "form_id",
    "title": "form_title",
    "bind::relevant": "relevant",
    "bind::constraint": "constraint",
    "bind::calculate": "calculation",
    "bind::required": "required",
    "bind::readonly": "read_only",
    "bind::jr:constraintmsg": "constraint_message",
    "bind::jr:requiredmsg": "required_message",
    "control::appearance": "appearance",
    "body::appearance": "appearance",
    "control::jr:count": "repeat_count",
    "jr:count": "repeat_count",
}


def known_header(header: str, sheet: str) -> str:
    """Return the usual spelling of a folded header."""
    if "::" not in header and header.split(":", 1)[0] in _WITH_PARTS:
        header = header.replace(":", "::", 1)
    if header.startswith("caption::"):
        header = header.replace("caption", "label", 1)
    if sheet == "choices" and header == "value":
        return "name"
    if sheet == "settings" or header not in ("title", "list"):
        return _OTHER_SPELLINGS.get(header, header)
    return header if header == "title" else "list_name"


def with_usual_headers(sheet: FormSheet, kind: str) -> FormSheet:
    """Return a sheet whose columns have their usual names."""
    usual = {header: known_header(header, kind) for header in sheet.columns}
    columns: dict[str, tuple[str, str]] = {}
    for header, place in sheet.columns.items():
        columns.setdefault(usual[header], place)
    rows = [
        SheetRow(row.sheet, row.number, {usual[name]: text for name, text in row.texts.items()}, columns)
        for row in sheet.rows
    ]
    return FormSheet(sheet.name, columns, rows)


class Labels:
    """Picks the labels of one language out of those of several."""

    def __init__(self, sheets: Iterable[FormSheet], language: str | None) -> None:
        found = [
            header.split("::", 1)[1]
            for sheet in sheets
            for header in sheet.columns
            if _language(header) is not None
        ]
        languages = list(dict.fromkeys(found))
        wanted = (language or "").lower().replace(" ", "_")
        self.languages = languages
        #: The language that was picked; None: the columns without a language.
        self.chosen: str | None = next((one for one in languages if wanted and wanted in one), None)
        self.unknown = bool(wanted) and self.chosen is None
        if self.chosen is None:
            self.chosen = next(
                (
                    one
                    for one in languages
                    if "中文" in one or "chinese" in one or "(zh" in one or one == "zh"
                ),
                None,
            )

    def text(self, row: SheetRow, name: str) -> tuple[str, str]:
        """Return (text, its header) of a column in the language chosen, else without one, else in any."""
        headers = [f"{name}::{self.chosen}"] if self.chosen else []
        headers += [name, *(f"{name}::{one}" for one in self.languages[:MAX_LANGUAGES])]
        return next(((row.get(header), header) for header in headers if row.get(header)), ("", name))


def _language(header: str) -> str | None:
    name, _, language = header.partition("::")
    return language if name in _IN_LANGUAGES and language else None


def unread(sheet: FormSheet, kind: str, labels: Labels) -> Iterable[CellProblem]:
    """Yield what is said of the columns that are not read."""
    known = {"survey": _SURVEY, "choices": _CHOICES, "settings": _SETTINGS}[kind]
    for header in sheet.columns:
        if header in known or header in _IN_LANGUAGES:
            continue
        language = _language(header)
        if language is not None:
            if language != labels.chosen:
                message = say("只导入一种语言的文字，这一列没有用")
                yield CellProblem(sheet.header(header), "other-language", Severity.ADVICE, message)
        elif kind != "choices" or header.startswith(("media", "image", "audio", "video")):
            message = say("这一列没有导入")
            severity = Severity.ADVICE if kind == "settings" else Severity.WARNING
            yield CellProblem(sheet.header(header), "column-ignored", severity, message)
