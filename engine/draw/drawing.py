"""The acts of a draw, in their order. Each takes a record, an instant and an actor, and returns the next record.

There is no way to see a draw before its entropy exists, and no way to draw twice: a trial is a draw of a batch whose id
starts with ``TEST-``, and a second draw needs the first one voided in the log.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from engine.draw.commitment import Commitment, DrawProfile
from engine.draw.log import append_entry, head, read_log
from engine.draw.matching import Matching
from engine.draw.record import DrawRecord, digest_of
from engine.draw.refused import DrawRefused, refuse_if
from engine.draw.roster import ObjectRow, PersonRow, parse_objects, parse_people
from engine.draw.selection import Removal, after_removals, machine, select_objects
from engine.kernel.digests import Digests
from engine.kernel.refusal import RefusalReason
from engine.language import Message, say


@dataclass(frozen=True, slots=True)
class Rosters:
    """The rosters of a record, read."""

    objects: tuple[ObjectRow, ...]
    people: tuple[PersonRow, ...]
    experts: tuple[PersonRow, ...] | None

    @classmethod
    def of(cls, record: DrawRecord) -> Rosters:
        """Read the rosters of `record`. Raises `DrawRefused` where they are not canonical."""
        experts = parse_people(record.experts) if record.experts is not None else None
        return cls(parse_objects(record.objects), parse_people(record.people), experts)


def commit(
    commitment: Commitment,
    objects: bytes,
    people: bytes,
    experts: bytes | None = None,
    *,
    log: Sequence[str] = (),
    at: datetime,
    actor: str,
) -> DrawRecord:
    """Return the record of a draw that is committed to.

    `log` are the lines so far (of earlier, voided draws of the batch, or of the whole bureau). Raises `DrawRefused` when
    the rosters are not those of the commitment or its previous head is not the head of `log`.
    """
    problems = []
    given = (("objects", objects, commitment.objects), ("people", people, commitment.people))
    for name, data, digest in (*given, ("experts", experts, commitment.experts)):
        if (data is None) != (digest is None):
            problems.append(_no(say("承诺书与所给的 {name} 名册不一致：一边有、一边没有", name=name)))
        elif (
            data is not None and digest is not None and Digests.of(data) != Digests(digest.sha256, digest.sm3)
        ):
            problems.append(_no(say("{name} 名册与承诺书的摘要不符", name=name), say("请用承诺时冻结的名册")))
    if log and head(log) != commitment.previous_log_head:
        problems.append(
            _no(say("承诺书所记的前一日志头不是日志的最后一行"), say("请用 head(log) 重新生成承诺书"))
        )
    if problems:
        raise DrawRefused(problems)
    text = commitment.to_json()
    digests = commitment.digests()
    body = {**_key(commitment), "sha256": digests.sha256, "sm3": digests.sm3}
    lines = append_entry(log, "commit", body, at, actor, commitment.previous_log_head)
    return DrawRecord(text, objects, people, experts, log=lines)


def draw_objects(
    record: DrawRecord, entropy: str, codes: Sequence[str] = (), *, at: datetime, actor: str
) -> DrawRecord:
    """Return the record with its objects drawn.

    Raises `DrawRefused` for wrong entropy or codes, entropy an earlier draw of the batch used, a second draw, and for
    anything committed to that was changed since.
    """
    commitment = _live(record)
    if record.selection is not None:
        raise DrawRefused(
            [
                _no(
                    say("批次 {batch} 已经抽取，一次承诺只能抽一次", batch=commitment.batch_id),
                    say("确需重抽的，先作废并写明理由；原结果永久公开"),
                )
            ]
        )
    refuse_if([*_changes(record, commitment), *_used_before(record, commitment, entropy)])
    rows = parse_objects(record.objects)
    selection = select_objects(commitment, rows, entropy, codes)
    lines = append_entry(record.log, "entropy", {**_key(commitment), "entropy": entropy}, at, actor)
    body = {**_key(commitment), "stage": "objects", "sha256": digest_of(asdict(selection))}
    lines = append_entry(lines, "draw", body, at, actor)
    return replace(
        record, entropy=entropy, codes=tuple(codes), selection=selection, visits=selection.drawn, log=lines
    )


def remove_objects(
    record: DrawRecord, removals: Sequence[Removal], *, at: datetime, actor: str
) -> DrawRecord:
    """Return the record with `removals` struck. Raises `DrawRefused` once people are drawn, or for a wrong removal."""
    commitment = _live(record)
    if record.selection is None:
        raise DrawRefused([_no(say("还没有抽取对象"), say("先抽取对象，再核实剔除"))])
    if record.assignments:
        raise DrawRefused(
            [_no(say("检查人员已经抽取，不能再剔除对象"), say("到场发现已注销、迁出的，按检查结果录入"))]
        )
    struck = (*record.removals, *removals)
    tickets = machine(commitment, record.entropy, record.codes)
    visits = after_removals(commitment, parse_objects(record.objects), tickets, record.selection, struck)
    body = {**_key(commitment), "removals": [asdict(removal) for removal in removals]}
    lines = append_entry(record.log, "remove", body, at, actor)
    return replace(record, removals=struck, visits=visits, log=lines)


def draw_people(record: DrawRecord, *, at: datetime, actor: str) -> DrawRecord:
    """Return the record with people drawn for every object. Raises `DrawRefused` naming objects nobody can go to."""
    commitment = _live(record)
    if record.selection is None:
        raise DrawRefused([_no(say("还没有抽取对象"), say("先抽取对象，再抽取人员"))])
    if record.assignments:
        raise DrawRefused([_no(say("检查人员已经抽取"), say("个别人员不能到场的，请办理更换"))])
    refuse_if(_changes(record, commitment))
    assignments = matching_of(record).assign([drawn.object_id for drawn in record.visits])
    body = {
        **_key(commitment),
        "stage": "people",
        "sha256": digest_of([asdict(assignment) for assignment in assignments]),
    }
    return replace(record, assignments=assignments, log=append_entry(record.log, "draw", body, at, actor))


def replace_person(
    record: DrawRecord,
    object_id: str,
    leaving: str,
    reason: str,
    evidence: str = "",
    *,
    at: datetime,
    actor: str,
) -> DrawRecord:
    """Return the record with `leaving` replaced by the next in the object's order (see `Matching.replace`)."""
    commitment = _live(record)
    step = matching_of(record).replace(
        record.assignments, record.replacements, object_id, leaving, reason, evidence
    )
    lines = append_entry(record.log, "replace", {**_key(commitment), "step": asdict(step)}, at, actor)
    return replace(record, replacements=(*record.replacements, step), log=lines)


