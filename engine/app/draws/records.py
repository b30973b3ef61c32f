"""Draws in the database: rosters made of the registers, records stored, and the rows that start child cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from engine.app.draws.item_objects import ItemsOf
from engine.app.draws.v2 import stored
from engine.app.ports.records import CaseFilter, DrawRow, RegisterEntry
from engine.app.session.measures import year_of
from engine.draw.commitment import DrawProfile
from engine.draw.drawing import revealed
from engine.draw.record import DrawRecord
from engine.draw.refused import DrawRefused
from engine.draw.roster import ObjectRow, PersonRow
from engine.draw.v2.acts import Draw, require_rosters
from engine.draw.v2.visits import visits_of
from engine.lifecycle.case import Case

if TYPE_CHECKING:
    from engine.app.session.effect_context import EffectContext
    from engine.app.session.unit_of_work import UnitOfWork

#: The class of an object the chosen scheme has not rated.
UNRATED = "未评级"
#: Until when experts are appointed whose register names no end.
UNLIMITED = "9999-12-31"
#: How many register rows are looked up at a time when drawn objects become cases.
LOOK_UP = 1000
#: Why a row is not of this draw at all: everybody else counts in its stratum, whether it takes part or not.
OUT_OF_SCOPE = "out_of_scope"
#: What a roster calls a firm that a plan leaves out under that name.
LEFT_OUT = "left_out"


def record_of(row: DrawRow) -> DrawRecord:
    """Return the draw record stored in `row`. Raises `DrawRefused` where it cannot be read."""
    record = DrawRecord.from_json(row.record["record"])
    return replace(record, log=(*record.log, *row.added)) if row.added else record


def save_record(
    uow: UnitOfWork,
    case_id: str,
    number: int,
    status: str,
    record: DrawRecord,
    made_at: datetime | None = None,
) -> None:
    """Store a draw record. `made_at` is when it was committed to or drawn, now when left out."""
    body = {
        "record": record.to_json(),
        "drawn": len(record.visits),
        "embargoed": record.parsed.profile is DrawProfile.EMBARGO,
        "revealed": record.selection is not None and revealed(record),
    }
    uow.transaction.records.put_draw(DrawRow(case_id, number, status, body, made_at or uow.now))


def rating(entry: RegisterEntry, scheme: str) -> tuple[str, str]:
    """Return the newest (class, date) of an object in a rating scheme."""
    found = [r for r in entry.data.get("ratings") or () if r.get("scheme") == scheme]
    newest = max(found, key=lambda r: str(r.get("date") or ""), default=None)
    return (str(newest["class"]), str(newest.get("date") or "")) if newest else (UNRATED, "")


def object_rows(
    entries: Iterable[RegisterEntry],
    *,
    scheme: str,
    labels: Sequence[str],
    items: Sequence[str] | ItemsOf,
    visits: Mapping[str, int],
    cap: int | None,
    exempt: frozenset[str] = frozenset(),
    excluded: Mapping[str, str] = MappingProxyType({}),
) -> list[ObjectRow]:
    """Return the roster of a register of objects. Rows that cannot be drawn stay in it, with the reason.

    `visits` are this year's visits by object; `cap` is the most there may be, but not for classes and objects of `exempt`.
    `excluded` are objects left out of this draw alone, with the code of the reason. `items` are the same for all, or
    what gives each object its own: one for which there is none is out of scope.
    """
    rows = []
    for entry in entries:
        stratum, dated = rating(entry, scheme)
        own = items(entry) if callable(items) else tuple(items)
        # A firm with a new code was visited, and named in a plan, under the old one too.
        codes = entry.codes
        exempted = exempt and (stratum in exempt or not exempt.isdisjoint(codes))
        made = 0 if exempted else sum(visits.get(code, 0) for code in codes)
        # Scope comes first: a firm that is struck off must not begin to count in the stratum of a draw it was never in.
        scoped = not labels or bool(set(labels) & set(entry.data.get("labels") or ()))
        if not scoped or (callable(items) and not own):
            reason = OUT_OF_SCOPE
        else:
            reason = _exclusion(entry, made, cap) or _left_out(
                next(filter(None, map(excluded.get, codes)), "")
            )
        rows.append(
            ObjectRow(
                entry.id,
                _one_line(entry.name),
                stratum,
                dated,
                _one_line(str(entry.data.get("district") or "")),
                own,
                not reason,
                reason,
            )
        )
    return rows


def _left_out(reason: str) -> str:
    """Return the reason of a plan's exclusion as rosters have it: of whatever name, the firm counts in its stratum all the same."""
    return LEFT_OUT if reason == OUT_OF_SCOPE else reason


def _exclusion(entry: RegisterEntry, visits: int, cap: int | None) -> str:
    status = entry.data.get("status") or "active"
    if status != "active":
        return str(status)
    own = entry.data.get("frequency_cap")
    most = int(own) if own not in (None, "") else cap
    if most is not None and visits >= most:
        return "frequency_cap"
    return ""


