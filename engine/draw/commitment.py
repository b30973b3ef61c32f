"""The commitment: everything that decides a draw, fixed and published before the entropy exists.

Its text is canonical JSON (`engine.kernel.canonical_json`), so that its digest, two lines a witness can photograph,
fixes rosters, quotas, rules and the entropy to come. Nothing that decides the result may be missing from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any

from engine.draw.allocation import Allocation, Quota, allocate
from engine.draw.entropy import source_problems
from engine.draw.field_types import typed
from engine.draw.refused import DrawRefused, refuse_if
from engine.draw.roster import (
    ID,
    Count,
    ObjectRow,
    PersonRow,
    counts,
    exclusions,
    parse_objects,
    parse_people,
)
from engine.kernel.canonical_json import canonical_json, read_canonical
from engine.kernel.digests import Digests
from engine.kernel.refusal import RefusalReason
from engine.language import Message, say

SPEC = "ssj-draw/1"
TICKET_FUNCTION = "draft-thomson-elegy-vrs: HMAC-SHA256"
#: The hash of the entry before the first of a log.
NO_HEAD = "0" * 64

_HEAD = re.compile(r"[0-9a-f]{64}", re.ASCII)
#: The columns strata can be made of; `whole` puts all objects into one stratum.
STRATA_COLUMNS = ("credit_class", "district", "whole")
#: The one stratum of a draw that has no strata.
WHOLE = "全部"


class DrawProfile(StrEnum):
    """When people outside the bureau can compute the list."""

    #: As soon as the entropy is public: the one-time code is 32 zero bytes.
    OPEN = "OPEN"
    #: When the custodians reveal their codes, after unannounced visits are done.
    EMBARGO = "EMBARGO"


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawRules:
    """How objects and people are taken. Ratios are texts; see `engine.draw.allocation`."""

    #: Stratum -> ratio, for every stratum of the roster.
    ratios: Mapping[str, str]
    strata: str = "credit_class"
    #: What ratios are taken of: ``eligible`` or ``listed`` rows.
    base: str = "eligible"
    total_floor: str | None = None
    fixed_total: int | None = None
    min_per_stratum: int = 0
    #: Strata from the lowest to the highest risk.
    risk_order: tuple[str, ...] = ()
    rounding: str = "ceiling"
    #: The label each place of the team asks for; an empty text asks for none. Its length is the size of the team.
    slots: tuple[str, ...] = ("", "")
    #: Whose people are taken; empty for all.
    sections: tuple[str, ...] = ()
    #: How people's labels must meet the object's items: ``none``, ``any`` or ``all``.
    match: str = "none"
    #: The day on which certificates must be valid (ISO), or empty where none is asked for.
    valid_on: str = ""
    #: Whether the people of the last visit are excluded from the next.
    rotation: bool = False
    #: Experts per object, from their own roster, besides the team.
    experts: int = 0
    #: ``fill``: the next ticket of the stratum takes the place of a removed object; ``shrink``: nobody does.
    on_removal: str = "fill"
    #: The only reasons an object may be removed for; empty for any.
    removal_reasons: tuple[str, ...] = ()
    #: The only reasons a person may be replaced for; empty for any.
    replacement_reasons: tuple[str, ...] = ()
    replacement: str = "next pair ticket"
    assignment: str = "fewest jobs, then pair ticket"


@dataclass(frozen=True, slots=True)
class FileDigest:
    """A roster as the commitment names it."""

    sha256: str
    sm3: str
    rows: int
    eligible: int
    excluded: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Custodian:
    """Someone who holds a secret, and the end H^length(secret) of its hash chain, in hex."""

    name: str
    head: str
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """The commitment to one draw. `to_json` and `from_json` are inverse; the text is what is published."""

    batch_id: str
    draw_no: int
    purpose: str
    items: tuple[str, ...]
    objects: FileDigest
    people: FileDigest
    experts: FileDigest | None
    #: Stratum and district -> rows, of the frozen roster.
    strata: Mapping[str, Count]
    districts: Mapping[str, Count]
    #: Stratum -> rows, as the source register itself counts them.
    register_counts: Mapping[str, int]
    rules: DrawRules
    quotas: tuple[Quota, ...]
    #: The rule by which entropy comes about, in words, with what happens if a source fails.
    entropy_rule: str
    #: The sources in their order: see `engine.draw.entropy.compose_entropy`.
    entropy_sources: tuple[str, ...]
    profile: DrawProfile
    custodians: tuple[Custodian, ...] = ()
    previous_log_head: str = NO_HEAD
    #: Name of a program -> SHA-256, of the programs the kit will hold.
    software: Mapping[str, str] = field(default_factory=dict)
    spec: str = SPEC
    ticket_function: str = TICKET_FUNCTION

    def to_json(self) -> str:
        """Return the canonical text, without a line break at its end."""
        return canonical_json(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Commitment:
        """Return the commitment of a canonical text. Raises `DrawRefused` for any other text."""
        return _read(text)

    def digests(self) -> Digests:
        """Return the two digests to publish: of the UTF-8 of `to_json`."""
        return Digests.of(self.to_json().encode())

    @property
    def quota_by_stratum(self) -> dict[str, int]:
        """Stratum -> how many objects it gives."""
        return {quota.stratum: quota.quota for quota in self.quotas}


def stratum_of(rules: DrawRules, row: ObjectRow) -> str:
    """Return the stratum of an object under `rules`."""
    if rules.strata == "district":
        return row.district
    return WHOLE if rules.strata == "whole" else row.credit_class


def compute_quotas(rules: DrawRules, rows: Iterable[ObjectRow]) -> tuple[dict[str, Count], Allocation]:
    """Return the counts of all strata and their quotas. Raises `DrawRefused` for ratios that cannot be used."""
    strata = counts(rows, lambda row: stratum_of(rules, row))
    allocation = allocate(
        strata,
        rules.ratios,
        base=rules.base,
        total_floor=rules.total_floor,
        fixed_total=rules.fixed_total,
        min_per_stratum=rules.min_per_stratum,
        risk_order=rules.risk_order,
    )
    return strata, allocation


def make_commitment(
    *,
    batch_id: str,
    draw_no: int,
    purpose: str,
    objects: bytes,
    people: bytes,
    experts: bytes | None = None,
    register_counts: Mapping[str, int],
    rules: DrawRules,
    entropy_rule: str,
    entropy_sources: Sequence[str],
    profile: DrawProfile = DrawProfile.OPEN,
    custodians: Sequence[Custodian] = (),
    items: Sequence[str] = (),
    previous_log_head: str = NO_HEAD,
    software: Mapping[str, str] | None = None,
) -> tuple[Commitment, tuple[RefusalReason, ...]]:
    """Return the commitment to a draw, and warnings to read before publishing it.

    `objects`, `people` and `experts` are canonical rosters (`engine.draw.roster`). Raises `DrawRefused` with every reason
    why this draw cannot be committed to.
    """
    object_rows, people_rows = parse_objects(objects), parse_people(people)
    expert_rows = parse_people(experts) if experts is not None else None
    problems = [
        *_head_problems(batch_id, draw_no, entropy_rule, previous_log_head),
        *source_problems(entropy_sources),
        *_rule_problems(rules, expert_rows),
        *_custodian_problems(profile, custodians),
        *_stratum_problems(rules, object_rows),
    ]
    strata: dict[str, Count] = {}
    allocation = Allocation(())
    try:
        strata, allocation = compute_quotas(rules, object_rows)
    except DrawRefused as refused:
        problems += refused.reasons
    refuse_if(problems)
    if not allocation.total:
        raise DrawRefused(
            [_wrong(say("没有可抽的对象，名额为 0"), say("请核对名册的范围、排除情况和抽查比例"))]
        )
    commitment = Commitment(
        batch_id=batch_id,
        draw_no=draw_no,
        purpose=purpose,
        items=tuple(items),
        objects=_digest(objects, object_rows),
        people=_digest(people, people_rows),
        experts=None if experts is None or expert_rows is None else _digest(experts, expert_rows),
        strata=strata,
        districts=counts(object_rows, lambda row: row.district),
        register_counts=dict(register_counts),
        rules=rules,
        quotas=allocation.quotas,
        entropy_rule=entropy_rule,
        entropy_sources=tuple(entropy_sources),
        profile=profile,
        custodians=tuple(custodians),
        previous_log_head=previous_log_head,
        software=dict(software or {}),
    )
    listed = {name: count.listed for name, count in strata.items()}
    return commitment, (*allocation.warnings, *count_warnings(listed, register_counts))


def _digest(data: bytes, rows: Sequence[ObjectRow] | Sequence[PersonRow]) -> FileDigest:
    digests = Digests.of(data)
    return FileDigest(
        digests.sha256, digests.sm3, len(rows), sum(row.eligible for row in rows), exclusions(rows)
    )


def _wrong(message: Message, hint: Message | None = None) -> RefusalReason:
    return RefusalReason("commitment", message, hint=hint)


def _unreadable(why: str | Message) -> RefusalReason:
    return RefusalReason(
        "commitment",
        say("承诺书读不出：{why}", why=why),
        hint=say("承诺书须与公布时逐字节相同，请用原件"),
    )


def _head_problems(batch_id: str, draw_no: int, entropy_rule: str, head: str) -> Iterable[RefusalReason]:
    if not ID.fullmatch(batch_id):
        yield _wrong(
            say("批次号“{batch}”不合规定", batch=batch_id),
            say("批次号为 1 至 64 个字母、数字、下划线或连字符"),
        )
    if draw_no < 1:
        yield _wrong(say("抽取次号应从 1 起，实为 {seen}", seen=draw_no))
    if not entropy_rule.strip():
        yield _wrong(
            say("没有写明随机串怎样产生"),
            say("如：公布之时起满 24 小时后开奖的第一期双色球；届时停开的顺延至下一期"),
        )
    if not _HEAD.fullmatch(head):
        yield _wrong(say("前一日志头应为 64 个小写十六进制数字，实为“{seen}”", seen=head))


def _rule_problems(rules: DrawRules, experts: Sequence[PersonRow] | None) -> Iterable[RefusalReason]:
    for name, seen, allowed in (
        ("strata", rules.strata, STRATA_COLUMNS),
        ("match", rules.match, ("none", "any", "all")),
        ("on_removal", rules.on_removal, ("fill", "shrink")),
        ("rounding", rules.rounding, ("ceiling",)),
    ):
        if seen not in allowed:
            yield _wrong(
                say(
                    "规则 {name} 应为其一：{allowed}；实为“{seen}”",
                    name=name,
                    allowed=list(allowed),
                    seen=seen,
                )
            )
    if not rules.slots:
        yield _wrong(say("每户检查人员数为 0"), say("请写明每户几名检查人员"))
    if rules.experts and experts is None:
        yield _wrong(say("每户要抽 {count} 名专家，却没有专家名册", count=rules.experts))
    if rules.valid_on:
        try:
            date.fromisoformat(rules.valid_on)
        except ValueError:
            yield _wrong(say("证件有效的基准日应为日期，实为“{seen}”", seen=rules.valid_on))


def _custodian_problems(profile: DrawProfile, custodians: Sequence[Custodian]) -> Iterable[RefusalReason]:
    if profile is DrawProfile.OPEN and custodians:
        yield _wrong(say("即时公开的抽取不设代码保管人"), say("需要保密的请用 EMBARGO"))
    if profile is DrawProfile.EMBARGO and len(custodians) < 2:
        yield _wrong(
            say("保密抽取至少要两位代码保管人，实有 {count} 位", count=len(custodians)),
            say("如本单位与纪检、司法或公证各一位，任何一方都不能独自得知或改变结果"),
        )
    for custodian in custodians:
        if not _HEAD.fullmatch(custodian.head):
            yield _wrong(say("{name}的哈希头应为 64 个小写十六进制数字", name=custodian.name))
        if custodian.length < 2:
            yield _wrong(say("{name}的哈希链至少两环", name=custodian.name), say("秘密本身不得用作代码"))


def _stratum_problems(rules: DrawRules, rows: Sequence[ObjectRow]) -> Iterable[RefusalReason]:
    if nameless := [row.object_id for row in rows if not stratum_of(rules, row)]:
        yield _wrong(
            say("有 {count} 户没有分层依据，如 {examples}", count=len(nameless), examples=nameless[:5]),
            say("未评级的请写明“未评级”并给出比例"),
        )


def count_warnings(strata: Mapping[str, int], register: Mapping[str, int]) -> Iterable[RefusalReason]:
    """Yield the strata of which the roster has another number of rows than the register it comes from."""
    for name in sorted({*strata, *register}):
        listed = strata.get(name, 0)
        if register.get(name) != listed:
            yield _wrong(
                say(
                    "“{stratum}”层：来源登记有 {source} 户，名册有 {listed} 户",
                    stratum=name,
                    source=register.get(name, 0),
                    listed=listed,
                ),
                say("请查明少了或多了哪些户再承诺；两个数都会公布"),
            )


# Who checks a draw asks for its commitment many times over; the same text is read once.
@lru_cache(maxsize=8)
def _read(text: str) -> Commitment:
    try:
        body = read_canonical(text)
        found = _commitment(body)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise DrawRefused([_unreadable(str(error))]) from None
    if found.to_json() != text or not typed(found):
        raise DrawRefused([_unreadable(say("有多余的或类型不对的项"))])
    if found.spec != SPEC:
        raise DrawRefused(
            [_unreadable(say("规格为 {seen}，本程序只认 {known}", seen=found.spec, known=SPEC))]
        )
    return found


def _commitment(body: Any) -> Commitment:
    values = dict(body)
    names = {item.name for item in fields(Commitment)}
    if set(values) != names:
        raise ValueError(f"unknown or missing: {sorted(set(values) ^ names)}")
    rules = dict(values["rules"])
    for name in ("risk_order", "slots", "sections", "removal_reasons", "replacement_reasons"):
        rules[name] = tuple(rules[name])
    values["rules"] = DrawRules(**rules)
    for name in ("objects", "people", "experts"):
        values[name] = None if values[name] is None else FileDigest(**values[name])
    for name in ("strata", "districts"):
        values[name] = {key: Count(**count) for key, count in values[name].items()}
    values["quotas"] = tuple(Quota(**quota) for quota in values["quotas"])
    values["custodians"] = tuple(Custodian(**custodian) for custodian in values["custodians"])
    values["profile"] = DrawProfile(values["profile"])
    for name in ("items", "entropy_sources"):
        values[name] = tuple(values[name])
    return Commitment(**values)