def reveal(record: DrawRecord, *, at: datetime, actor: str) -> DrawRecord:
    """Return the record with its codes made public in the log. Before this an embargoed draw has no kit."""
    commitment = _live(record)
    if commitment.profile is DrawProfile.OPEN or not record.codes:
        raise DrawRefused([_no(say("本次抽取没有待公开的代码"))])
    if revealed(record):
        raise DrawRefused([_no(say("代码已经公开"))])
    body = {**_key(commitment), "codes": list(record.codes)}
    return replace(record, log=append_entry(record.log, "reveal", body, at, actor))


def void(record: DrawRecord, reason: str, *, at: datetime, actor: str) -> DrawRecord:
    """Return the record voided, with everything it held. Raises `DrawRefused` without a reason."""
    commitment = _live(record)
    if not reason.strip():
        raise DrawRefused([_no(say("作废须写明理由"), say("理由与原结果一并永久公开"))])
    return replace(
        record, log=append_entry(record.log, "void", {**_key(commitment), "reason": reason}, at, actor)
    )


def note(record: DrawRecord, kind: str, body: Mapping[str, Any], *, at: datetime, actor: str) -> DrawRecord:
    """Return the record with a ``publish`` or ``refused`` entry in its log. Raises ValueError for other kinds."""
    if kind not in ("publish", "refused"):
        raise ValueError(f"{kind} has an act of its own")
    entry = {**body, **_key(record.parsed)}
    return replace(record, log=append_entry(record.log, kind, entry, at, actor))


def revealed(record: DrawRecord) -> bool:
    """Return whether everything needed to compute the list is public."""
    commitment = record.parsed
    mine = _key(commitment)
    entries, _ = read_log(record.log)
    return commitment.profile is DrawProfile.OPEN or any(
        entry.kind == "reveal" and mine.items() <= entry.body.items() for entry in entries
    )


def matching_of(record: DrawRecord, rosters: Rosters | None = None) -> Matching:
    """Return what decides who goes where in a record whose entropy is known."""
    commitment, rosters = record.parsed, rosters or Rosters.of(record)
    return Matching(
        commitment.rules,
        {row.object_id: row for row in rosters.objects},
        rosters.people,
        rosters.experts or (),
        machine(commitment, record.entropy, record.codes),
    )


def _changes(record: DrawRecord, commitment: Commitment) -> Iterator[RefusalReason]:
    """Yield what was changed since the commitment: rosters against it, itself against its line in the log."""
    restore = say("承诺之后名册、比例和规则都不得改动；请从备份恢复原件，或作废并公开理由，另作承诺")
    given = (
        (say("检查对象名册"), record.objects, commitment.objects),
        (say("检查人员名册"), record.people, commitment.people),
        (say("专家名册"), record.experts, commitment.experts),
    )
    for title, data, digest in given:
        seen = None if data is None else hashlib.sha256(data).hexdigest()
        if seen != (digest.sha256 if digest else None):
            yield _no(
                say(
                    "{title}在承诺之后被改动：SHA-256 应为 {right}，实为 {seen}",
                    title=title,
                    right=digest.sha256 if digest else say("无"),
                    seen=seen or say("无"),
                ),
                restore,
            )
    entries, broken = read_log(record.log)
    yield from broken
    mine = _key(commitment)
    committed = [
        e.body.get("sha256") for e in entries if e.kind == "commit" and mine.items() <= e.body.items()
    ]
    if committed != [commitment.digests().sha256]:
        yield _no(say("承诺书在公布之后被改动，与日志所记的摘要不符"), restore)


def _used_before(record: DrawRecord, commitment: Commitment, entropy: str) -> Iterator[RefusalReason]:
    entries, _ = read_log(record.log)
    for entry in entries:
        if (
            entry.kind == "entropy"
            and entry.body.get("batch_id") == commitment.batch_id
            and entry.body.get("entropy") == entropy
        ):
            yield _no(
                say("该随机串已用于第 {no} 次抽取：结果早已可知", no=entry.body.get("draw_no")),
                say("重抽须用承诺之后新产生的公开随机源"),
            )


def _key(commitment: Commitment) -> dict[str, Any]:
    return {"batch_id": commitment.batch_id, "draw_no": commitment.draw_no}


def _live(record: DrawRecord) -> Commitment:
    commitment = record.parsed
    if record.void:
        raise DrawRefused(
            [_no(say("批次 {batch} 第 {no} 次抽取已作废", batch=commitment.batch_id, no=commitment.draw_no))]
        )
    return commitment


def _no(message: Message, hint: Message | None = None) -> RefusalReason:
    return RefusalReason("draw", message, hint=hint)
