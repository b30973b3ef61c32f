"""One publication made ready for the site: filtered, with its file names, its JSON and its public facts."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.app.ports.records import Publication
from engine.kernel.file_names import folded, is_device
from engine.kernel.instants import to_text
from engine.language import Message, say
from engine.lifecycle.migration.former_names import CASE, NO_NAMES, FieldNames, under_all_names
from engine.lifecycle.model.bureau import Bureau
from engine.lifecycle.page_types import PageType, PageTypes
from engine.site.filter import Filter

#: No process has a field that was renamed.
NO_FIELDS: Mapping[str, FieldNames] = {}
_UNFIT = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Fact:
    """One public field: its value as kept and its text as people read it, both filtered."""

    value: Any
    text: str


@dataclass(frozen=True, slots=True)
class PublicationPage:
    """One page of the site. Texts are filtered but not escaped; the templates escape."""

    id: str
    kind: PageType
    case: str
    title: str
    #: Name of its files without folder and extension.
    name: str
    published_on: date
    #: Sorting key: newest first.
    published_at: datetime
    due_on: date | None
    late: bool
    withdrawn_on: date | None
    withdrawn_because: str
    body: Mapping[str, Any]
    #: The bytes of the JSON file and their SHA-256, the verification code.
    json: bytes
    code: str
    #: The public facts by the name of the field, and by ``forms.FORM.NAME`` or ``case.NAME``.
    facts: Mapping[str, Fact] = field(default_factory=dict)
    #: Whether the rules of its case were published by one person alone (单人办理). The page says so; the JSON file does not, because
    #: its code must not change where a case comes under other rules later.
    single_handed: bool = False

    @property
    def page(self) -> str:
        """The address of the page from the root of the site."""
        return f"{self.kind.path}/{self.name}.html"

    @property
    def groups(self) -> list[str]:
        """The verification code in eight groups of eight digits."""
        return grouped(self.code)


def grouped(code: str) -> list[str]:
    """Return a hex text in groups of eight."""
    return [code[start : start + 8] for start in range(0, len(code), 8)]


def make_notices(
    publications: Sequence[Publication],
    bureau: Bureau,
    types: PageTypes,
    language: str,
    single_handed: Collection[str] = (),
    names: Mapping[str, FieldNames] = NO_FIELDS,
) -> tuple[list[PublicationPage], list[Message]]:
    """Return a notice for each publication, newest first, and the sentences that say what was left out.

    A publication of a kind the site does not know is left out, with a sentence. `single_handed` are the cases whose rules one
    person published alone; `names` are what the fields of each process are called by its versions: the kinds of pages say the newest.
    """
    zone = ZoneInfo(bureau.timezone)
    filtering = Filter(language)
    notices: list[PublicationPage] = []
    taken: set[tuple[str, str]] = set()
    for publication in sorted(publications, key=lambda p: (p.published_at, p.id), reverse=True):
        filtering.where = filtering.text(publication.id)
        kind = types.pages.get(publication.kind)
        if kind is None:
            filtering.note(
                say("{where}：没有“{kind}”这一类公示，未上网", where=filtering.where, kind=publication.kind)
            )
            continue
        alone = publication.case in single_handed
        notices.append(_notice(publication, kind, zone, filtering, taken, names, alone=alone))
    return notices, list(filtering.withheld.values())


def _notice(
    publication: Publication,
    kind: PageType,
    zone: ZoneInfo,
    filtering: Filter,
    taken: set[tuple[str, str]],
    names: Mapping[str, FieldNames],
    *,
    alone: bool,
) -> PublicationPage:
    own = names.get(str(publication.body.get("workflow")), NO_NAMES)
    filtering.private = kind.private | _kept_under(kind.private, own)
    body = filtering.body(publication.body)
    title = filtering.text(publication.title)
    case = filtering.text(publication.case)
    because = filtering.text(publication.withdrawn_because)
    withdrawn = publication.withdrawn_at
    shown = {
        "id": filtering.where,
        "kind": kind.id,
        "title": title,
        "published_at": to_text(publication.published_at),
        "due_on": publication.due_on.isoformat() if publication.due_on else None,
        "late": publication.late,
        "withdrawn_at": to_text(withdrawn) if withdrawn else None,
        "withdrawn_because": because or None,
        "body": body,
    }
    content = (json.dumps(shown, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n").encode(
        "utf-8", "backslashreplace"
    )
    return PublicationPage(
        id=filtering.where,
        kind=kind,
        case=case,
        title=title,
        name=_file_name(filtering.where, kind.id, taken),
        published_on=publication.published_at.astimezone(zone).date(),
        published_at=publication.published_at,
        due_on=publication.due_on,
        late=publication.late,
        withdrawn_on=withdrawn.astimezone(zone).date() if withdrawn else None,
        withdrawn_because=because,
        body=body,
        json=content,
        code=hashlib.sha256(content).hexdigest(),
        facts=_facts(body["facts"], own),
        single_handed=alone,
    )


def _file_name(publication: str, kind: str, taken: set[tuple[str, str]]) -> str:
    """Return a name no path can hide in; ids that differ only in odd characters still get different names."""
    plain = publication.replace(f"/{kind}/", "-")
    name = _UNFIT.sub("-", plain).strip("-")[:80]
    if (
        name != plain
        or name.startswith(("index", "list", "search", "page-"))
        or is_device(name)
        or not name
        or (kind, folded(name)) in taken
    ):
        name = f"{name}-{hashlib.sha256(publication.encode('utf-8', 'replace')).hexdigest()[:12]}".strip("-")
    taken.add((kind, folded(name)))
    return name


def _kept_under(private: Collection[str], names: FieldNames) -> frozenset[str]:
    """Return what fields with these names are kept under, by any version."""
    return frozenset(kept for known in names.values() for name, kept in known.items() if name in private)


def _facts(given: Iterable[Mapping[str, Any]], names: FieldNames) -> dict[str, Fact]:
    found: dict[str, Fact] = {}
    for one in given:
        fact = Fact(one["value"], str(one["text"] or ""))
        form = "case" if one["form"] == "case" else f"forms.{one['form']}"
        for name in (one["name"], one.get("written", one["name"])):
            found[str(name)] = found[f"{form}.{name}"] = fact
    for place, known in names.items():
        form = CASE if place == CASE else f"forms.{place}"
        for name, fact in under_all_names(place, _of_place(found, form), names).items():
            if name in known:
                found[name] = found[f"{form}.{name}"] = fact
    return found


def _of_place(found: Mapping[str, Fact], form: str) -> dict[str, Fact]:
    return {
        name.removeprefix(f"{form}."): fact for name, fact in found.items() if name.startswith(f"{form}.")
    }
