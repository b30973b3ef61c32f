"""Whether what a clock is counted from is there on every way on which the clock starts."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from engine.definition import graph
from engine.definition.meaning.domains import Path
from engine.definition.meaning.names_read import MISSING_IS_FINE, Fact, walked
from engine.definition.meaning.subject import MeaningInput
from engine.definition.rule_input import RuleFinding
from engine.language import Message, say
from engine.lifecycle.expressions.expression import Call, Expression, Name
from engine.lifecycle.model.deadline import ClockRule, Limit
from engine.worktime.periods import OnDay
from engine.yamltext.problem import Severity


def on_some_ways(
    subject: MeaningInput, clock: ClockRule, limit: Limit, read: Collection[Fact]
) -> Iterator[tuple[RuleFinding, Fact]]:
    """Yield what a limit is counted from that is there on some ways into the states of the clock, and on others not.

    `read` is what is there on some way. Without it the limit is counted from the day the clock starts; where it is the last day itself,
    the states cannot be entered.
    """
    if limit.since is None or limit.when is not None:
        # One under a condition is looked up when that comes to hold.
        return
    surely = surely_before(subject, clock) if read else frozenset()
    lacking = [
        fact
        for fact in sorted(read)
        if fact not in surely and fact[0] in ("case", "forms") and not _given(subject, fact)
    ]
    clocks = {path[1] for path in names_counted(limit.since) if path[0] == "clocks" and len(path) > 1}
    lacking += [("clocks", name) for name in sorted(clocks) if not _has_run(subject, clock, name)]
    for fact in lacking:
        on_day = isinstance(limit.length, OnDay)
        names = {
            "clock": clock.title,
            "field": _called(subject, fact),
            "step": _first_without(subject, clock, fact),
        }
        yield (
            RuleFinding(
                subject.place(limit.since, subject.read.clocks[clock.id]),
                say(
                    "时限“{clock}”就到“{field}”那一天，按有的走法（如经“{step}”）还没有它：进不了这个环节",
                    **names,
                )
                if on_day
                else say(
                    "时限“{clock}”从“{field}”起算，按有的走法（如经“{step}”）还没有它：那时从起计那天算起",
                    **names,
                ),
                say("请让每一条走法都先记下它，或用 first_filled 写明没有时从哪一天起算"),
                # A step of the engine that is refused is taken by nobody else.
                Severity.ERROR if on_day and entered_by_engine(subject, clock) else None,
            ),
            fact,
        )


def surely_before(subject: MeaningInput, clock: ClockRule) -> frozenset[Fact]:
    """Return what is there on every way when a clock starts."""
    ways, steps = subject.ways, subject.workflow.transitions
    must = ways.must()
    if clock.starts_on:
        found = [
            must[source] | ways.written[number][1]
            for number, step in enumerate(steps)
            if step.id in clock.starts_on
            for source in step.sources
            if source in must
        ]
    else:
        found = [
            must[edge.source] | ways.bits.facts(edge.must_bits)
            for edge in ways.edges
            if edge.target in clock.during and edge.source not in clock.during and edge.source in must
        ]
        if subject.workflow.initial in clock.during:
            found.append(must.get(subject.workflow.initial, frozenset()))
    return found[0].intersection(*found) if found else frozenset()


def entered_by_engine(subject: MeaningInput, clock: ClockRule) -> bool:
    """Tell whether a step of the engine leads into the states of a clock."""
    steps = subject.workflow.transitions
    return any(
        edge.step >= 0
        and steps[edge.step].by_engine
        and edge.target in clock.during
        and edge.source not in clock.during
        for edge in subject.ways.edges
    )


def _given(subject: MeaningInput, fact: Fact) -> bool:
    """Tell whether whoever starts a case may give it a fact."""
    return any(fact in entry.facts for entry in subject.ways.entries)


def names_counted(since: Expression) -> list[Path]:
    """Return the names a day is counted from, without those that are asked about first."""
    read, asked = set[Path](), set[Path]()
    for part in walked(since.node):
        if isinstance(part, Name):
            read.add(part.path)
        elif isinstance(part, Call) and part.name in MISSING_IS_FINE:
            asked |= {one.path for one in walked(part) if isinstance(one, Name)}
    return sorted(read - asked)


def _has_run(subject: MeaningInput, clock: ClockRule, name: str) -> bool:
    """Tell whether a clock has surely run, or runs, when another starts."""
    other = subject.workflow.clocks.get(name)
    if other is None or clock.during <= other.during:
        return True
    if other.starts_on:
        return ("clocks", name) in surely_before(subject, clock)
    if subject.workflow.initial in other.during:
        return True
    around = {
        source: {target for target in targets if target not in other.during}
        for source, targets in graph.edges(subject.workflow).items()
    }
    return not graph.reachable(around, subject.workflow.initial) & clock.during


def _called(subject: MeaningInput, fact: Fact) -> str | Message:
    workflow = subject.workflow
    if fact[0] == "forms":
        return workflow.forms[fact[1]].title
    if fact[0] == "clocks":
        return workflow.clocks[fact[1]].title or fact[1]
    asked = workflow.fields.get(fact[1])
    return fact[1] if asked is None else asked.title


def _first_without(subject: MeaningInput, clock: ClockRule, fact: Fact) -> str:
    """Return the title of a step into the states of a clock that may be taken where a fact is not there."""
    ways, steps = subject.ways, subject.workflow.transitions
    must = ways.must()
    for edge in ways.edges:
        entering = edge.target in clock.during and edge.source not in clock.during
        step = steps[edge.step] if edge.step >= 0 else None
        if step is None or not (step.id in clock.starts_on if clock.starts_on else entering):
            continue
        if fact not in must.get(edge.source, frozenset()) | ways.bits.facts(edge.must_bits):
            return step.title
    return subject.workflow.states[subject.workflow.initial].title
