"""Whether a draw as it is kept agrees with its commitment, with itself and with the public log: everything computed again.

For the bureau's own audit. Everybody else runs the programs of the kit, which share nothing with this.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from engine.draw.refused import DrawRefused
from engine.draw.v2.acts import Draw, digest_of_units, is_forgotten, is_keyed, teams_of
from engine.draw.v2.anchors import anchor_of, signature_holds
from engine.draw.v2.commitment import (
    commitment_problems,
    is_trial,
    roster_problems,
    shows_who_takes_part,
)
from engine.draw.v2.log import Line, PublicLog
from engine.draw.v2.quotas import quotas
from engine.draw.v2.randomness.sources import typed_digest
from engine.draw.v2.rosters import (
    count_strata,
    digest_of_table,
    is_before,
    parse_objects,
    parse_people,
    public_form,
)
from engine.draw.v2.sealing import why_of
from engine.draw.v2.selection import select, visits_after
from engine.draw.v2.shapes import canonical_bytes
from engine.draw.v2.story import progress_of
from engine.kernel.refusal import RefusalReason
from engine.language import Message, say


def log_problems(log: PublicLog) -> list[RefusalReason]:
    """Return every line of the public log that does not follow the protocol, and every signature that does not hold."""
    _, problems = progress_of(log)
    for line in log.lines:
        if line.kind == "anchor" and not signature_holds(log, line):
            problems.append(
                _no(say("日志第 {number} 行：{message}", number=line.seq, message=say("签名核验不过")))
            )
    return problems


def draw_problems(draw: Draw, log: PublicLog) -> list[RefusalReason]:
    """Return everything in which a draw is not what its commitment, its rosters and its lines of the log give."""
    problems: list[RefusalReason] = []
    for part in (_before, _objects, _people, _lines):
        problems += _found(part, draw, log)
        if problems:
            break
    return problems


def _found(
    part: Callable[[Draw, PublicLog], Iterable[RefusalReason]], draw: Draw, log: PublicLog
) -> Sequence[RefusalReason]:
    try:
        return list(part(draw, log))
    except DrawRefused as refused:
        return refused.reasons


def _before(draw: Draw, log: PublicLog) -> Iterator[RefusalReason]:
    made = draw.commitment
    yield from commitment_problems(made, draw.calendar)
    rows = parse_objects(draw.objects)
    if draw.people is not None and is_forgotten(draw):
        yield from roster_problems(rows, None, made["object_rules"], None)
    else:
        staff = None if draw.people is None else parse_people(draw.people)
        yield from roster_problems(rows, staff, made["object_rules"], made["people_rules"])
    for name, data in (("objects", draw.objects), ("people", draw.people)):
        seen = {} if data is None else digest_of_table(public_form(data))
        if any(made[name][key] != value for key, value in seen.items()) or (data is None) != (
            made[name] is None
        ):
            yield _no(say("{name} 名册与承诺书的摘要不符", name=name))
    before = shows_who_takes_part(made)
    if before != is_before(draw.objects):
        yield _no(say("{name} 名册的形式与承诺书的不同", name="objects"))
    strata = count_strata(rows, before=before)
    if strata != made["strata"] or quotas(made["object_rules"], strata) != made["quotas"]:
        yield _no(say("户数或名额与承诺书不符"))
    if not log.continues(made["log"]["size"], made["log"]["root"]):
        yield _no(say("承诺书所记的日志头不在日志里"))


def _objects(draw: Draw, _: PublicLog) -> Iterator[RefusalReason]:
    if not draw.strata:
        if draw.values or draw.visits or draw.units:
            yield _no(say("没有抽取对象，却有结果"))
        return
    rows, tickets = parse_objects(draw.objects), draw.tickets_of()
    strata = select(draw.commitment["quotas"], rows, tickets)
    if list(draw.strata) != strata:
        yield _no(say("抽取对象与重算的不符"))
    elif list(draw.visits) != visits_after(
        draw.commitment["object_rules"], strata, rows, tickets, draw.removals
    ):
        yield _no(say("检查名单与重算的不符"))


def _people(draw: Draw, _: PublicLog) -> Iterator[RefusalReason]:
    if draw.people is not None and is_forgotten(draw):
        # Who could go where is destroyed; the line of the log still says the teams.
        if draw.whys or (draw.replacements and not draw.units):
            yield _no(say("更换的记录多余或缺少"))
        return
    if len(draw.whys) != len(draw.replacements) or (draw.replacements and not draw.units):
        yield _no(say("更换的记录多余或缺少"))
        return
    if not draw.units:
        return
    teams = teams_of(draw)
    if list(draw.units) != teams.assign([visit["lot"] for visit in draw.visits]):
        yield _no(say("检查人员与重算的不符"))
        return
    allowed = draw.commitment["people_rules"]["replacement_reasons"]
    for place, (step, why) in enumerate(zip(draw.replacements, draw.whys, strict=True)):
        due = teams.replace(draw.units, draw.replacements[:place], step["unit"], step["leaving"])
        due |= {"why": why_of(why["salt"], why["reason"], why["evidence"]), "second": step["second"]}
        if due != step or why["reason"] not in allowed:
            yield _no(say("{unit} 更换 {leaving} 与重算的不符", unit=step["unit"], leaving=step["leaving"]))


def _lines(draw: Draw, log: PublicLog) -> Iterator[RefusalReason]:
    """Compare what the log says of this draw with what is kept, line by line."""
    lines = log.of(draw.name)
    due: list[tuple[str, dict[str, Any]]] = []
    if draw.strata:
        due = [("typed", {"sha256": typed_digest(draw.values)})]
        due += [("shares", {"shares": list(draw.shares)})] if draw.shares else []
        due += [("entropy", {"values": list(draw.values)}), ("objects", {"sha256": _digest(draw.strata)})]
        due += [("remove", dict(removal)) for removal in draw.removals]
    due += [("people", digest_of_units(draw, keyed=is_keyed(draw, log)))] if draw.units else []
    due += [("replace", {"sha256": _digest(step)}) for step in draw.replacements]
    kinds = {"typed", "shares", "entropy", "objects", "remove", "people", "replace"}
    seen = [(line.kind, _rest(line)) for line in lines if line.kind in kinds]
    waiting = not draw.strata and all(kind == "typed" for kind, _ in seen)
    if seen != due and not waiting:
        yield _no(
            say(
                "日志所记与记录不符：日志有 {seen}，记录应有 {due}",
                seen=[k for k, _ in seen],
                due=[k for k, _ in due],
            )
        )
    commits = [line for line in lines if line.kind == "commit"]
    if len(commits) != 1:
        yield _no(say("没有这份承诺"))
    elif draw.strata and draw.commitment["anchor"]["mode"] == "signed" and not is_trial(draw.commitment):
        first = next(line.seq for line in lines if line.kind == "typed")
        if anchor_of(log, draw.commitment, commits[0], before=first) is None:
            yield _no(say("承诺还没有外部凭据，不能抽取"))


def _rest(line: Line) -> dict[str, Any]:
    return {key: value for key, value in line.body.items() if key not in ("commitment", "second")}


def _digest(value: Any) -> str:
    return hashlib.sha256(canonical_bytes(value)).hexdigest()


def _no(message: Message) -> RefusalReason:
    return RefusalReason("differs", message)
