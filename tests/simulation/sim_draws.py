"""Draws of the simulation: a process of its own, what its steps answer, and what must hold of every draw and of the public log."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.app.draws.v2 import stored
from engine.app.draws.v2.issues import format_results
from engine.app.ports.records import RegisterEntry
from engine.app.ports.store import Transaction
from engine.authoring.simulate.draw_results import made_up_result
from engine.draw.v2.visits import visits_of
from engine.lifecycle.case import Case

LOTS = """
workflow: lots
title: 抽取
about: batch
initial: planned
start: {by: clerk}
fields:
  - approved_by: {title: 批准人, type: person}
states:
  planned: {title: 待批准, for: chief}
  approved: {title: 待承诺, for: clerk}
  committed: {title: 待开奖, for: clerk}
  typed: {title: 待复录, for: chief}
  drawn: {title: 已抽取, final: true}
transitions:
  - do: approve
    title: 批准
    from: planned
    to: approved
    reason: true
    then:
      - set: {approved_by: = actor.id}
  - do: commit
    title: 承诺
    from: approved
    to: committed
    reason: true
    form: plan
    then:
      - commit: draw
        ratios: = form.ratios
        scheme: credit
        inspectors: 2
        sources: [fc3d, pl3]
        no_anchor: 示例
        second: = case.approved_by
  - do: type_results
    title: 录入
    from: committed
    to: typed
    reason: true
    form: results
    then:
      - {enter: results, entropy: = form.entropy}
  - do: draw
    title: 复录
    from: typed
    to: drawn
    reason: true
    form: results
    then:
      - {draw: objects, entropy: = form.entropy}
      - draw: inspectors
"""
PLAN = """
form: plan
title: 方案
fields:
  - ratios:
      title: 比例
      columns:
        - class: {title: 等级}
        - count: {title: 抽几户, type: integer, optional: true}
"""
RESULTS = """
form: results
title: 开奖结果
fields:
  - entropy: {title: 结果}
"""
#: What the bureau says of lotteries.
POLICY = "draw: {closed_days: [2026-02-14..2026-02-23]}\n"
#: step -> the role that takes it.
STEPS = {
    "planned": ("approve", "chief"),
    "approved": ("commit", "clerk"),
    "committed": ("type_results", "clerk"),
    "typed": ("draw", "chief"),
}
FIRMS, INSPECTORS, DRAWN = 6, 4, 3


def entropy(purpose: str, count: int) -> bytes:
    """Return bytes that are the same each time."""
    return hashlib.shake_256(purpose.encode()).digest(count)


def registers() -> list[RegisterEntry]:
    """Return the firms, and who inspects them."""
    rated = {"ratings": [{"scheme": "credit", "class": "A"}]}
    certified = {"cert_no": "示例", "cert_valid_to": "2030-12-31"}
    firms = [RegisterEntry("objects", f"E{n}", f"示例{n}", None, rated) for n in range(FIRMS)]
    people = [
        RegisterEntry("inspectors", f"i-{n}", f"检查员{n}", "north", certified) for n in range(INSPECTORS)
    ]
    return [*firms, *people]


def answers(transaction: Transaction, case: str, step: str) -> Mapping[str, Any] | None:
    """Return what is answered in a step; both who type the results read them off the same page."""
    if step == "commit":
        return {"ratios": [{"class": "A", "count": DRAWN}]}
    if step == "approve":
        return None
    row = transaction.records.draw(case)
    if row is None:
        return {"entropy": "-"}
    sources = stored.draw_of(row).commitment["sources"]
    return {"entropy": format_results(sources, [made_up_result(source, "1") for source in sources])}


def draw_problems(transaction: Transaction, cases: Sequence[Case]) -> Iterator[str]:
    """Yield what is wrong with any draw: two of one case, one without its lines, lines of none, teams that are short."""
    log = stored.read_log(transaction).lines
    lines = Counter((str(line.body.get("commitment")), line.kind) for line in log)
    known = set()
    for case in cases:
        if case.workflow != "lots":
            continue
        rows = transaction.records.draws(case.id)
        if len(rows) != (case.state not in ("planned", "approved")):
            yield f"doubled or lost: {case.id} in {case.state} has {len(rows)} draws"
            continue
        for row in rows:
            draw = stored.draw_of(row)
            known.add(draw.name)
            expected = {"commit": 1, "typed": case.state in ("typed", "drawn")}
            expected |= dict.fromkeys(("entropy", "objects", "people"), case.state == "drawn")
            for kind, count in expected.items():
                if lines[draw.name, kind] != count:
                    yield f"doubled or lost: {case.id} in {case.state} has {lines[draw.name, kind]} lines {kind}"
            teams = [len(visit.people) for visit in visits_of(draw)] if case.state == "drawn" else []
            if teams != [2] * (DRAWN if case.state == "drawn" else 0):
                yield f"lost: {case.id} in {case.state} has teams of {teams}"
    for name, kind in lines:
        if name not in known:
            yield f"doubled: a line {kind} of {name}, which is the draw of no case"
