"""One publication made ready for the site: filtered, with its file names, its JSON and the row it fills in its list."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from engine.app.ports.records import Publication
from engine.kernel.instants import to_text
from engine.language import Message, say
from engine.lifecycle.model.bureau import Bureau
from engine.site.filter import Filter
from engine.site.kinds import DRAW_STATUS, KINDS, PageKind

_COLUMNS = Path(__file__).with_name("columns.yaml")
_UNFIT = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class PublicationPage:
    """One page of the site. Texts are filtered but not escaped; the templates escape."""

    id: str
    kind: PageKind
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
    #: field name -> text, of the public facts.
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def page(self) -> str:
        """The address of the page from the root of the site."""
        return f"{self.kind.folder}/{self.name}.html"

    @property
    def groups(self) -> list[str]:
        """The verification code in eight groups of eight digits."""
        return grouped(self.code)


def grouped(code: str) -> list[str]:
    """Return a hex text in groups of eight."""
    return [code[start : start + 8] for start in range(0, len(code), 8)]


@cache
def sources() -> Mapping[str, tuple[str, ...]]:
    """Return which facts fill which column (``columns.yaml``)."""
    body = yaml.safe_load(_COLUMNS.read_text("utf-8"))
    return {column: tuple(names) for column, names in body.items()}


def make_notices(
    publications: Sequence[Publication], bureau: Bureau, language: str
) -> tuple[list[PublicationPage], list[Message]]:
    """Return a notice for each publication, newest first, and the sentences that say what was left out.

    A publication of a kind the site does not know is left out, with a sentence.
    """
    zone = ZoneInfo(bureau.timezone)
    filtering = Filter(language)
    notices: list[PublicationPage] = []
    taken: set[tuple[str, str]] = set()
    for publication in sorted(publications, key=lambda p: (p.published_at, p.id), reverse=True):
        filtering.where = filtering.text(publication.id)
        kind = KINDS.get(publication.kind)
        if kind is None:
            filtering.note(
                say("{where}：没有“{kind}”这一类公示，未上网", where=filtering.where, kind=publication.kind)
            )
            continue
        notices.append(_notice(publication, kind, zone, filtering, taken))
    return notices, list(filtering.withheld.values())


def _notice(
    publication: Publication, kind: PageKind, zone: ZoneInfo, filtering: Filter, taken: set[tuple[str, str]]
) -> PublicationPage:
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
        facts=_texts(body["facts"]),
    )


def _file_name(publication: str, kind: str, taken: set[tuple[str, str]]) -> str:
    """Return a name no path can hide in; ids that differ only in odd characters still get different names."""
    plain = publication.replace(f"/{kind}/", "-")
    name = _UNFIT.sub("-", plain).strip("-")[:80]
    if (
        name != plain
        or name.startswith(("index", "list", "search", "page-"))
        or not name
        or (kind, name) in taken
    ):
        name = f"{name}-{hashlib.sha256(publication.encode('utf-8', 'replace')).hexdigest()[:12]}".strip("-")
    taken.add((kind, name))
    return name


def _texts(facts: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    return {str(fact["name"]): str(fact["text"] or "") for fact in facts}


def rows_of(notices: Sequence[PublicationPage], bureau: Bureau, language: str) -> dict[str, dict[str, str]]:
    """Return, for each notice by id, the texts of the columns of its list, without its position.

    Numbers and types of plans and tasks are taken from the notices of those plans and tasks.
    """
    plans = {n.case: n for n in reversed(notices) if n.kind.id == "plan"}
    batches = {n.case: n for n in reversed(notices) if n.kind.id == "batch_plan"}
    return {notice.id: _row(notice, plans, batches, bureau, language) for notice in notices}


def _row(
    notice: PublicationPage,
    plans: Mapping[str, PublicationPage],
    batches: Mapping[str, PublicationPage],
    bureau: Bureau,
    language: str,
) -> dict[str, str]:
    body = notice.body
    batch_part, plan_part = body.get("batch") or {}, body.get("plan") or {}
    batch, plan = batches.get(str(batch_part.get("id"))), plans.get(str(plan_part.get("id")))
    subject, draw = body.get("subject") or {}, body.get("draw") or {}

    def fact(column: str, *others: PublicationPage | None) -> str:
        for holder in (notice, *others):
            for name in sources().get(column, ()) if holder else ():
                if holder and (text := holder.facts.get(name)):
                    return text
        return ""

    def number_of(other: PublicationPage | None, part: Mapping[str, Any]) -> str:
        names = sources().get("number", ())
        return next(
            (other.facts[n] for n in names if other and other.facts.get(n)), str(part.get("id") or "")
        )

    status = DRAW_STATUS.get(str(draw.get("status")))
    return {
        "title": notice.title,
        "number": fact("number") or notice.case,
        "name": fact("plan_title") or notice.title,
        "year": fact("year"),
        "plan_number": number_of(plan, plan_part),
        "plan_title": str(plan_part.get("title") or ""),
        "batch_number": number_of(batch, batch_part),
        "batch_title": str(batch_part.get("title") or ""),
        "draw_type": fact("draw_type", batch),
        "items": fact("items"),
        "object_scope": fact("object_scope"),
        "inspect_from": fact("inspect_from"),
        "inspect_to": fact("inspect_to"),
        "draw_number": str(draw.get("number") or ""),
        "draw_status": status.render(language) if status else str(draw.get("status") or ""),
        "pool_size": str(draw.get("pool_size") or ""),
        "drawn": str(len(draw.get("selected") or ())) if draw else "",
        "commitment": str(draw.get("commitment_sha256") or ""),
        "agency": bureau.title,
        "object_name": str(subject.get("name") or ""),
        "object_code": str(subject.get("id") or ""),
        "district": str(subject.get("district") or ""),
        "finished_on": fact("finished_on"),
        "result": fact("result"),
        "remark": fact("remark"),
        "route": fact("route"),
        "done": fact("done"),
        "done_on": fact("done_on"),
        "due_on": notice.due_on.isoformat() if notice.due_on else "",
        "published_on": notice.published_on.isoformat(),
        "late": (say("逾期公示") if notice.late else say("否")).render(language) if notice.due_on else "",
        "withdrawn": _withdrawal(notice, language),
        "code": notice.code,
        "page": notice.page,
    }


def _withdrawal(notice: PublicationPage, language: str) -> str:
    if notice.withdrawn_on is None:
        return ""
    return say(
        "{day} 撤回：{reason}", day=notice.withdrawn_on.isoformat(), reason=notice.withdrawn_because
    ).render(language)
