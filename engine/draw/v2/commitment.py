"""The commitment of ssj-draw/2: everything that decides a draw, as one canonical text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from engine.draw.refused import DrawRefused, refuse_if
from engine.draw.v2.anchors import ANCHOR, anchor_problems
from engine.draw.v2.log import PublicLog
from engine.draw.v2.quotas import GROUP, QUOTA, QUOTA_BEFORE, STRATUM, quotas
from engine.draw.v2.randomness.calendars import CALENDAR
from engine.draw.v2.randomness.custodians import CUSTODIANS, custodian_problems
from engine.draw.v2.randomness.sources import SOURCE, source_problems
from engine.draw.v2.rosters import (
    RosterObject,
    RosterPerson,
    count_strata,
    digest_of_table,
    is_before,
    parse_objects,
    parse_people,
    public_form,
    stratum_of,
)
from engine.draw.v2.shapes import (
    DIGEST,
    ID,
    SPEC,
    Either,
    Maybe,
    Table,
    canonical_bytes,
    day,
    filled,
    flag,
    matching,
    number,
    one_of,
    require_shape,
    text,
    wrong,
)
from engine.kernel.refusal import RefusalReason
from engine.language import Message, say

TICKET = "draft-thomson-elegy-vrs: HMAC-SHA256"
#: The columns strata and units can be made of.
STRATUM_COLUMNS = ("credit_class", "district", "section")
POOLS = ("people", "experts")

PLACE = {
    "title": text,
    "pool": one_of(*POOLS),
    "sections": [filled],
    "own_section": flag,
    "labels": [filled],
    "items": one_of("none", "any", "all"),
    "district": flag,
    "certificate": flag,
}
PEOPLE_RULES = {
    "team_per": one_of("object", "section", "district"),
    "places": [PLACE],
    "valid_on": lambda value: value == "" or day(value),
    "rotation": flag,
    "replacement_reasons": [filled],
}
OBJECT_RULES = {
    "stratum_from": [one_of(*STRATUM_COLUMNS)],
    "strata": [STRATUM],
    "groups": [GROUP],
    "on_removal": one_of("fill", "shrink"),
    "removal_reasons": [filled],
}
_SHA = matching(DIGEST)
_TABLE = {"rows": number, "root": _SHA, "sm3": _SHA}
_COMMITMENT = {
    "spec": one_of(SPEC),
    "ticket_function": one_of(TICKET),
    "bureau": filled,
    "batch_id": matching(ID),
    "draw_no": number,
    "purpose": filled,
    "items": [filled],
    "objects": _TABLE,
    "people": Maybe(_TABLE),
    "strata": Table({"listed": number}),
    "registered": number,
    "object_rules": OBJECT_RULES,
    "quotas": [QUOTA],
    "people_rules": Maybe(PEOPLE_RULES),
    "sources": [SOURCE],
    "sources_reason": text,
    "calendar_sha256": _SHA,
    "draw_by": day,
    "custodians": Maybe(CUSTODIANS),
    "anchor": ANCHOR,
    "software": Table(_SHA),
    "log": {"size": number, "root": _SHA},
}
#: As it was before 2026-12: who takes part is open, by stratum and by reason, and so is the source's number of each stratum.
_BEFORE = {name: shape for name, shape in _COMMITMENT.items() if name != "registered"} | {
    "objects": _TABLE | {"eligible": number, "excluded": Table(number)},
    "strata": Table({"listed": number, "eligible": number}),
    "register_counts": Table(number),
    "object_rules": OBJECT_RULES | {"base": one_of("eligible", "listed")},
    "quotas": [QUOTA_BEFORE],
}
COMMITMENT = Either(_COMMITMENT, _BEFORE)


def make_commitment(
    *,
    log: PublicLog,
    batch_id: str,
    draw_no: int,
    purpose: str,
    items: Sequence[str],
    objects: bytes,
    people: bytes | None,
    registered: int,
    object_rules: Mapping[str, Any],
    people_rules: Mapping[str, Any] | None,
    sources: Sequence[Mapping[str, Any]],
    sources_reason: str,
    calendar: Mapping[str, Any],
    draw_by: str,
    custodians: Mapping[str, Any] | None,
    anchor: Mapping[str, Any],
    software: Mapping[str, str],
) -> dict[str, Any]:
    """Return the commitment to a draw of two auditor's rosters. Raises `DrawRefused` with every reason against it."""
    require_shape(object_rules, OBJECT_RULES, say("抽取对象的规则"))
    require_shape(people_rules, Maybe(PEOPLE_RULES), say("抽取人员的规则"))
    require_shape(list(sources), [SOURCE], say("随机来源"))
    require_shape(calendar, CALENDAR, say("开奖日历"))
    rows = parse_objects(objects)
    strata = count_strata(rows)
    staff = parse_people(people) if people is not None else None
    refuse_if(roster_problems(rows, staff, object_rules, people_rules))
    made = {
        "spec": SPEC,
        "ticket_function": TICKET,
        "bureau": log.bureau,
        "batch_id": batch_id,
        "draw_no": draw_no,
        "purpose": purpose,
        "items": list(items),
        "objects": digest_of_table(public_form(objects)),
        "people": None if people is None else digest_of_table(public_form(people)),
        "strata": strata,
        "registered": registered,
        "object_rules": object_rules,
        "quotas": quotas(object_rules, strata),
        "people_rules": people_rules,
        "sources": list(sources),
        "sources_reason": sources_reason,
        "calendar_sha256": hashlib.sha256(canonical_bytes(calendar)).hexdigest(),
        "draw_by": draw_by,
        "custodians": custodians,
        "anchor": anchor,
        "software": dict(software),
        "log": {"size": len(log.lines), "root": log.root()},
    }
    require_shape(made, _COMMITMENT, say("承诺书"))
    if is_before(objects):
        raise wrong("roster", say("名册是 2026-12 以前的形式，只能核验，不能再承诺"))
    refuse_if(commitment_problems(made, calendar))
    if not any(row.eligible for row in rows):
        raise wrong("commitment", say("没有可抽的对象，名额为 0"))
    return made


