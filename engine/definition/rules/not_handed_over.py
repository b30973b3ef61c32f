"""What a child case needs and its parent does not hand over: people it is for, fields its deadlines and conditions read."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definition.meaning.effect_reads import expressions_of
from engine.definition.meaning.names_read import Fact, facts_read
from engine.definition.meaning.subject import MeaningInput
from engine.definition.meaning.ways import Entry, Ways, left_to_starter, says_nothing
from engine.definition.rule_input import RuleFinding
from engine.definition.rules.rule import Rule
from engine.language import say
from engine.yamltext.problem import Severity


def check(subject: MeaningInput) -> Iterator[RuleFinding]:
    """Yield what each ``start`` leaves out although another brings it, or the child says it has it."""
    needed: dict[tuple[str, frozenset[Fact]], set[Fact]] = {}
    begun: dict[str, dict[int, Entry]] = {}
    for number, step in enumerate(subject.workflow.transitions):
        for effect in step.then:
            child = subject.others.get(str(effect.arguments.get("start", "")))
            if child is None:
                continue
            entries = subject.ways_of(child).entries
            if child.id not in begun:
                begun[child.id] = {id(one.effect): one for one in entries}
            entry = begun[child.id].get(id(effect))
            if entry is None:
                continue
            # Cases that begin with the same need the same.
            key = (child.id, entry.facts)
            if key not in needed:
                needed[key] = _needed(subject.ways_of(child).begun_by(entry))
            for kind, name in sorted(needed[key]):
                fact = (kind, name)
                alone = says_nothing(effect) and not any(fact in other.facts for other in entries)
                if alone or not left_to_starter(fact, entry, entries):
                    continue
                # Cases that people start by hand may do without.
                severity = Severity.WARNING if child.start_by else None
                if kind == "parties":
                    yield RuleFinding(
                        subject.argument(number, effect, "parties"),
                        say(
                            "启动“{child}”没有带入参与人“{name}”，那边的环节没有人办",
                            child=child.title,
                            name=child.parties[name],
                        ),
                        say("请写 parties: {{{name}: = …}}", name=name),
                        severity,
                    )
                else:
                    yield RuleFinding(
                        subject.argument(number, effect, "with"),
                        say(
                            "启动“{child}”没有带入字段“{name}”（{title}），那边却要读它",
                            child=child.title,
                            name=name,
                            title=child.fields[name].title,
                        ),
                        say("请写 with: {{{name}: = …}}", name=name),
                        severity,
                    )


def _needed(ways: Ways) -> set[Fact]:
    child, may = ways.workflow, ways.may()
    missing: set[Fact] = set()
    for name, state in child.states.items():
        parties = {("parties", one) for name in state.audience if (one := child.party_behind(name))}
        if name in may and parties and len(parties) == len(state.audience):
            missing |= parties - may[name]
    for number, step in enumerate(child.transitions):
        reached = [may[state] for state in step.sources if state in may]
        expressions = [condition.expression for condition in step.conditions]
        expressions += [one.that.expression for one in step.warn]
        for effect in step.then:
            expressions += [one for _, found in expressions_of(effect) for one in found]
        read = facts_read((one.node for one in expressions), child) - ways.written[number][0]
        missing |= {
            fact
            for fact in read
            if fact[0] == "case" and reached and not any(fact in there for there in reached)
        }
    for clock in child.clocks.values():
        since = [limit.since.node for limit in clock.limits if limit.since is not None]
        there = ways.on_first_entering(clock.during) if since and not clock.starts_on else None
        if there is not None:
            read = set[Fact]().union(*(facts_read([node], child) for node in since))
            missing |= {fact for fact in read - there if fact[0] == "case"}
    return missing


RULE = Rule(
    id="not-handed-over",
    severity=Severity.ERROR,
    text=say("启动子案件要带入它由谁办，和它的时限、条件要读的字段。"),
    wrong="""\
states:
  open: {title: 待办, for: clerk}
  waiting: {title: 处置中}
  done: {title: 办结, final}
transitions:
  - {do: begin, title: 启动, from: open, to: waiting, then: [{start: follow_up, with: {risk_class: C}}]}
  - {do: finish, title: 办结, from: waiting, to: done, join: {workflow: follow_up, reached: closed}}
""",
    right="""\
states:
  open: {title: 待办, for: clerk}
  waiting: {title: 处置中}
  done: {title: 办结, final}
transitions:
  - {do: begin, title: 启动, from: open, to: waiting, then: [{start: follow_up, parties: {handlers: "= [actor.id]"}}]}
  - {do: finish, title: 办结, from: waiting, to: done, join: {workflow: follow_up, reached: closed}}
""",
    meaning=check,
    blocks_graph=False,
)
