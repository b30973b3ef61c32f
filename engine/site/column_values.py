"""What is in the columns of a public page: the values its page type names, as texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from engine.language import say
from engine.lifecycle.expressions.expression import number_in
from engine.lifecycle.model.bureau import Bureau
from engine.lifecycle.page_types import ABOVE, PARTS, PageColumn, PageTypes
from engine.site.draw_status import status_text
from engine.site.publication_page import PublicationPage


def rows_of(
    notices: Sequence[PublicationPage], bureau: Bureau, types: PageTypes, language: str
) -> dict[str, dict[str, str]]:
    """Return, for each notice by id, the texts of the columns of its page type, without its position.

    Fields of plans and batches are taken from the notices of those plans and batches.
    """
    above: dict[str, dict[str, PublicationPage]] = {}
    for part in ABOVE:
        publishers = types.publisher_of(part)
        above[part] = {n.case: n for n in reversed(notices) if n.kind.id in publishers}
    return {
        notice.id: {
            column.id: _text(notice, column, above, bureau, language)
            for column in notice.kind.columns
            if not column.position
        }
        for notice in notices
    }


def ordered(
    notices: Sequence[PublicationPage], rows: Mapping[str, Mapping[str, str]]
) -> list[PublicationPage]:
    """Return the notices of one page type in the order of its list: newest first where it names no column."""
    kind = notices[0].kind if notices else None
    column = kind.sort if kind is not None else None
    if kind is None or column is None:
        return list(notices)
    return sorted(
        notices,
        key=lambda notice: _order(rows[notice.id].get(column.id, ""), column),
        reverse=kind.descending,
    )


def _order(text: str, column: PageColumn) -> tuple[bool, Fraction, str]:
    """Return what a text is sorted by: numbers by their value and before everything else."""
    if column.format in ("number", "count", "ratio"):
        number = exact(text)
        if number is not None:
            return False, number, ""
    return True, Fraction(0), text


def _text(
    notice: PublicationPage,
    column: PageColumn,
    above: Mapping[str, Mapping[str, PublicationPage]],
    bureau: Bureau,
    language: str,
) -> str:
    for path in column.values:
        text = _value(notice, path, column.format, above, bureau, language)
        if text:
            return text
    return ""


def _value(
    notice: PublicationPage,
    path: str,
    form: str,
    above: Mapping[str, Mapping[str, PublicationPage]],
    bureau: Bureau,
    language: str,
) -> str:
    root, _, name = path.partition(".")
    if path == "case.id":
        return notice.case
    if not name or root in ("forms", "case"):
        return _fact(notice, path, form, language)
    if root == "publication":
        return _of_publication(notice, name, language)
    if root == "bureau":
        return bureau.title if name == "title" else bureau.id
    part: Mapping[str, Any] = notice.body.get(root) or {}
    if root in ABOVE and name not in PARTS[root]:
        other = above[root].get(str(part.get("id")))
        return _fact(other, name, form, language) if other is not None else ""
    if path == "draw.status":
        return status_text(part.get("status"), language)
    if form == "count":
        return str(len(part.get(name) or ())) if part else ""
    return str(part.get(name) or "")


def _of_publication(notice: PublicationPage, name: str, language: str) -> str:
    if name == "late":
        return (say("逾期公示") if notice.late else say("否")).render(language) if notice.due_on else ""
    if name == "withdrawn":
        if notice.withdrawn_on is None:
            return ""
        day, reason = notice.withdrawn_on.isoformat(), notice.withdrawn_because
        return say("{day} 撤回：{reason}", day=day, reason=reason).render(language)
    if name in ("due_on", "published_on"):
        day_of = notice.due_on if name == "due_on" else notice.published_on
        return day_of.isoformat() if day_of else ""
    return str({"title": notice.title, "case": notice.case, "code": notice.code, "page": notice.page}[name])


def _fact(notice: PublicationPage, path: str, form: str, language: str) -> str:
    found = notice.facts.get(path)
    if found is None:
        return ""
    return formatted(found.value, found.text, form, language)


def formatted(value: Any, text: str, form: str, language: str) -> str:
    """Return a public value as its column asks for it; as the form says it where it cannot stand so."""
    if form == "date":
        return str(value)[:10]
    if form == "yes or no" and isinstance(value, bool):
        return (say("是") if value else say("否")).render(language)
    if form == "count":
        return str(len(value)) if isinstance(value, list | tuple) else text
    if form == "number" and not isinstance(value, bool | list | dict):
        return str(value)
    if form == "ratio":
        number = exact(value)
        if number is not None:
            hundredths = number.numerator * 10_000 // number.denominator
            return f"{'-' if hundredths < 0 else ''}{abs(hundredths) // 100}.{abs(hundredths) % 100:02d}%"
    return text


def exact(value: Any) -> Fraction | None:
    """Return the exact number of a value as a form keeps it (12, ``12.50``, ``5%``, ``1/20``), or None."""
    if isinstance(value, bool) or value is None:
        return None
    return number_in(str(value).strip())
