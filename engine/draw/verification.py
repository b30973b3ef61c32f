"""Check a draw: recompute everything from commitment, rosters, entropy and codes, and compare.

Nothing in the record is believed. A failed check says which part differs; the checks that need it are then left out
and said to be so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from engine.draw.commitment import Commitment, DrawProfile, FileDigest, compute_quotas
from engine.draw.drawing import Rosters, matching_of
from engine.draw.entropy import is_trial
from engine.draw.log import LogEntry, anchored_until, read_log, story_problems
from engine.draw.matching import Replacement
from engine.draw.record import DrawRecord, digest_of
from engine.draw.refused import DrawRefused
from engine.draw.roster import counts, exclusions
from engine.draw.selection import after_removals, machine, select_objects
from engine.kernel.digests import Digests
from engine.kernel.refusal import RefusalReason
from engine.language import Message, say


@dataclass(frozen=True, slots=True)
class DrawCheck:
    """One thing that was recomputed. `problems` says what differs; empty when it is as recorded."""

    name: str
    title: Message
    problems: tuple[RefusalReason, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether it is as recorded."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class Report:
    """The answer of `verify`. `str(report)` is the report as lines of text."""

    checks: tuple[DrawCheck, ...]
    notes: tuple[Message, ...] = ()
    #: How many log entries are covered by a head from outside, of how many.
    anchored: int = 0
    entries: int = 0

    @property
    def ok(self) -> bool:
        """Whether every check holds."""
        return all(check.ok for check in self.checks)

    def __str__(self) -> str:
        lines: list[str] = []
        for check in self.checks:
            lines.append(f"{'√' if check.ok else '×'} {check.title}")
            lines += [f"    {problem}" for problem in check.problems]
        lines += [f"· {note}" for note in self.notes]
        lines.append(str(say("核验通过") if self.ok else say("核验未通过")))
        return "\n".join(lines)


@dataclass(slots=True)
class _Findings:
    checks: list[DrawCheck] = field(default_factory=list)

    def check(self, name: str, title: Message, find: Callable[[], Iterable[RefusalReason]]) -> bool:
        """Add the outcome of one check; a refusal while recomputing is an outcome too."""
        try:
            problems = tuple(find())
        except DrawRefused as refused:
            problems = refused.reasons
        self.checks.append(DrawCheck(name, title, problems))
        return not problems


def verify(record: DrawRecord, anchors: Sequence[str] = ()) -> Report:
    """Return what recomputing `record` shows. `anchors` are log heads (hex) known from outside the bureau."""
    findings = _Findings()
    try:
        commitment = record.parsed
    except DrawRefused as refused:
        return Report((DrawCheck("commitment", say("承诺书规范"), refused.reasons),))
    findings.check("commitment", say("承诺书规范"), tuple)
    rosters = _read(findings, commitment, record)
    if rosters and record.selection is not None:
        if findings.check(
            "objects", say("随机串、代码、抽取对象重算相符"), lambda: _objects(commitment, record, rosters)
        ) and findings.check(
            "removals", say("剔除与递补重算相符"), lambda: _removals(commitment, record, rosters)
        ):
            findings.check("people", say("检查人员与更换重算相符"), lambda: _people(record, rosters))
    elif record.selection is None and (record.visits or record.assignments or record.replacements):
        findings.check("objects", say("抽取对象"), lambda: [_no(say("没有抽取对象，却有人员"))])
    entries, broken = read_log(record.log)
    findings.check("log", say("日志链完整、次序合规"), lambda: [*broken, *story_problems(entries)])
    findings.check("acts", say("日志与记录相符"), lambda: _acts(commitment, record, entries))
    heads = [anchor.strip().lower() for anchor in anchors]
    if strange := sorted(set(heads) - {entry.hash for entry in entries}):
        findings.check("anchors", say("从单位以外得到的日志头在日志里"), lambda: map(_not_in_log, strange))
    anchored = anchored_until(entries, heads)
    return Report(
        tuple(findings.checks),
        tuple(_notes(commitment, record, entries, anchored)),
        anchored,
        len(entries),
    )


def _read(findings: _Findings, commitment: Commitment, record: DrawRecord) -> Rosters | None:
    """Return the rosters if they are those of the commitment and give its quotas; each is read once, they are large."""
    title = say("名册与承诺的摘要、户数相符")
    try:
        rosters = Rosters.of(record)
    except DrawRefused as refused:
        findings.checks.append(DrawCheck("rosters", title, refused.reasons))
        return None
    whole = findings.check("rosters", title, lambda: _rosters(commitment, record, rosters))
    counted = whole and findings.check("quotas", say("名额重算相符"), lambda: _quotas(commitment, rosters))
    return rosters if counted else None


def _rosters(commitment: Commitment, record: DrawRecord, rosters: Rosters) -> Iterable[RefusalReason]:
    rows = rosters.objects
    yield from _file(say("检查对象名册"), record.objects, commitment.objects, rows)
    yield from _file(say("检查人员名册"), record.people, commitment.people, rosters.people)
    if (rosters.experts is None) != (commitment.experts is None):
        yield _no(say("专家名册与承诺书一边有、一边没有"))
    elif record.experts is not None and rosters.experts is not None and commitment.experts is not None:
        yield from _file(say("专家名册"), record.experts, commitment.experts, rosters.experts)
    if counts(rows, lambda row: row.district) != dict(commitment.districts):
        yield _no(say("各片区户数与承诺书不符"))


def _file(title: Message, data: bytes, digest: FileDigest, rows: Sequence[Any]) -> Iterable[RefusalReason]:
    seen = Digests.of(data)
    for name, right, found in (("SHA-256", digest.sha256, seen.sha256), ("SM3", digest.sm3, seen.sm3)):
        if right != found:
            yield _no(
                say(
                    "{title}的 {name} 应为 {right}，实为 {seen}",
                    title=title,
                    name=name,
                    right=right,
                    seen=found,
                )
            )
    eligible = sum(row.eligible for row in rows)
    if (digest.rows, digest.eligible) != (len(rows), eligible):
        yield _no(
            say(
                "{title}的行数与承诺书不符：{rows} 行，可抽 {eligible} 行",
                title=title,
                rows=len(rows),
                eligible=eligible,
            )
        )
    if exclusions(rows) != dict(digest.excluded):
        yield _no(say("{title}的排除原因合计与承诺书不符", title=title))


def _quotas(commitment: Commitment, rosters: Rosters) -> Iterable[RefusalReason]:
    strata, allocation = compute_quotas(commitment.rules, rosters.objects)
    if strata != dict(commitment.strata):
        yield _no(say("各层户数与承诺书不符"))
    right = {quota.stratum: quota for quota in allocation.quotas}
    promised = {quota.stratum: quota for quota in commitment.quotas}
    for name in sorted({*right, *promised}):
        if right.get(name) != promised.get(name):
            yield _no(
                say(
                    "“{stratum}”层名额应为 {right}，承诺书为 {seen}",
                    stratum=name,
                    right=right[name].quota if name in right else say("无此层"),
                    seen=promised[name].quota if name in promised else say("无此层"),
                )
            )
    if list(right) != [quota.stratum for quota in commitment.quotas]:
        yield _no(say("承诺书各层的次序不对"))


def _objects(commitment: Commitment, record: DrawRecord, rosters: Rosters) -> Iterable[RefusalReason]:
    right = select_objects(commitment, rosters.objects, record.entropy, record.codes)
    if record.selection == right:
        return
    selection = record.selection
    if selection is None or (selection.batch_id, selection.draw_no) != (right.batch_id, right.draw_no):
        yield _no(say("抽取结果的批次或次号与承诺书不符"))
        return
    recorded = {stratum.stratum: stratum for stratum in selection.strata}
    for stratum in right.strata:
        found = recorded.pop(stratum.stratum, None)
        if found == stratum:
            continue
        drawn = {item.object_id for item in found.drawn} if found else set()
        due = {item.object_id for item in stratum.drawn}
        yield _no(
            say(
                "“{stratum}”层抽取结果不符：少列 {missing}；多列 {extra}",
                stratum=stratum.stratum,
                missing=sorted(due - drawn) or say("无"),
                extra=sorted(drawn - due) or say("无"),
            ),
            say("少列、多列皆无的，是次序、随机号或户数被改"),
        )
    if recorded or [s.stratum for s in selection.strata] != [s.stratum for s in right.strata]:
        yield _no(say("抽取结果的层次多余或次序不对"))


def _removals(commitment: Commitment, record: DrawRecord, rosters: Rosters) -> Iterable[RefusalReason]:
    if record.selection is None:
        return
    tickets = machine(commitment, record.entropy, record.codes)
    right = after_removals(commitment, rosters.objects, tickets, record.selection, record.removals)
    if right != record.visits:
        changed = {drawn.object_id for drawn in right} ^ {drawn.object_id for drawn in record.visits}
        yield _no(say("剔除后的检查名单不符：{changed}", changed=sorted(changed) or say("次序或随机号被改")))


def _people(record: DrawRecord, rosters: Rosters) -> Iterable[RefusalReason]:
    if not record.assignments:
        if record.replacements:
            yield _no(say("没有抽取人员，却有更换"))
        return
    matching = matching_of(record, rosters)
    right = matching.assign([drawn.object_id for drawn in record.visits])
    if right != record.assignments:
        assigned = {assignment.object_id: assignment for assignment in record.assignments}
        changed = [item.object_id for item in right if assigned.get(item.object_id) != item]
        yield _no(say("检查人员不符：{changed}", changed=changed[:20] or say("次序被改或多列")))
        return
    before: list[Replacement] = []
    for step in record.replacements:
        due = matching.replace(
            record.assignments, before, step.object_id, step.leaving, step.reason, step.evidence
        )
        if due != step:
            yield _no(
                say(
                    "{object} 更换 {leaving} 应由 {right} 接替，记录为 {seen}",
                    object=step.object_id,
                    leaving=step.leaving,
                    right=due.joining,
                    seen=step.joining,
                )
            )
        before.append(step)


def _acts(commitment: Commitment, record: DrawRecord, entries: Sequence[LogEntry]) -> Iterable[RefusalReason]:
    """Compare what the log says of this draw with what the record holds."""
    key = {"batch_id": commitment.batch_id, "draw_no": commitment.draw_no}
    mine = [entry for entry in entries if key.items() <= entry.body.items()]
    digests = commitment.digests()
    expected: list[tuple[str, dict[str, Any]]] = [("commit", {"sha256": digests.sha256, "sm3": digests.sm3})]
    if record.selection is not None:
        expected.append(("entropy", {"entropy": record.entropy}))
        expected.append(("draw", {"stage": "objects", "sha256": digest_of(asdict(record.selection))}))
    if record.assignments:
        people = digest_of([asdict(assignment) for assignment in record.assignments])
        expected.append(("draw", {"stage": "people", "sha256": people}))
    expected += [("replace", {"step": asdict(step)}) for step in record.replacements]
    logged = [
        (entry.kind, dict(entry.body))
        for entry in mine
        if entry.kind in ("commit", "entropy", "draw", "replace")
    ]
    if logged != [(kind, {**key, **body}) for kind, body in expected]:
        yield _no(
            say(
                "日志所记与记录不符：日志有 {told}，记录应有 {expected}",
                told=[k for k, _ in logged],
                expected=[k for k, _ in expected],
            ),
            say("承诺、随机串、抽取、更换逐条对照日志；摘要不符的，记录或日志被改"),
        )
    struck: list[Any] = []
    for entry in mine:
        listed = entry.body.get("removals") if entry.kind == "remove" else []
        struck += listed if isinstance(listed, list) else [listed]
    if struck != [asdict(removal) for removal in record.removals]:
        yield _no(say("日志所记的剔除与记录不符"))
    for entry in mine:
        if entry.kind == "reveal" and entry.body.get("codes") != list(record.codes):
            yield _no(say("日志所记的代码与记录不符"))
        if entry.kind == "commit" and entry.previous != commitment.previous_log_head:
            yield _no(say("承诺书所记的前一日志头与日志不符"))


def _notes(
    commitment: Commitment,
    record: DrawRecord,
    entries: Sequence[LogEntry],
    anchored: int,
) -> Iterable[Message]:
    digests = commitment.digests()
    yield say(
        "请与事先公布的承诺摘要核对：SHA-256 {sha256}，SM3 {sm3}", sha256=digests.sha256, sm3=digests.sm3
    )
    if is_trial(commitment.batch_id):
        yield say("这是试抽，不作为抽查依据")
    yield say(
        "规程 {spec} 不能证明：承诺时各期彩票尚未开奖；单位以外有人事先持有承诺；没有先录入过别的结果；没有别的承诺被搁下不抽",
        spec=commitment.spec,
    )
    if record.selection is None:
        yield say("尚未抽取")
    if commitment.profile is DrawProfile.EMBARGO:
        yield say("保密抽取：代码须由各保管人在检查期满后公开")
    if record.void:
        yield say("本次抽取已作废")
    if anchored < len(entries):
        yield say(
            "日志共 {total} 行，其中前 {anchored} 行有外部凭据；其余 {rest} 行只能证明前后一致，不能证明没有被整体重写",
            total=len(entries),
            anchored=anchored,
            rest=len(entries) - anchored,
        )


def _not_in_log(head: str) -> RefusalReason:
    return _no(say("日志头“{head}”不在日志里：日志可能被整体换过，或抄错了", head=head))


def _no(message: Message, hint: Message | None = None) -> RefusalReason:
    return RefusalReason("differs", message, hint=hint)
