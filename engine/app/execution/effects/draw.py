"""``freeze`` ``commit`` ``enter`` ``draw`` ``remove`` ``replace`` ``void``: the draw of `engine.draw`, as steps of a case.

A commitment that names its sources by issue is one of ssj-draw/2 (`engine.app.draws.v2.steps`). What follows it is what its own
protocol says: draws that an earlier version committed to go on by ssj-draw/1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import wraps
from typing import TYPE_CHECKING

from engine.app.draws import embargo as draws_embargo
from engine.app.draws import plan as draws_plan
from engine.app.draws import records as draws
from engine.app.draws.plan_commitment import open_plan
from engine.app.draws.registers import register_agreement
from engine.app.draws.v2 import steps
from engine.app.ports.records import DrawRow, Snapshot
from engine.app.registers.maintenance import register_text
from engine.app.session.effect_context import EffectContext
from engine.app.session.refused import CommandRefused
from engine.draw import drawing
from engine.draw.commitment import NO_HEAD
from engine.draw.kit import software
from engine.draw.log import head, read_log
from engine.draw.record import DrawRecord
from engine.draw.refused import DrawRefused, refuse_if
from engine.draw.selection import Removal
from engine.kernel.digests import Digests
from engine.kernel.instants import from_text, local_minute
from engine.kernel.refusal import Refusal
from engine.language import say
from engine.lifecycle.model.workflow import Effect

if TYPE_CHECKING:
    Handler = Callable[[EffectContext, Effect], None]


def _teaching(handler: Handler) -> Handler:
    """Convert a refusal of the draw into a refusal of the step."""

    @wraps(handler)
    def wrapped(context: EffectContext, effect: Effect) -> None:
        try:
            handler(context, effect)
        except DrawRefused as refused:
            raise CommandRefused(
                Refusal(context.case.id, context.decision.title, tuple(refused.reasons))
            ) from None

    return wrapped


def do_freeze(context: EffectContext, effect: Effect) -> None:
    """Keep a copy of registers as they are, with digests, so that later changes cannot touch the draw."""
    transaction, now = context.uow.transaction, context.uow.now
    frozen = {}
    for kind in effect.arguments["freeze"]:
        content, rows = register_text(transaction.registers.all(kind))
        digests = Digests.of(content)
        snapshot_id = f"{kind}-{context.case.id}-{context.case.rev + 1}"
        transaction.registers.put_snapshot(
            Snapshot(snapshot_id, kind, now, rows, digests.sha256, digests.sm3, content, context.actor.id)
        )
        frozen[kind] = {"snapshot": snapshot_id, "rows": rows, "sha256": digests.sha256}
    context.notes["frozen"] = frozen


@_teaching
def do_commit(context: EffectContext, effect: Effect) -> None:
    """Fix everything that decides the draw, before the entropy exists."""
    uow, case = context.uow, context.case
    previous = uow.transaction.records.draw(case.id)
    if previous is not None and previous.status not in ("void", "lapsed"):
        raise context.refuse(
            say(
                "第 {number} 次抽取尚未作废，不能再次承诺；确需重抽的先作废并公开理由", number=previous.number
            )
        )
    # Which cases can be drawn no register says.
    agreed = None if draws_plan.of_cases(effect) else register_agreement.require_agreement(context)
    if "sources" in effect.arguments:
        steps.commit(context, effect)
    else:
        _commit_by_the_first(context, effect, previous)
    if agreed is not None:
        register_agreement.enter_commitment(context, agreed)


def _commit_by_the_first(context: EffectContext, effect: Effect, previous: DrawRow | None) -> None:
    """Commit to a draw by ssj-draw/1."""
    uow, case = context.uow, context.case
    number = previous.number + 1 if previous else 1
    last = draws.record_of(previous) if previous and not previous.public else None
    log: Sequence[str] = last.log if last else ()
    value = context.arguments_of(effect)
    plan = draws_plan.draw_plan_of(uow, case, effect, context.scope)
    opened = open_plan(
        plan,
        batch_id=case.id,
        draw_no=number,
        purpose=case.title,
        entropy_rule=str(value("entropy_rule") or say("见抽取方案")),
        entropy_sources=value("entropy_sources") or ("dice:24",),
        profile=draws_embargo.profile_of(value("profile")),
        custodians=draws_embargo.custodians_of(value("custodians"), last),
        previous_log_head=head(log) if log else NO_HEAD,
        software=software(),
    )
    refuse_if(plan.staffing_problems())
    uow.warnings += [warning.message for warning in opened.warnings]
    record = drawing.commit(
        opened.commitment,
        opened.objects,
        opened.people,
        opened.experts,
        log=log,
        at=uow.now,
        actor=context.actor.id,
    )
    draws.save_record(uow, case.id, number, "committed", record)
    context.notes["commitment"] = {"number": number, "sha256": opened.commitment.digests().sha256}


@_teaching
def do_enter(context: EffectContext, effect: Effect) -> None:
    """Enter what was typed first into the public log, by its hash."""
    if _row(context).public:
        steps.enter(context, effect)


@_teaching
def do_draw(context: EffectContext, effect: Effect) -> None:
    """Draw the objects with the public entropy, or the people for the objects drawn."""
    if _row(context).public:
        if effect.arguments["draw"] == "objects":
            steps.draw_objects(context, effect)
        else:
            steps.draw_people(context)
        return
    row, record = _valid_draw(context)
    if effect.arguments["draw"] == "objects":
        entropy = (
            str(effect.arguments["entropy"].value(context.scope) or "")
            if "entropy" in effect.arguments
            else ""
        )
        _obtained_after(context, effect, record)
        suffix = f"/batch:{context.case.id}"
        if entropy and "/batch:" not in entropy:
            entropy += suffix
        codes = context.arguments_of(effect)("custodian_codes")
        record = drawing.draw_objects(
            record,
            entropy,
            draws_embargo.codes_of(codes, record.parsed),
            at=context.uow.now,
            actor=context.actor.id,
        )
        status = "objects_drawn"
    else:
        record = drawing.draw_people(record, at=context.uow.now, actor=context.actor.id)
        status = "complete"
    drawn_at = context.uow.now if status == "objects_drawn" else row.made_at
    draws.save_record(context.uow, context.case.id, row.number, status, record, drawn_at)
    context.notes["drawn"] = {
        "number": row.number,
        "objects": len(record.visits),
        "log_head": head(record.log),
    }


def _obtained_after(context: EffectContext, effect: Effect, record: DrawRecord) -> None:
    """Refuse entropy that is said to have come about before the commitment, by a minute or more."""
    if "obtained" not in effect.arguments:
        return
    given = effect.arguments["obtained"].value(context.scope)
    if given is None:
        return
    entries, _ = read_log(record.log)
    mine = record.parsed.draw_no
    committed = next(from_text(e.at) for e in entries if e.kind == "commit" and e.body.get("draw_no") == mine)
    obtained = datetime.fromisoformat(str(given))
    # What people write down has no seconds.
    if obtained + timedelta(minutes=1) <= committed:
        zone = context.uow.services.definitions.time.zone
        raise context.refuse(
            say(
                "公开随机源取得于 {obtained}，早于承诺公布的 {committed}：先知道结果再定规则，不能用于抽取；按承诺的规则另取",
                obtained=local_minute(obtained, zone),
                committed=local_minute(committed, zone),
            )
        )


@_teaching
def do_remove(context: EffectContext, effect: Effect) -> None:
    """Strike drawn objects for evidenced reasons; the next ticket of the stratum takes the place."""
    rows = effect.arguments["rows"].value(context.scope) or []
    if not rows:
        return
    if _row(context).public:
        steps.remove(context, effect)
        return
    row, record = _valid_draw(context)
    removals = [
        Removal(str(r.get("object")), str(r.get("reason") or ""), str(r.get("evidence") or "")) for r in rows
    ]
    record = drawing.remove_objects(record, removals, at=context.uow.now, actor=context.actor.id)
    draws.save_record(context.uow, context.case.id, row.number, row.status, record, row.made_at)
    context.notes["removed"] = [removal.object_id for removal in removals]


@_teaching
def do_replace(context: EffectContext, effect: Effect) -> None:
    """Put the next person in the object's own order in the place of one who cannot go."""
    case, uow = context.case, context.uow
    party = effect.arguments.get("party", "inspectors")
    leaving = str(effect.arguments["person"].value(context.scope))
    because = effect.arguments["because"].value(context.scope) if "because" in effect.arguments else None
    # Held, so that two visits of one batch that replace people at the same moment do so one after the other.
    parent = uow.case(case.parent) if case.parent else None
    row = uow.transaction.records.draw(parent.id) if parent else None
    if row is None or case.parent is None:
        raise context.refuse(say("本件不是由抽取产生的，不能按抽取次序更换人员"))
    if row.public:
        context.parties[party] = steps.replace_person(context, effect, row)
        context.notes["replaced"] = {"leaving": leaving, "team": list(context.parties[party])}
        return
    record = drawing.replace_person(
        draws.record_of(row),
        str(case.subject["id"]),
        leaving,
        str(because or context.decision.reason or ""),
        at=uow.now,
        actor=context.actor.id,
    )
    draws.save_record(uow, case.parent, row.number, row.status, record, row.made_at)
    team = record.team(str(case.subject["id"]))
    context.parties[party] = team
    context.notes["replaced"] = {"leaving": leaving, "team": list(team)}


