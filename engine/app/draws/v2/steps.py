"""The acts of a draw of ssj-draw/2 as steps of a case: each changes the draw and the public log in the transaction of its step."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from engine.app.draws.plan import draw_plan_of, of_cases
from engine.app.draws.registers import register_messages
from engine.app.draws.registers.register_changes import sentence_back
from engine.app.draws.v2 import material, stored
from engine.app.draws.v2.custodians import custodians_of, shares_of
from engine.app.draws.v2.issues import pinned, values_of
from engine.app.draws.v2.sample_party import sign_as_sample
from engine.app.history.replay import history
from engine.app.ports.records import DrawRow
from engine.draw.commitment import count_warnings, stratum_of
from engine.draw.refused import refuse_if
from engine.draw.tickets import TicketMachine
from engine.draw.v2 import acts
from engine.draw.v2.acts import Draw
from engine.draw.v2.commitment import make_commitment
from engine.draw.v2.kit import software
from engine.draw.v2.log import PublicLog
from engine.draw.v2.randomness.sources import day_of, known_on
from engine.draw.v2.rosters import parse_objects, parse_people, render_objects, render_people
from engine.draw.v2.shapes import wrong
from engine.draw.v2.story import MAX_DAYS
from engine.draw.v2.teams import Teams
from engine.draw.v2.visits import lot_of, lots_of, visits_of
from engine.kernel.clean_text import clean
from engine.kernel.instants import to_text
from engine.kernel.refusal import RefusalReason
from engine.language import say

if TYPE_CHECKING:
    from engine.app.draws.plan import DrawPlan
    from engine.app.ports.store import Transaction
    from engine.app.session.effect_context import EffectContext
    from engine.lifecycle.model.draw_policy import DrawPolicy
    from engine.lifecycle.model.workflow import Effect

#: A field of this name, where the workflow has it, says from which day on all results are known.
KNOWN_ON = "draw_known_on"


@dataclass(slots=True)
class HeldDraw:
    """A draw taken from the database together with its key and the log, to be changed and written back."""

    transaction: Transaction
    row: DrawRow
    draw: Draw
    log: PublicLog
    key: bytes

    @classmethod
    def take(cls, transaction: Transaction, row: DrawRow, *rosters: str) -> HeldDraw:
        """Return the draw of a row. Raises `DrawRefused` where something of it is missing or broken, or its rosters (those named, else both) are not those it was committed to."""
        draw = stored.draw_of(row)
        acts.require_rosters(draw, *rosters)
        return cls(
            transaction,
            row,
            draw,
            stored.read_log(transaction),
            stored.key_of(transaction, row),
        )

    def called(self, person: str) -> str:
        """Return what the log calls a person."""
        return stored.pseudonym(self.key, person)

    def put(self, acted: acts.Acted, status: str | None = None, **more: Any) -> Draw:
        """Write what an act made of it."""
        draw, log = acted
        stored.write_log(self.transaction, self.log, log)
        made_at = more.get("made_at", self.row.made_at)
        stored.save(
            self.transaction, self.row.case, self.row.number, status or self.row.status, draw, log, made_at
        )
        self.draw, self.log = draw, log
        return draw

    def put_replacement(self, acted: acts.Acted) -> Draw:
        """Write a replacement beside what is stored of the draw, which is as large as its rosters and stays as it is."""
        draw, log = acted
        stored.write_log(self.transaction, self.log, log)
        stored.add_replacement(self.transaction, self.row, draw)
        self.draw, self.log = draw, log
        return draw


def commit(context: EffectContext, effect: Effect) -> None:
    """Fix everything that decides the draw and enter it into the public log. Raises `DrawRefused`."""
    uow, case = context.uow, context.case
    earlier = uow.transaction.records.draws(case.id)
    value = context.arguments_of(effect)
    bureau = uow.process(case).bureau
    log = stored.read_log(uow.transaction, bureau.title)
    plan = draw_plan_of(uow, case, effect, context.scope)
    allocation = plan.allocation()
    refuse_if(plan.staffing_problems())
    number = len(earlier) + 1
    key = _random(context, f"draw|{case.id}|{number}", 32)
    rows = material.roster_objects(plan)
    objects, people = render_objects(rows, key), render_people(material.roster_people(uow, plan), key)
    today = date.fromisoformat(day_of(max([to_text(uow.now), *(line.at for line in log.lines[-1:])])))
    sources, calendar = pinned(value("sources") or (), bureau.draw, today)
    anchor, second = _anchor(context, key, bureau.draw, str(value("no_anchor") or ""), value("second"))
    last = date.fromisoformat(known_on(sources)) if sources else today
    commitment = make_commitment(
        log=log,
        batch_id=case.id,
        draw_no=sum(row.public for row in earlier) + 1,
        purpose=case.title,
        items=plan.items,
        objects=objects,
        people=people,
        registered=sum(plan.register_counts.values()),
        object_rules=material.object_rules(plan.rules, rows, plan.bands),
        people_rules=material.people_rules(plan.rules, plan.team),
        sources=sources,
        sources_reason=str(value("sources_reason") or ""),
        calendar=calendar,
        draw_by=min(
            last + timedelta(days=bureau.draw.lapse_days), today + timedelta(days=MAX_DAYS)
        ).isoformat(),
        custodians=custodians_of(value("custodians")),
        anchor=anchor,
        software=software(),
    )
    draw = Draw(commitment, calendar, objects, people)
    _staffed(draw, plan)
    draw, after = acts.commit(
        draw, log, now=uow.clock, by=stored.pseudonym(key, context.actor.id), second=second
    )
    after = sign_as_sample(after, bureau.draw)
    stored.write_log(uow.transaction, log, after)
    uow.transaction.records.put_draw_key(case.id, number, key)
    stored.save(uow.transaction, case.id, number, "committed", draw, after, uow.now)
    uow.warnings += [one.message for one in (*allocation.warnings, *_counted(plan))]
    if KNOWN_ON in uow.process(case).workflow.fields:
        context.fields[KNOWN_ON] = known_on(sources)
    noted = {} if of_cases(effect) else register_messages.note_changes(context, plan.objects)
    context.notes["commitment"] = {"number": number, "sha256": draw.name, **noted}


def enter(context: EffectContext, effect: Effect) -> None:
    """Enter the hash of the results that were typed first."""
    held = _own(context)
    values = values_of(str(context.arguments_of(effect)("entropy") or ""), held.draw.commitment["sources"])
    held.put(
        acts.type_first(held.draw, held.log, values, now=context.uow.clock, by=held.called(context.actor.id))
    )
    context.notes["entered"] = {"number": held.row.number, "log_lines": len(held.log.lines)}


def draw_objects(context: EffectContext, effect: Effect) -> None:
    """Draw the objects with what the second person typed; another text than the first spoils the draw in public."""
    held, now = _own(context), context.uow.now
    value, made = context.arguments_of(effect), held.draw.commitment
    values = values_of(str(value("entropy") or ""), made["sources"])
    shares = shares_of(value("custodian_codes"), made["custodians"])
    by = held.called(context.actor.id)
    acted = acts.type_second(held.draw, held.log, values, shares=shares, now=context.uow.clock, by=by)
    drawn = bool(acted[0].strata)
    held.put(acted, "objects_drawn" if drawn else None, **({"made_at": now} if drawn else {}))
    if drawn:
        context.notes["drawn"] = _drawn(held)
        uow = context.uow
        if back := register_messages.changed_back_of(uow.transaction, held.row):
            uow.warnings.append(sentence_back(context.case, back, uow.services.definitions.time.zone))
    else:
        context.uow.warnings.append(say("第二次录入与第一次不同，承诺只能作废"))
        context.notes["spoiled"] = {"number": held.row.number}


def draw_people(context: EffectContext) -> None:
    """Draw the people for the objects drawn; units nobody can go to are named."""
    held = _own(context)
    if held.row.record["spoiled"]:
        # The same step was to draw the objects, and could not.
        return
    by = held.called(context.actor.id)
    draw = held.put(acts.assign(held.draw, held.log, now=context.uow.clock, by=by), "complete")
    objects = {row.lot: row for row in parse_objects(draw.objects)}
    empty = [objects[unit["unit"]].object_id for unit in draw.units if not unit["members"]]
    if empty:
        context.uow.warnings.append(say("没有人可以去检查：{objects}", objects=empty[:20]))
    context.notes["drawn"] = _drawn(held)


def remove(context: EffectContext, effect: Effect) -> None:
    """Strike drawn objects: asked for by one person, agreed to by whoever acts."""
    value = context.arguments_of(effect)
    rows = value("rows") or []
    if not rows:
        return
    held = _own(context)
    lots = lots_of(held.draw)
    by, second = _two(context, held, value("asked_by"))
    _require_asked(context, value("asked_by"))
    acted: acts.Acted = (held.draw, held.log)
    for row in rows:
        name = str(row.get("object"))
        if name not in lots:
            raise wrong("removal", say("名册里没有 {object}", object=name))
        evidence = _evidence(context, acted[1], row.get("evidence"))
        reason = str(row.get("reason") or "")
        acted = acts.remove(*acted, lots[name], reason, evidence, now=context.uow.clock, by=by, second=second)
    held.put(acted)
    context.notes["removed"] = [str(row.get("object")) for row in rows]


def void(context: EffectContext, effect: Effect) -> None:
    """Void the draw: asked for by one person, agreed to by whoever acts."""
    value, held = context.arguments_of(effect), _own(context)
    by, second = _two(context, held, value("asked_by"))
    _require_asked(context, value("asked_by"))
    reason = str(value("because") or context.decision.reason or "")
    evidence = _evidence(context, held.log, value("evidence"))
    acted = acts.void(held.draw, held.log, reason, evidence, now=context.uow.clock, by=by, second=second)
    held.put(acted, "void")
    context.notes["void"] = {"number": held.row.number, "reason": reason}


def replace_person(context: EffectContext, effect: Effect, row: DrawRow) -> tuple[str, ...]:
    """Let the next in the order of the object take the place of one who cannot go; return the team."""
    value = context.arguments_of(effect)
    uow, object_id = context.uow, str(context.case.subject["id"])
    # Who goes is chosen of the people alone: the objects, of which there may be many, are left unread.
    held = HeldDraw.take(uow.transaction, row, "people")
    leaving, people = str(value("person")), {}
    if held.draw.people is not None:
        people = {person.person_id: person.lot for person in parse_people(held.draw.people)}
    lot = lot_of(held.draw, object_id)
    unit = next((unit["unit"] for unit in held.draw.units if lot in unit["objects"]), lot)
    by, second = _two(context, held, value("asked_by"))
    acted = acts.substitute(
        held.draw,
        held.log,
        unit,
        people.get(leaving, leaving),
        str(value("because") or context.decision.reason or ""),
        _evidence(context, held.log, value("evidence")),
        _random(context, f"why|{row.case}|{row.number}|{len(held.draw.whys)}", 16).hex(),
        now=uow.clock,
        by=by,
        second=second,
    )
    draw = held.put_replacement(acted)
    return next(visit.people for visit in visits_of(draw, {lot}))


def _own(context: EffectContext) -> HeldDraw:
    """Return the draw of the case itself."""
    row = context.uow.transaction.records.draw(context.case.id)
    if row is None or row.status == "void":
        raise context.refuse(say("还没有有效的抽取承诺：先公布承诺，再产生公开随机源"))
    return HeldDraw.take(context.uow.transaction, row)


def _require_asked(context: EffectContext, asked_by: Any) -> None:
    """Raise `DrawRefused` where the history of the case has no request of the one who is said to have asked.

    Who asked is a fact of the case, which whoever writes into the database can show otherwise. Who asks for somebody's
    replacement may do it in another case.
    """
    if asked_by and not any(
        event.actor == asked_by and asked_by in (event.body.get("fields") or {}).values()
        for event in history(context.uow.transaction, context.case.id)
    ):
        raise wrong("second", say("案件历史里没有{person}的申请", person=str(asked_by)))


def _two(context: EffectContext, held: HeldDraw, asked_by: Any) -> tuple[str, str]:
    """Return what the log calls the one who asked and the one who agrees. Raises `DrawRefused` for one person alone."""
    if not asked_by or str(asked_by) == context.actor.id:
        raise wrong("second", say("须由另一人申请，本人不能自己申请自己同意"))
    return held.called(str(asked_by)), held.called(context.actor.id)


def _anchor(
    context: EffectContext, key: bytes, policy: DrawPolicy, reason: str, second: Any
) -> tuple[dict[str, Any], str]:
    """Return what the commitment says of its anchor, and what the log calls who agreed to have none."""
    if not clean(reason):
        if not policy.parties:
            raise wrong(
                "anchor",
                say("没有可以在承诺上签名的单位以外的一方"),
                say(
                    "在 bureau.yaml 的 draw（抽取）里列出签名方的名称和公钥；确实没有的，在方案里写明理由，由两人负责"
                ),
            )
        parties = [
            {"name": party.title, "key": party.key, "sample": party.sample} for party in policy.parties
        ]
        return {"mode": "signed", "parties": parties, "reason": ""}, ""
    if not second or str(second) == context.actor.id:
        raise wrong("anchor", say("没有外部凭据的抽取须由两人决定：批准方案的人和公布承诺的人不能是同一人"))
    return {"mode": "none", "parties": [], "reason": reason}, stored.pseudonym(key, str(second))


def _staffed(draw: Draw, plan: DrawPlan) -> None:
    """Raise `DrawRefused` where an object could not be staffed if it were drawn."""
    if draw.people is None:
        return
    rows = parse_objects(draw.objects)
    alike = set(plan.alike().values())
    people, nobody = parse_people(draw.people), TicketMachine(bytes(32))
    teams = Teams(draw.commitment["people_rules"], {row.lot: row for row in rows}, people, nobody)
    lots = {row.lot: row.object_id for row in rows if row.object_id in alike}
    if missing := sorted(lots[lot] for lot in teams.unstaffed(lots)):
        raise wrong("staffing", say("这些对象若被抽中，没有足够的人可去：{objects}", objects=missing[:20]))


def _counted(plan: DrawPlan) -> tuple[RefusalReason, ...]:
    listed = Counter(stratum_of(plan.rules, row) for row in plan.objects)
    return tuple(count_warnings(listed, plan.register_counts))


def _drawn(held: HeldDraw) -> dict[str, Any]:
    return {"number": held.row.number, "objects": len(held.draw.visits), "log_lines": len(held.log.lines)}


def _evidence(context: EffectContext, log: PublicLog, given: Any) -> bytes:
    """Keep what was handed in as evidence for the next line of the log, with a salt of its own, and return it."""
    salt = _random(context, f"evidence|{len(log.lines)}", 16)
    return stored.keep_evidence(context.uow.transaction, context.case.id, given, salt)


def _random(context: EffectContext, purpose: str, count: int) -> bytes:
    entropy = context.uow.services.entropy
    if entropy is None:
        raise LookupError("nothing gives this office random bytes")
    return entropy(purpose, count)
