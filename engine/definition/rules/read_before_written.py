"""What is read where it cannot have been written yet: a form filled later, a party nobody has assigned."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definition.meaning.answers.asked_there import never_asked
from engine.definition.meaning.answers.values_there import ValuesThere
from engine.definition.meaning.effect_reads import expressions_of
from engine.definition.meaning.names_read import Fact, facts_read, walked
from engine.definition.meaning.step_reads import StepReads
from engine.definition.meaning.subject import MeaningInput
from engine.definition.meaning.waits.counted_from import (
    entered_by_engine,
    names_counted,
    on_some_ways,
    surely_before,
)
from engine.definition.meaning.ways import left_to_starter
from engine.definition.rule_input import RuleFinding
from engine.definition.rules.rule import Rule
from engine.language import Message, say
from engine.lifecycle.expressions.condition import Condition
from engine.lifecycle.expressions.expression import Expression, Name
from engine.lifecycle.model.deadline import ClockRule, Limit
from engine.worktime.periods import OnDay
from engine.yamltext.nodes import Node
from engine.yamltext.problem import Severity


def check(subject: MeaningInput) -> Iterator[RuleFinding]:
    """Yield what steps, clocks and states of one workflow read before it is there."""
    if not subject.ways.entries:
        # Nobody starts it: what a case of it begins with is not known.
        return
    reported: set[tuple[int, Fact]] = set()
    for number in range(len(subject.workflow.transitions)):
        for place, fact in StepReads(subject, number).unwritten():
            if (id(place), fact) not in reported and not _the_parents(subject, fact):
                reported.add((id(place), fact))
                yield _finding(subject, place, fact)
    yield from _reasons(subject)
    yield from _not_asked(subject)
    yield from _never_answered(subject)
    seen = {fact for _, fact in reported}
    for finding, fact in (*_audiences(subject), *_clocks(subject), *_notified(subject)):
        # What nobody is in, or nothing is in, is said once.
        if fact[0] == "forms" or fact not in seen:
            seen.add(fact)
            yield finding


def _notified(subject: MeaningInput) -> Iterator[tuple[RuleFinding, Fact]]:
    for number, step in enumerate(subject.workflow.transitions):
        if not any(effect.kind == "notify" for effect in step.then):
            continue
        for place, fact in StepReads(subject, number).notified():
            if not _the_parents(subject, fact):
                yield _finding(subject, place, fact), fact


def _reasons(subject: MeaningInput) -> Iterator[RuleFinding]:
    """Yield where a step says its ``reason`` and does not ask for one."""
    for number, step in enumerate(subject.workflow.transitions):
        if step.reason:
            continue
        for effect in step.then:
            for keys, expressions in expressions_of(effect):
                names = (part for one in expressions for part in walked(one.node))
                if any(isinstance(part, Name) and part.path == ("reason",) for part in names):
                    yield RuleFinding(
                        subject.argument(number, effect, *keys),
                        say("这里写出理由，而“{step}”不要求写明理由", step=step.title),
                        say("请在这一步写 reason: true（须写明理由）"),
                    )


def _not_asked(subject: MeaningInput) -> Iterator[RuleFinding]:
    """Yield the answers a step reads to questions that are asked in other cases only."""
    values = ValuesThere.of(subject)
    for number, step in enumerate(subject.workflow.transitions):
        for found in never_asked(values, number):
            place = subject.place(found.expression, subject.key(number, "require", "when", "to"))
            if found.effect is not None:
                place = subject.argument(number, found.effect, *found.keys)
            yield RuleFinding(
                place,
                say(
                    "“{step}”在这里办时，“{field}”不问，没有可读的", step=step.title, field=found.field.title
                ),
                say("请核对那一栏的 when（当）和这一步的条件"),
            )


def _never_answered(subject: MeaningInput) -> Iterator[RuleFinding]:
    """Yield the required questions a step shows closed, or does not show, that no step before it can have asked."""
    for number, step in enumerate(subject.workflow.transitions):
        form = subject.workflow.forms.get(step.form or "")
        if form is None or not (step.read_only or step.hidden):
            continue
        before = subject.ways.before(subject.numbers_of(step.id))
        if any(("forms", form.id) in before.get(source, ()) for source in step.sources):
            continue
        for key, names in (("read_only", step.read_only), ("hidden", step.hidden)):
            for asked in (form.field(name) for name in names):
                if asked is not None and asked.required and asked.answered and asked.relevant is None:
                    yield RuleFinding(
                        subject.key(number, key, "do"),
                        say(
                            "“{field}”必填，而“{step}”不让填，到这一步时表单又还没有填过：办不下去",
                            field=asked.title,
                            step=step.title,
                        ),
                        say("请去掉 {key}，或在前面某一步填它", key=key),
                        Severity.ERROR,
                    )


def _clocks(subject: MeaningInput) -> Iterator[tuple[RuleFinding, Fact]]:
    workflow, ways = subject.workflow, subject.ways
    for clock in workflow.clocks.values():
        for limit in clock.limits:
            if limit.since is not None:
                yield from _may_be_empty(subject, clock, limit.since, on_day=isinstance(limit.length, OnDay))
            read = facts_read([limit.since.node], workflow) if limit.since is not None else set()
            there = _before_start(subject, clock) if read else None
            later = [*_set_later(subject, clock, limit, read & (there or frozenset()))]
            yield from later
            yield from on_some_ways(
                subject, clock, limit, (read & (there or frozenset())) - {one for _, one in later}
            )
            for fact in sorted(read - there) if there is not None else ():
                if not _the_parents(subject, fact):
                    yield (
                        _finding(subject, subject.place(limit.since, subject.read.clocks[clock.id]), fact),
                        fact,
                    )
        yield from _overdue(subject, clock)
        notified = {name for step in clock.overdue for name in (*step.notify, *step.escalation_chain)}
        reached = [ways.may()[state] for state in clock.during if state in ways.may()]
        for name in sorted({one for name in notified if (one := workflow.party_behind(name))}):
            fact = ("parties", name)
            if reached and not any(fact in there for there in reached) and not _the_parents(subject, fact):
                yield _finding(subject, subject.read.clocks[clock.id], fact), fact


def _may_be_empty(
    subject: MeaningInput, clock: ClockRule, since: Expression, *, on_day: bool
) -> Iterator[tuple[RuleFinding, Fact]]:
    """Yield a term counted from an answer that need not be given: without it, it is counted from another day.

    Where the answer is the last day itself (`on_day`), the states of the clock cannot be entered without it.
    """
    for path in names_counted(since):
        form = subject.workflow.forms.get(path[1]) if path[0] == "forms" and len(path) == 3 else None
        asked = form.field(path[2]) if form is not None else None
        if asked is None or asked.computed is not None:
            continue
        if asked.required and (asked.relevant is None or _asked_on_the_way(subject, clock, asked.relevant)):
            continue
        yield (
            RuleFinding(
                subject.place(since, subject.read.clocks[clock.id]),
                say("时限就到“{field}”那一天，而这一栏可以不填：没有填的，进不了这个环节", field=asked.title)
                if on_day
                else say(
                    "时限从“{field}”起算，而这一栏可以不填：没有填的，从进入环节起算", field=asked.title
                ),
                say("请把这一栏改为必填，或用 first_filled 写明没有填时从哪一天起算"),
                # A step of the engine that is refused is taken by nobody else.
                Severity.ERROR if on_day and entered_by_engine(subject, clock) else None,
            ),
            ("forms", path[1]),
        )


def _set_later(
    subject: MeaningInput, clock: ClockRule, limit: Limit, read: set[Fact]
) -> Iterator[tuple[RuleFinding, Fact]]:
    """Yield what a limit is counted from where it need not be there when the clock starts, and a step sets it while the clock runs."""
    if not read or limit.when is not None:
        # One under a condition is looked up when that comes to hold.
        return
    surely, workflow = surely_before(subject, clock), subject.workflow
    for fact in sorted(read - surely):
        later = [
            step
            for number, step in enumerate(workflow.transitions)
            if fact in subject.ways.written[number][0]
            and step.id not in clock.starts_on
            and clock.during.intersection(step.sources)
            and (step.target or step.sources[0]) in clock.during
        ]
        if fact[0] != "case" or not later or _the_parents(subject, fact):
            continue
        asked = workflow.fields.get(fact[1])
        yield (
            RuleFinding(
                subject.place(limit.since, subject.read.clocks[clock.id]),
                say(
                    "时限“{clock}”从“{field}”起算，起计时不一定已经填了，而“{step}”在计时以后填它：已在计时的不随之移动",
                    clock=clock.title,
                    field=asked.title if asked is not None else fact[1],
                    step=later[0].title,
                ),
                say("请在起计以前就填上，或写 starts_on（起计于），由填它的步骤起计"),
            ),
            fact,
        )


def _asked_on_the_way(subject: MeaningInput, clock: ClockRule, relevant: Condition) -> bool:
    """Tell whether a step into the states of the clock is taken where the answer is asked for."""
    return any(
        step.when is not None and step.when.expression.node == relevant.expression.node
        for step in subject.workflow.transitions
        if step.target in clock.during
    )


def _overdue(subject: MeaningInput, clock: ClockRule) -> Iterator[tuple[RuleFinding, Fact]]:
    """Yield a step after the due day that is for people none of whom can be there while the clock first runs."""
    workflow, ways = subject.workflow, subject.ways
    for step in clock.overdue:
        facts = [("parties", one) for name in step.notify if (one := workflow.party_behind(name))]
        if not facts or len(facts) < len(step.notify) or step.escalation_chain or step.new_assignee_role:
            continue
        there = ways.on_first_entering(clock.during)
        for edge in ways.edges:
            if there is not None and {edge.source, edge.target} <= clock.during:
                there |= edge.may
        if there is not None and not there & set(facts) and not _the_parents(subject, facts[0]):
            yield _finding(subject, subject.read.clocks[clock.id], facts[0]), facts[0]


def _before_start(subject: MeaningInput, clock: ClockRule) -> frozenset[Fact] | None:
    """Return what can be there when a clock starts for the first time; None: it never does."""
    if not clock.starts_on:
        return subject.ways.on_first_entering(clock.during)
    steps = subject.workflow.transitions
    starting = {number for number, step in enumerate(steps) if step.id in clock.starts_on}
    before = subject.ways.may(starting)
    found: frozenset[Fact] | None = None
    for number in starting:
        for source in steps[number].sources:
            if source in before:
                found = (found or frozenset()) | before[source] | subject.ways.written[number][0]
    return found


def _audiences(subject: MeaningInput) -> Iterator[tuple[RuleFinding, Fact]]:
    """Yield the states for parties nobody is in, each party once: at the first of them."""
    workflow, ways = subject.workflow, subject.ways
    named: set[Fact] = set()
    for name, state in workflow.states.items():
        parties = [("parties", one) for name in state.audience if (one := workflow.party_behind(name))]
        if not parties or name not in ways.may():
            continue
        for fact in parties:
            if fact not in ways.may()[name] and fact not in named and not _the_parents(subject, fact):
                named.add(fact)
                alone = all(one not in ways.may()[name] for one in parties) and len(parties) == len(
                    state.audience
                )
                yield (
                    _finding(subject, subject.read.states[name], fact, Severity.ERROR if alone else None),
                    fact,
                )
        if len(parties) < len(state.audience) or not any(fact in ways.may()[name] for fact in parties):
            continue
        if named & set(parties) or any(fact in ways.must()[name] for fact in parties):
            continue
        first = ways.on_first_entering((name,)) or frozenset()
        for edge in ways.edges:
            if edge.source == edge.target == name:
                first |= edge.may
        if not any(fact in first for fact in parties):
            yield _finding(subject, subject.read.states[name], parties[0]), parties[0]


def _the_parents(subject: MeaningInput, fact: Fact) -> bool:
    """Tell whether it is missing because of the workflow that starts it: `not-handed-over` says so there."""
    entries = subject.ways.entries
    if subject.ways.writers(fact):
        return False
    return any(left_to_starter(fact, entry, entries) for entry in entries)


def _finding(subject: MeaningInput, place: Node, fact: Fact, severity: Severity | None = None) -> RuleFinding:
    kind, name = fact
    writers = [subject.workflow.transitions[number] for number in subject.ways.writers(fact)]
    hint: Message | None = None
    if writers:
        titles = list(dict.fromkeys(step.title for step in writers))
        states = [
            subject.workflow.states[state].title
            for state in dict.fromkeys(source for step in writers for source in step.sources)
        ]
        hint = say("{steps}才写入（环节“{states}”），都在这以后", steps=titles, states=states)
    elif kind != "forms":
        hint = say("本流程没有哪一步写入它，启动它的也没有带入")
    if kind == "forms":
        form = subject.workflow.forms[name]
        message = say("读到这里时表单“{form}”（{title}）还没有填过", form=name, title=form.title)
    elif kind == "case":
        message = say("读到这里时字段“{name}”还没有记过", name=name)
    else:
        message = say("到这里时参与人“{name}”还没有指定过，没有人", name=name)
    return RuleFinding(place, message, hint, severity)


RULE = Rule(
    id="read-before-written",
    severity=Severity.WARNING,
    text=say("条件、时限、文字和由谁办只读走到那里以前可能已经写入的表单、字段和参与人。"),
    wrong="""\
states:
  open: {title: 待办, for: clerk}
  review: {title: 待审, for: clerk}
  done: {title: 办结, final}
transitions:
  - do: submit
    title: 提交
    from: open
    to: review
    require:
      - {that: forms.onsite_check.staff > 0, else: 没有职工, basis: 条例 第一条}
  - {do: finish, title: 办结, from: review, to: done, form: onsite_check}
""",
    right="""\
states:
  open: {title: 待办, for: clerk}
  review: {title: 待审, for: clerk}
  done: {title: 办结, final}
transitions:
  - {do: submit, title: 提交, from: open, to: review, form: onsite_check}
  - do: finish
    title: 办结
    from: review
    to: done
    require:
      - {that: forms.onsite_check.staff > 0, else: 没有职工, basis: 条例 第一条}
""",
    meaning=check,
    blocks_graph=False,
)