@_teaching
def do_void(context: EffectContext, effect: Effect) -> None:
    """Void the draw, for ever visible, so that a new one can be committed to."""
    if _row(context).public:
        steps.void(context, effect)
        return
    row, record = _valid_draw(context)
    reason = context.decision.reason or _form_reason(context)
    record = drawing.void(record, reason, at=context.uow.now, actor=context.actor.id)
    draws.save_record(context.uow, context.case.id, row.number, "void", record, row.made_at)
    context.notes["void"] = {"number": row.number, "reason": reason}


@_teaching
def do_reveal(context: EffectContext, effect: Effect) -> None:
    """Make the custodians' codes public: from now on anybody can compute the list."""
    if _row(context).public:
        raise context.refuse(say("ssj-draw/2 的保管人份额在抽取时已经公开，不另行揭示"))
    row, record = _valid_draw(context)
    record = drawing.reveal(record, at=context.uow.now, actor=context.actor.id)
    draws.save_record(context.uow, context.case.id, row.number, row.status, record, row.made_at)
    context.notes["revealed"] = {"number": row.number, "log_head": head(record.log)}


def _form_reason(context: EffectContext) -> str:
    form = context.scope.get("form") or {}
    return str(form.get("reason") or form.get("reason_code") or "")


def _row(context: EffectContext) -> DrawRow:
    row = context.uow.transaction.records.draw(context.case.id)
    if row is None or row.status == "void":
        raise context.refuse(say("还没有有效的抽取承诺：先公布承诺，再产生公开随机源"))
    return row


def _valid_draw(context: EffectContext) -> tuple[DrawRow, DrawRecord]:
    row = _row(context)
    return row, draws.record_of(row)