def commitment_problems(made: Mapping[str, Any], calendar: Mapping[str, Any]) -> Iterator[RefusalReason]:
    """Yield what is wrong with a commitment, judged by itself and its calendar."""
    yield from source_problems(made["sources"], made["sources_reason"], calendar)
    yield from anchor_problems(made["anchor"])
    if made["custodians"] is not None:
        yield from custodian_problems(made["custodians"])
    if made["draw_no"] < 1:
        yield _no(say("次号从 1 起"))
    if not sum(quota["quota"] for quota in made["quotas"]):
        yield _no(say("没有可抽的对象，名额为 0"))
    if made["calendar_sha256"] != hashlib.sha256(canonical_bytes(calendar)).hexdigest():
        yield _no(say("开奖日历与承诺书所记的摘要不符"))


def roster_problems(
    rows: Iterable[RosterObject],
    staff: Sequence[RosterPerson] | None,
    object_rules: Mapping[str, Any],
    people_rules: Mapping[str, Any] | None,
) -> Iterator[RefusalReason]:
    """Yield where rosters and rules do not meet."""
    columns = object_rules["stratum_from"]
    if wrongly := [r.object_id for r in rows if r.stratum and r.stratum != stratum_of(r, columns)]:
        yield _no(say("这些对象的层与规则所说的列不符：{objects}", objects=wrongly[:20]))
    if (staff is None) != (people_rules is None):
        yield _no(say("人员名册与人员规则一边有、一边没有"))
    if staff is not None and any(not set(person.pools) <= set(POOLS) or not person.pools for person in staff):
        yield _no(say("人员的 pools 只能是 people、experts"))
    if people_rules is not None:
        if not 1 <= len(people_rules["places"]) <= 12:
            yield _no(say("每组应有 1 至 12 个位置"))
        if any(place["certificate"] for place in people_rules["places"]) and not people_rules["valid_on"]:
            yield _no(say("要求证件有效的，须写明基准日"))


def sha256_of(commitment: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the commitment's text: its name in the log."""
    return hashlib.sha256(canonical_bytes(commitment)).hexdigest()


def shows_who_takes_part(commitment: Mapping[str, Any]) -> bool:
    """Whether this is a commitment as before 2026-12, whose rows say openly who takes part."""
    return "excluded" in commitment["objects"]


def is_trial(commitment: Mapping[str, Any]) -> bool:
    """Whether this is a trial, which never counts."""
    return str(commitment["batch_id"]).startswith("TEST-")


def watermark(commitment: Mapping[str, Any]) -> str:
    """Return the mark on everything a trial makes. Part of the record: always Chinese."""
    return say("试抽，不作为抽查依据").text if is_trial(commitment) else ""


def known_problems(commitment: Mapping[str, Any], today: str) -> None:
    """Raise `DrawRefused` when a commitment made `today` names randomness that may be known already."""
    early = [source["day"] for source in commitment["sources"] if source["day"] <= today]
    if early:
        raise DrawRefused([_no(say("随机来源须在承诺之后的日子产生：{days}", days=early))])


def _no(message: Message) -> RefusalReason:
    return RefusalReason("commitment", message)
