"""Classes of mutations: ways, children, time.

A class works on the text alone, by a rule of its own. What it would make and is no fault it yields with the reason why not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import yaml
from mutations import Mutation, everything, expressions, misspelt, over, removed
from shipped_texts import Shipped, Step, entries, flows, scalars, words, workflows


def cut_off() -> Iterator[Mutation]:
    """the only step into a state led elsewhere"""
    ended = set(re.findall(r"^ +to: (\w+)\n +because:", everything(), re.MULTILINE))
    for flow in workflows().values():
        into: dict[str, list[Step]] = {}
        for step in flow.steps:
            for target in step.targets:
                into.setdefault(target, []).append(step)
        for state, steps in into.items():
            node = steps[0].keys["to"]
            if (
                len(steps) == 1
                and state != flow.initial
                and state not in ended
                and isinstance(node, yaml.ScalarNode)
            ):
                yield over(flow.file, node, next(one for one in flow.states if one != state))


def no_way_out() -> Iterator[Mutation]:
    """the only step out of a state led back to it"""
    for flow in workflows().values():
        for state in flow.states:
            out = [step for step in flow.steps if state in step.sources and set(step.targets) - {state}]
            if len(out) == 1 and len(out[0].sources) == 1 and isinstance(out[0].keys["to"], yaml.ScalarNode):
                yield over(flow.file, out[0].keys["to"], state)


def wrong_people() -> Iterator[Mutation]:
    """the only step of a task given to people the task is not for"""
    for flow in workflows().values():
        for state, node in flow.states.items():
            said = entries(node)
            out = [step for step in flow.steps if state in step.sources and not step.by_engine]
            if len(out) == 1 and "by" not in out[0].keys and len(out[0].sources) == 1 and "for" in said:
                role = next(
                    one for one in ("archivist", "trainer", "deputy_head") if one not in words(said["for"])
                )
                key = next(key for key, _ in out[0].node.value if key.value in ("from", "to"))
                mark = ", " if out[0].node.flow_style else "\n" + " " * key.start_mark.column
                yield Mutation(flow.file, key.start_mark.index, key.start_mark.index, f"by: {role}{mark}")


def never_started() -> Iterator[Mutation]:
    """a wait for cases nobody starts"""
    for flow in workflows().values():
        started = {
            said["start"].value for step in flow.steps for word, said, _ in step.effects() if word == "start"
        }
        for step in flow.steps:
            join = joined(step)
            others = sorted(set(workflows()) - started - {flow.name})
            if join:
                yield over(flow.file, join[0], others[0])
                ends = [
                    state for state in workflows()[others[0]].states if workflows()[others[0]].final(state)
                ]
                if flows(step.keys["join"]):
                    yield over(flow.file, step.keys["join"], f"{{{others[0]}: [{ends[0]}]}}")


def joined(step: Step) -> tuple[yaml.Node, ...]:
    """Return the workflow a step waits for and the states its cases come to, as they are written: ``WORKFLOW: states``."""
    join = step.keys.get("join")
    return join.value[0] if isinstance(join, yaml.MappingNode) else ()


def waits_for_nothing() -> Iterator[Mutation]:
    """a wait that is over before it began"""
    for flow in workflows().values():
        for step in flow.steps:
            join = joined(step)
            if join:
                child = workflows()[join[0].value]
                yield over(flow.file, join[1], f"[{child.initial}]")


def not_awaited() -> Iterator[Mutation]:
    """a wait for cases given to a person who need not wait"""
    for flow in workflows().values():
        for step in flow.steps:
            if "join" not in step.keys:
                continue
            key = next(key for key, _ in step.node.value if key.value == "join")
            child = joined(step)[0].value
            left = any("open_children" in entries(node) for node in flow.states.values())
            yield Mutation(
                flow.file,
                key.start_mark.index,
                step.keys["join"].end_mark.index,
                "by: leading_office" + ("" if step.node.flow_style or flows(step.keys["join"]) else "\n"),
                f"{flow.name} may end while {child} is open: open_children: leave" if left else "",
            )


def _reads_of(child: Shipped) -> set[str]:
    """Return the fields a workflow reads and does not set itself, outside the questions whether they are there."""
    own = {
        key
        for step in child.steps
        for word, said, _ in step.effects()
        if word == "set"
        for key in entries(said["set"])
    }
    asked = {found for text in _deciding(child) for found in re.findall(r"\bcase\.(\w+)", text)}
    return asked - own


def _deciding(child: Shipped) -> Iterator[str]:
    for path, node in child.scalars():
        if path[-1] in ("that", "when", "since") or (path[-1] == "deadline" and "case." in node.value):
            yield re.sub(r"(?:filled|empty|first_filled)\((?:[^()]|\([^()]*\))*\)", "", node.value)


def _not_needed(child: Shipped, party: str) -> str:
    """Return why a child can do without a party; empty where it cannot."""
    if any(
        party in entries(said["assign"])
        for step in child.steps
        for word, said, _ in step.effects()
        if word == "assign"
    ):
        return "the child puts people into it itself"
    tasks = {name for node in child.states.values() for name in words(entries(node).get("for"))}
    read = any(re.search(rf"\b{party}\b", node.value) for node in expressions(child))
    return "" if party in tasks or read else "no task of the child is for them"


def not_handed() -> Iterator[Mutation]:
    """people or a fact a child needs and its parent does not hand over"""
    for flow in workflows().values():
        for step in flow.steps:
            for word, said, node in step.effects():
                if word != "start":
                    continue
                child = workflows()[said["start"].value]
                for party in entries(said.get("parties")):
                    yield replace(removed(flow.file, node, "parties"), equivalent=_not_needed(child, party))
                for name in entries(said.get("with")):
                    if name in _reads_of(child):
                        yield removed(flow.file, said["with"], name)


def wrong_facts() -> Iterator[Mutation]:
    """a fact handed to a child that it does not have, or has as something else"""
    for flow in workflows().values():
        for step in flow.steps:
            for word, said, _ in step.effects():
                if word != "start" or "with" not in said:
                    continue
                for key, value in said["with"].value:
                    yield over(flow.file, key, misspelt(key.value) if len(key.value) > 3 else key.value + "x")
                    if value.value.startswith("= "):
                        kind = workflows()[said["start"].value].kind_of(key.value)
                        wrong = "= today" if kind != "date" else "= length(case.title)"
                        yield over(flow.file, value, wrong, "a text can hold a day" if kind == "text" else "")


def starts_itself() -> Iterator[Mutation]:
    """a case that starts a case of its own kind when nobody acts"""
    for flow in workflows().values():
        for step in flow.steps:
            for word, said, _ in step.effects():
                first = flow.initial in step.sources and step.by_engine
                if word == "start" and first:
                    yield over(flow.file, said["start"], flow.name)


def middle_left_out() -> Iterator[Mutation]:
    """a clock that leaves out a state in its middle"""
    for flow in workflows().values():
        leads = flow.leads()
        for said in map(entries, flow.clocks.values()):
            during = words(said["during"])
            for state in during[1:-1]:
                before = any(state in leads[one] for one in during if one != state)
                after = any(one in leads[state] for one in during if one != state)
                if before and after and not _passed_by(flow, state, during):
                    yield over(
                        flow.file,
                        said["during"],
                        "[" + ", ".join(one for one in during if one != state) + "]",
                    )


def _passed_by(flow: Shipped, state: str, during: list[str]) -> bool:
    """Tell whether the clock may be meant to stand still there: what follows is always reached without the state too."""
    leads = flow.leads()
    return all(
        any(one in leads[other] for other in during if other not in (state, one))
        for one in during
        if one in leads[state] and one != state
    )


def late_reminder() -> Iterator[Mutation]:
    """a reminder longer than its deadline"""
    for flow in workflows().values():
        for node in (*flow.states.values(), *flow.clocks.values()):
            said = entries(node)
            deadline = said.get("deadline")
            if isinstance(deadline, yaml.MappingNode):
                deadline = deadline.value[0][0]
            found = (
                re.fullmatch(r"(?:suggested )?(\d+) ((?:working )?)days?", deadline.value)
                if isinstance(deadline, yaml.ScalarNode)
                else None
            )
            if found and "remind" in said and "since" not in said:
                yield over(flow.file, said["remind"], f"[{int(found[1]) + 5} {found[2]}days before]")


def not_running() -> Iterator[Mutation]:
    """a clock extended, waited for, published against or paused where it does not run"""
    for flow in workflows().values():
        during = {name: set(words(entries(node)["during"])) for name, node in flow.clocks.items()}
        for where, node in _clocks_named(flow):
            for name in _elsewhere(during, where):
                yield over(flow.file, node, name)
        for name, node in flow.clocks.items():
            if "pauses_in" in entries(node):
                other = next(state for state in flow.states if state not in during[name])
                yield over(flow.file, entries(node)["pauses_in"], f"[{other}]")


def _clocks_named(flow: Shipped) -> Iterator[tuple[set[str], yaml.Node]]:
    """Yield where a clock is named, and the states it should run in."""
    for step in flow.steps:
        for word, said, _ in step.effects():
            if word == "publish" and "clock" in said:
                yield set(step.sources), said["clock"]
        if "on_expiry" in step.keys:
            yield set(step.sources), step.keys["on_expiry"]
    for state, node in flow.states.items():
        for path, one in scalars(node):
            if path[-1] == "clock" and "extend" in path:
                yield {state}, one


def _elsewhere(during: dict[str, set[str]], states: set[str]) -> list[str]:
    return [name for name, where in during.items() if not where & states][:1]


def no_term() -> Iterator[Mutation]:
    """a task without any term"""
    for flow in workflows().values():
        covered = {state for node in flow.clocks.values() for state in words(entries(node)["during"])}
        for state, node in flow.states.items():
            for key in ("deadline", "no deadline"):
                if (
                    key in entries(node)
                    and state not in covered
                    and not {"remind", "overdue"} & set(entries(node))
                ):
                    yield removed(flow.file, node, key)
            if "deadline" in entries(node) and "overdue" in entries(node):
                yield removed(flow.file, node, "deadline")


def goes_round() -> Iterator[Mutation]:
    """a step of the engine that leads back to where it began"""
    for flow in workflows().values():
        for step in flow.steps:
            if (
                {"automatic", "after"} & set(step.keys)
                and "when" not in step.keys
                and isinstance(step.keys["to"], yaml.ScalarNode)
            ):
                yield over(flow.file, step.keys["to"], step.sources[0])


CLASSES = (
    cut_off,
    no_way_out,
    wrong_people,
    goes_round,
    never_started,
    waits_for_nothing,
    not_awaited,
    not_handed,
    wrong_facts,
    starts_itself,
    middle_left_out,
    late_reminder,
    not_running,
    no_term,
)
