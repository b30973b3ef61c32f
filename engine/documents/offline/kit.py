"""The offline form of a case as one HTML file: nothing of it is fetched, and it needs no server and no secure address."""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.documents.offline.form_data import counts_on_calendar, form_data, names_outside
from engine.documents.offline.words import words
from engine.kernel.budget import KEPT_FILE, OFFLINE_RECORD
from engine.kernel.instants import to_text
from engine.language import SOURCE_LANGUAGE, current_language, translate
from engine.lifecycle.expressions.as_data import value_as_data
from engine.lifecycle.expressions.expression import CALENDAR
from engine.lifecycle.forms.answers import ROW_ANSWERS
from engine.lifecycle.forms.row_parts import ROW_PARTS, parts_of

if TYPE_CHECKING:
    from engine.app.queries.papers.offline import OfflineForms
    from engine.worktime.calendar import Calendar

FORMAT, RECORD = "ssj-offline/1", "ssj-offline-record/1"
#: So much of a record is left for its answers.
ANSWERS_BYTES = 10_000_000
_EPOCH = date(1970, 1, 1)
_HERE = Path(__file__).parent


def kit_page(found: OfflineForms) -> bytes:
    """Return the file. Of the case it holds only what the conditions of its forms look at."""
    case = found.case
    steps = [
        {
            "id": step.id,
            "title": step.title,
            "form": form_data(step.form, step.setting.held, step.setting.hidden),
            "item_forms": [form_data(form) for form in step.item_forms],
        }
        for step in found.steps
    ]
    scope: dict[str, Any] = {}
    for step in found.steps:
        for form in (step.form, *step.item_forms):
            for path in names_outside(form):
                _put(scope, step.setting.scope, path)
    data: dict[str, Any] = {
        "format": FORMAT,
        "record_format": RECORD,
        "case": {
            "id": case.id,
            "title": case.title,
            "workflow": case.workflow,
            "version": case.version,
            "state": case.state,
            "entered_at": case.entered_at.isoformat(),
        },
        "person": found.person,
        "people": _people(found),
        "steps": steps,
        "scope": value_as_data(scope),
        "calendar": _calendar(found),
        "offset": found.offset,
        "row_choices": [[code, word] for code, word in ROW_ANSWERS.items()],
        "row_parts": [
            [part.name, part.title, part.type.value, part not in parts_of("")] for part in ROW_PARTS
        ],
        "limits": {"file": KEPT_FILE.bytes, "record": OFFLINE_RECORD.bytes - ANSWERS_BYTES},
        "words": words(),
    }
    data = _in_words(data)
    data["id"] = hashlib.sha256(_json({**data, "made_at": to_text(found.made_at)}).encode()).hexdigest()
    page = (_HERE / "kit.html").read_text(encoding="utf-8")
    parts = {
        "{LANGUAGE}": "zh-CN" if current_language() == SOURCE_LANGUAGE else current_language(),
        "{TITLE}": html.escape(f"{case.title} {case.id}"),
        "{STYLE}": (_HERE / "kit.css").read_text(encoding="utf-8"),
        "{EXPRESSIONS}": (_HERE / "expressions.js").read_text(encoding="utf-8"),
        "{READING}": (_HERE / "reading.js").read_text(encoding="utf-8"),
        "{ANSWERS}": (_HERE / "answers.js").read_text(encoding="utf-8"),
        "{PICTURES}": (_HERE / "pictures.js").read_text(encoding="utf-8"),
        "{PROGRAM}": (_HERE / "kit.js").read_text(encoding="utf-8"),
        "{DATA}": _json(data),
    }
    # In one pass: what people wrote is looked into for no place.
    page = re.sub("|".join(map(re.escape, parts)), lambda place: parts[place[0]], page)
    return page.encode("utf-8", "backslashreplace")


def _people(found: OfflineForms) -> dict[str, dict[str, Any]]:
    """Return the name of a question, "" for any other -> who may be chosen: those of the case first, then as the page lists them."""
    lists: dict[str, dict[str, Any]] = {}
    for register in {"", *found.registers}:
        asked = found.registers.get(register)
        own = found.people if asked is None else {one: found.people[one] for one in asked.own}
        names = list(own.values())
        first = [
            [one, name if names.count(name) == 1 else f"{name} {one}"] for one, name in sorted(own.items())
        ]
        more = () if asked is None else sorted(asked.others.items())
        lists[register] = {
            "first": len(first),
            "list": [*first, *([one, f"{name} {one}"] for one, name in more)],
            "whole": asked is None or asked.whole,
        }
    return lists


def _calendar(found: OfflineForms) -> list[list[int]] | None:
    """Return the calendar of the bureau for the program; None where no form counts on it."""
    for step in found.steps:
        calendar: Calendar | None = step.setting.scope.get(CALENDAR)
        if calendar is not None and any(map(counts_on_calendar, (step.form, *step.item_forms))):
            return different_days(calendar)
    return None


def different_days(calendar: Calendar) -> list[list[int]]:
    """Return the days that are not as their day of the week, each as [days after 1970-01-01, 1 where it is worked]."""
    return [[(day - _EPOCH).days, int(worked)] for day, worked in calendar.different_days()]


def _in_words(value: Any) -> Any:
    """Return data with every text of a definition in the language of the page."""
    if isinstance(value, Mapping):
        return {name: _in_words(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_in_words(one) for one in value]
    return translate(value) if isinstance(value, str) else value


def _put(target: dict[str, Any], scope: Mapping[str, Any], path: tuple[str, ...]) -> None:
    """Copy what a dotted name looks up, and nothing beside it."""
    value: Any = scope
    for number, part in enumerate(path):
        if not isinstance(value, Mapping) or part not in value:
            return
        value = value[part]
        if number + 1 == len(path):
            target[part] = value
        elif isinstance(value, Mapping):
            target = target.setdefault(part, {})
        else:
            return


def _json(value: Any) -> str:
    """Return JSON that can stand inside of a page: no text of it ends the element it is in."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