def inspector_rows(
    entries: Iterable[RegisterEntry], loads: Mapping[str, int], previous: Mapping[str, set[str]]
) -> list[PersonRow]:
    """Return the roster of inspectors. Those on leave or lent out stay in it, with the reason."""
    import hashlib

    rows = []
    for entry in entries:
        data = entry.data
        status = data.get("status") or "active"
        certificate = str(data.get("cert_no") or "")
        reason = (
            "" if status == "active" and certificate else str(status) if certificate else "no_certificate"
        )
        rows.append(
            PersonRow(
                inspector_id=entry.id,
                section=entry.section or "",
                labels=tuple(data.get("labels") or ()),
                cert_no_digest=hashlib.sha256(certificate.encode()).hexdigest() if certificate else "",
                cert_valid_to=str(data.get("cert_valid_to") or ""),
                eligible=not reason,
                exclude_reason=reason,
                recusals=tuple(data.get("recusals") or ()),
                load=loads.get(entry.id, 0),
                previous=tuple(previous.get(entry.id, ())),
            )
        )
    return rows


def expert_rows(entries: Iterable[RegisterEntry], loads: Mapping[str, int]) -> list[PersonRow]:
    """Return the roster of experts. The last day of their appointment takes the place of the certificate's."""
    rows = []
    for entry in entries:
        data = entry.data
        status = str(data.get("status") or "active")
        rows.append(
            PersonRow(
                inspector_id=entry.id,
                section=entry.section or "",
                labels=tuple(data.get("labels") or ()),
                cert_no_digest="",
                cert_valid_to=str(data.get("appointed_to") or UNLIMITED),
                eligible=status == "active",
                exclude_reason="" if status == "active" else status,
                recusals=tuple(data.get("recusals") or ()),
                load=loads.get(entry.id, 0),
                previous=(),
            )
        )
    return rows


def holder_rows(
    people: Sequence[str], recusals: Mapping[str, set[str]], loads: Mapping[str, int]
) -> list[PersonRow]:
    """Return the roster of people who hold a role and need no certificate (call-back visits)."""
    return [
        PersonRow(
            inspector_id=person,
            section="",
            labels=(),
            cert_no_digest="",
            cert_valid_to="",
            eligible=True,
            exclude_reason="",
            recusals=tuple(sorted(recusals.get(person, ()))),
            load=loads.get(person, 0),
            previous=(),
        )
        for person in people
    ]


def history_of_year(uow: UnitOfWork, now: datetime) -> tuple[Counter[str], Counter[str], dict[str, set[str]]]:
    """Return, from this year's draws that are not void: visits per object, jobs per person, objects per person."""
    zone = uow.services.definitions.time.zone
    start, end = year_of(now, zone)
    visits: Counter[str] = Counter()
    loads: Counter[str] = Counter()
    previous: dict[str, set[str]] = {}
    for row in uow.transaction.records.draws():
        if row.status in ("void", "lapsed") or not start <= row.made_at < end:
            continue
        for object_id, people in _visited(row):
            visits[object_id] += 1
            for person in people:
                loads[person] += 1
                previous.setdefault(person, set()).add(object_id)
    # Visits entered from an old ledger count for the frequency of the firm.
    first, last = start.astimezone(zone).date().isoformat(), end.astimezone(zone).date().isoformat()
    for entry in uow.transaction.registers.all("visits"):
        if first <= str(entry.data.get("ledger_day") or "") < last:
            visits[str(entry.data.get("object"))] += 1
    return visits, loads, previous


