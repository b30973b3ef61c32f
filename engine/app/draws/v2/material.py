"""The plan of a draw as ssj-draw/2 takes it: rosters with all their columns, and the rules of the commitment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from engine.app.draws.plan import DrawPlan
from engine.app.draws.quotas import Band
from engine.app.draws.records import OUT_OF_SCOPE
from engine.draw.commitment import DrawRules, stratum_of
from engine.draw.roster import PersonRow
from engine.draw.v2.rosters import RosterObject, RosterPerson

if TYPE_CHECKING:
    from engine.app.session.unit_of_work import UnitOfWork

#: The column of ssj-draw/2 that the strata of a plan are made of.
_COLUMNS = {"credit_class": ["credit_class"], "district": ["district"], "whole": []}


def roster_objects(plan: DrawPlan) -> list[RosterObject]:
    """Return the roster of objects."""
    return [
        RosterObject(
            object_id=row.object_id,
            stratum="" if row.exclude_reason == OUT_OF_SCOPE else stratum_of(plan.rules, row),
            eligible=row.eligible,
            name=row.name,
            credit_class=row.credit_class,
            class_date=row.class_date,
            district=row.district,
            items=tuple(sorted(row.items)),
            exclude_reason=row.exclude_reason,
        )
        for row in plan.objects
    ]


def roster_people(uow: UnitOfWork, plan: DrawPlan) -> list[RosterPerson]:
    """Return the roster of people and experts. Somebody who is in both is in it once, in both pools."""
    found: dict[str, RosterPerson] = {}
    registers = uow.transaction.registers
    for pool, rows, kind in (
        ("people", plan.people, "inspectors"),
        ("experts", plan.experts or (), "experts"),
    ):
        entries = registers.some(kind, [row.inspector_id for row in rows]) if rows else {}
        for row in rows:
            entry = entries.get(row.inspector_id)
            number = str(entry.data.get("cert_no") or "") if entry is not None else ""
            person = _person(row, pool, number)
            known = found.get(row.inspector_id)
            found[row.inspector_id] = person if known is None else _joined(known, person)
    return list(found.values())


def _person(row: PersonRow, pool: str, certificate: str) -> RosterPerson:
    return RosterPerson(
        person_id=row.inspector_id,
        pools=(pool,),
        section=row.section,
        labels=tuple(sorted(set(row.labels))),
        certificate=certificate,
        cert_valid_to=row.cert_valid_to,
        eligible=row.eligible,
        exclude_reason=row.exclude_reason,
        recusals=tuple(sorted(set(row.recusals))),
        load=row.load,
        previous=tuple(sorted(set(row.previous))),
    )


def _joined(one: RosterPerson, other: RosterPerson) -> RosterPerson:
    """Return one row for two registers: what holds a person back in either holds in both."""
    barred = one if not one.eligible else other
    return RosterPerson(
        person_id=one.person_id,
        pools=tuple(sorted({*one.pools, *other.pools})),
        section=one.section,
        labels=tuple(sorted({*one.labels, *other.labels})),
        certificate=one.certificate or other.certificate,
        cert_valid_to=min(one.cert_valid_to, other.cert_valid_to),
        eligible=one.eligible and other.eligible,
        exclude_reason=barred.exclude_reason,
        recusals=tuple(sorted({*one.recusals, *other.recusals})),
        load=max(one.load, other.load),
        previous=tuple(sorted({*one.previous, *other.previous})),
    )


def object_rules(
    rules: DrawRules, rows: list[RosterObject], bands: Mapping[str, Sequence[Band]] = MappingProxyType({})
) -> dict[str, Any]:
    """Return the rules for the objects: for each stratum of the roster the ratio, or the bands, the plan gives it."""
    least = rules.min_per_stratum
    groups: list[dict[str, Any]] = []
    if rules.total_floor is not None:
        groups.append(
            {"title": "总体不低于", "kind": "floor", "strata": [], "count": None, "ratio": rules.total_floor}
        )
    if rules.fixed_total is not None:
        groups.append(
            {"title": "总数", "kind": "total", "strata": [], "count": rules.fixed_total, "ratio": None}
        )
    return {
        "stratum_from": _COLUMNS[rules.strata],
        # Strata the plan gives no ratio are left out here, and refused with their names.
        "strata": [
            {
                "stratum": name,
                "bands": [band.as_json() for band in bands.get(name, ())]
                or [{"up_to": None, "count": None, "ratio": rules.ratios[name]}],
                "min": least,
                "max": None,
            }
            for name in sorted({row.stratum for row in rows if row.stratum})
            if name in rules.ratios
        ],
        "groups": groups,
        "on_removal": rules.on_removal,
        "removal_reasons": list(rules.removal_reasons),
    }


def people_rules(rules: DrawRules, team: Mapping[str, int] = MappingProxyType({})) -> dict[str, Any]:
    """Return the rules for the people: the places of a team, so many of each section in `team`, and the experts beside it."""
    certified = bool(rules.valid_on)

    def place(pool: str, title: str, labels: list[str], section: str | None = None) -> Mapping[str, Any]:
        return {
            "title": title,
            "pool": pool,
            "sections": list(rules.sections) if section is None else [section],
            "own_section": False,
            "labels": labels,
            "items": rules.match,
            "district": False,
            "certificate": certified,
        }

    if team:
        members = [place("people", "检查人员", [], one) for one, count in team.items() for _ in range(count)]
    else:
        members = [place("people", "检查人员", [label] if label else []) for label in rules.slots]
    return {
        "team_per": "object",
        "places": [*members, *(place("experts", "专家", []) for _ in range(rules.experts))],
        "valid_on": rules.valid_on,
        "rotation": rules.rotation,
        "replacement_reasons": list(rules.replacement_reasons),
    }