def _visited(row: DrawRow) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the objects of a draw and everybody who goes to each."""
    if row.public:
        for visit in visits_of(stored.draw_of(row)):
            yield visit.row.object_id, (*visit.people, *visit.experts)
        return
    record = record_of(row)
    for drawn in record.visits:
        yield drawn.object_id, (*record.team(drawn.object_id), *record.team(drawn.object_id, "experts"))


def children_to_call(uow: UnitOfWork, parent: str, workflow: str, *, only_closed: bool) -> list[Case]:
    """Return the cases of `workflow` below `parent`, or the closed ones: the pool of call-back visits."""
    wanted = CaseFilter(parent=parent, workflow=workflow, open=False if only_closed else None)
    return uow.transaction.cases.find(wanted, limit=1_000_000)


def drawn_rows(context: EffectContext) -> Iterator[dict[str, Any]]:
    """Yield what a child case is started with for each drawn object, in the order of the bytes of ids.

    Children are numbered in this order, and results name the number beside the firm. The public kit lists strata in the order
    of tickets: any order made of tickets, lots or strata would tell the stratum of every firm. The order of ids is that of
    the public list, which anybody can make himself.
    """
    uow = context.uow
    row = uow.transaction.records.draw(context.case.id)
    if row is None or row.status == "void":
        return
    if row.public:
        draw = stored.draw_of(row)
        try:
            # Whoever is visited, and by whom, follows from here on: a roster changed since the commitment is not followed.
            require_rosters(draw)
        except DrawRefused as refused:
            raise context.refuse(refused.reasons[0].message) from None
        visits = _public_visits(draw)
    else:
        visits = _first_visits(record_of(row))
    visits.sort(key=lambda visit: visit["id"].encode())
    for begin in range(0, len(visits), LOOK_UP):
        part = visits[begin : begin + LOOK_UP]
        entries = uow.transaction.registers.some("objects", [visit["id"] for visit in part])
        for position, visit in enumerate(part, begin + 1):
            entry = entries.get(visit["id"])
            data = entry.data if entry else {}
            yield {
                "id": visit["id"],
                "name": visit["name"],
                "class": visit["class"],
                "district": visit["district"],
                "address": data.get("address"),
                "labels": list(data.get("labels") or ()),
                **{key: visit[key] for key in ("items", "inspectors", "experts", "ticket")},
                "position": position,
            }


def _first_visits(record: DrawRecord) -> list[dict[str, Any]]:
    """Return the objects of a draw of ssj-draw/1."""
    from engine.draw.roster import parse_objects

    roster = {r.object_id: r for r in parse_objects(record.objects)}
    return [
        {
            "id": drawn.object_id,
            "name": roster[drawn.object_id].name,
            "class": drawn.stratum,
            "district": roster[drawn.object_id].district,
            "items": list(record.parsed.items),
            "inspectors": list(record.team(drawn.object_id)),
            "experts": list(record.team(drawn.object_id, "experts")),
            "ticket": drawn.ticket,
        }
        for drawn in record.visits
    ]


def _public_visits(draw: Draw) -> list[dict[str, Any]]:
    """Return the objects of a draw of ssj-draw/2."""
    return [
        {
            "id": visit.row.object_id,
            "name": visit.row.name,
            "class": visit.row.stratum,
            "district": visit.row.district,
            "items": list(visit.row.items),
            "inspectors": list(visit.people),
            "experts": list(visit.experts),
            "ticket": visit.ticket,
        }
        for visit in visits_of(draw)
    ]


def public_draw(uow: UnitOfWork, case: Case) -> dict[str, Any] | None:
    """Return what the public page of a draw shows; inspectors stay out of it."""
    row = uow.transaction.records.draw(case.id)
    if row is None:
        return None
    if row.public:
        from engine.app.draws.v2.public import public_draw as of_second

        return of_second(uow.transaction, row, uow.process(case).bureau.codes.get("void_reasons", {}))
    record = record_of(row)
    commitment = record.parsed
    digests = commitment.digests()
    names: dict[str, str] = {}
    # Nothing of the outcome of an embargoed draw is published before it is revealed: neither the list nor the cutoffs.
    public = revealed(record)
    if record.visits and public:
        from engine.draw.roster import parse_objects

        names = {r.object_id: r.name for r in parse_objects(record.objects)}
    results = {s.stratum: s for s in record.selection.strata} if record.selection and public else {}
    return {
        "number": row.number,
        "status": row.status,
        "commitment_sha256": digests.sha256,
        "commitment_sm3": digests.sm3,
        "roster_sha256": commitment.objects.sha256,
        "entropy_rule": commitment.entropy_rule,
        "entropy": record.entropy or None,
        "entropy_sources": list(commitment.entropy_sources),
        "pool_size": commitment.objects.rows,
        "strata": [
            {
                "name": quota.stratum,
                "size": quota.listed,
                "source": commitment.register_counts.get(quota.stratum, 0),
                "eligible": quota.eligible,
                "ratio": commitment.rules.ratios.get(quota.stratum, ""),
                "drawn": quota.quota,
                "cutoff": results[quota.stratum].cutoff if quota.stratum in results else None,
            }
            for quota in commitment.quotas
        ],
        "selected": [
            {
                "position": position,
                "id": drawn.object_id,
                "name": names.get(drawn.object_id, ""),
                "class": drawn.stratum,
                "ticket": drawn.ticket,
            }
            for position, drawn in enumerate(record.visits if public else (), 1)
        ],
        "removals": [{"id": r.object_id, "reason": r.reason} for r in (record.removals if public else ())],
        "void_reason": _void_reason(record),
        **_embargo(record, commitment.profile, public),
    }


def _embargo(record: DrawRecord, profile: DrawProfile, public: bool) -> dict[str, Any]:
    if profile is DrawProfile.OPEN:
        return {}
    return {
        "profile": profile.value,
        "revealed": record.selection is not None and public,
        "codes": list(record.codes) if public else [],
    }


def _void_reason(record: DrawRecord) -> str | None:
    if not record.void:
        return None
    from engine.draw.log import read_log

    entries, _ = read_log(record.log)
    return next((str(e.body.get("reason", "")) for e in reversed(entries) if e.kind == "void"), None)


def _one_line(text: str) -> str:
    import unicodedata

    return unicodedata.normalize("NFC", " ".join(text.split()))


def excluded_of(row: DrawRow) -> dict[str, int]:
    """Return reason -> how many objects of the roster are excluded for it; nothing where the commitment does not say it.

    Of one firm that is known to be excluded, its class would follow: commitments since 2026-12 hold no such numbers.
    """
    if row.public:
        return dict(stored.draw_of(row).commitment["objects"].get("excluded", {}))
    return dict(record_of(row).parsed.objects.excluded)
