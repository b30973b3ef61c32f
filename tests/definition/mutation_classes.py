"""The classes of mutations: each changes one thing of one shipped file, so that it is a fault by the making of the class.

A class works on the text alone, by a rule of its own. What it would make and is no fault it yields with the reason why not, and it is left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import yaml
from faults_put_in import templates, texts
from shipped_texts import Entries, Shipped, Step, bureau, entries, forms, items, scalars, words, workflows


@dataclass(frozen=True)
class Mutation:
    """One change: the characters `start` to `end` of a file are replaced."""

    file: str
    start: int
    end: int
    new: str
    #: Why it is no fault after all; empty: it is one.
    equivalent: str = ""

    @property
    def text(self) -> str:
        """Return the file with the change."""
        old = texts()[self.file]
        return old[: self.start] + self.new + old[self.end :]

    @property
    def line(self) -> int:
        """Return the line of the change, from 1."""
        lead = len(self.new) - len(self.new.lstrip())
        return self.text[: self.start + lead].count("\n") + 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {texts()[self.file][self.start : self.end]!r} -> {self.new!r}"


def over(file: str, node: yaml.Node, new: str, equivalent: str = "") -> Mutation:
    """Return the change that writes something else where a node stands."""
    return Mutation(file, node.start_mark.index, node.end_mark.index, new, equivalent)


def removed(file: str, parent: yaml.Node, name: str) -> Mutation:
    """Return the change that takes an entry out of a mapping."""
    pairs = parent.value
    at = next(number for number, (key, _) in enumerate(pairs) if key.value == name)
    key, value = pairs[at]
    start, end = key.start_mark.index, value.end_mark.index
    if parent.flow_style:
        if at + 1 < len(pairs):
            end = pairs[at + 1][0].start_mark.index
        elif at:
            start = pairs[at - 1][1].end_mark.index
        return Mutation(file, start, end, "")
    source = texts()[file]
    start = source.rindex("\n", 0, start) + 1
    end = source.index("\n", source.rindex(source[end - 1], 0, end)) + 1 if source[end - 1] != "\n" else end
    if isinstance(value, yaml.CollectionNode) and not value.flow_style:
        # A block ends where the next thing begins: blank lines and comments before it stay.
        end = start + len(source[start:end].rstrip("\n ")) + 1
    return Mutation(file, start, end, "")


def quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


@cache
def misspelt(name: str) -> str:
    """Return a name with two letters in the wrong order, or one too many, that is no other word of the files."""
    for at in range(len(name) - 2, 0, -1):
        wrong = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
        if "_" not in name[at : at + 2] and wrong not in known_words():
            return wrong
    return name + "x"


@lru_cache(maxsize=1)
def known_words() -> frozenset[str]:
    return frozenset(re.findall(r"[a-z][a-z0-9_]*", "\n".join(texts().values())))


@lru_cache(maxsize=1)
def everything() -> str:
    """Return all files and templates as one text."""
    return "\n".join([*texts().values(), *templates().values()])


def conditions(flow: Shipped) -> Iterator[yaml.ScalarNode]:
    """Yield the conditions that keep a step from being taken, or choose its outcome."""
    for step in flow.steps:
        if "when" in step.keys:
            yield step.keys["when"]  # type: ignore[misc]
        for one in items(step.keys.get("require")):
            yield entries(one)["that"]  # type: ignore[misc]


def expressions(flow: Shipped) -> Iterator[yaml.ScalarNode]:
    for path, node in flow.scalars():
        if path[-1] in ("that", "when", "since", "where") or node.value.startswith("= "):
            yield node


# ── names ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def references() -> Iterator[Mutation]:
    """a state, form, role, clock, workflow or paper misspelt where it is used"""
    used = ("from", "to", "form", "for", "by", "during", "reached", "workflow", "render", "start", "notify", "pauses_in", "on_expiry", "escalate", "paper", "clock", "among")  # fmt: skip
    for flow in workflows().values():
        for path, node in flow.scalars():
            last = next(part for part in reversed(path) if isinstance(part, str))
            if last in used and path[0] != "workflow" and re.fullmatch(r"[a-z][a-z_]{3,}", node.value):
                yield over(flow.file, node, misspelt(node.value))


def names_in_expressions() -> Iterator[Mutation]:
    """a field misspelt in a condition or a value"""
    for flow in workflows().values():
        for node in expressions(flow):
            for found in re.finditer(r"\b(?:forms\.\w+|form|case)\.([a-z_]{4,})", node.value):
                text = node.value
                yield over(
                    flow.file, node, quoted(text[: found.start(1)] + misspelt(found[1]) + text[found.end(1) :])
                )


def names_in_texts() -> Iterator[Mutation]:
    """a field misspelt in a title or a message"""
    for flow in workflows().values():
        for _, node in flow.scalars():
            for found in re.finditer(r"\{\{ (?:forms\.\w+|form|case|it)\.([a-z_]{4,}) \}\}", node.value):
                text = node.value
                if "it." not in found[0]:
                    new = text[: found.start(1)] + misspelt(found[1]) + text[found.end(1) :]
                    yield over(flow.file, node, quoted(new))


def compared_codes() -> Iterator[Mutation]:
    """a code, or a word that is kept, misspelt where something is compared with it"""
    for flow in workflows().values():
        for node in expressions(flow):
            for found in re.finditer(r"(?:==|!=) '([a-z_]{4,})'", node.value):
                text = node.value
                yield over(
                    flow.file, node, quoted(text[: found.start(1)] + misspelt(found[1]) + text[found.end(1) :])
                )


def declared_fields() -> Iterator[Mutation]:
    """a field or a code renamed where it is declared, and read elsewhere"""
    for form in forms().values():
        for key, _ in form.fields:
            if f"forms.{form.name}.{key.value}" in everything():
                yield over(form.file, key, key.value + "_new")
    for flow in workflows().values():
        for key, _ in flow.fields:
            if re.search(rf"\bcase\.{key.value}\b", flow.source):
                yield over(flow.file, key, key.value + "_new")
    for list_, of in entries(bureau().top["codes"]).items():
        compared = {
            found[1]
            for form in forms().values()
            for key, said in form.fields
            if words(said.get("choices")) == [list_]
            for text in (*texts().values(),)
            for found in re.finditer(rf"\b(?:form|forms\.{form.name})\.{key.value} == '(\w+)'", text)
            if f"forms.{form.name}." in found[0] or text == form.source
        }
        for code, _ in of.value if isinstance(of, yaml.MappingNode) else ():
            if code.value in compared:
                yield over(bureau().file, code, code.value + "_new")


def bureau_names() -> Iterator[Mutation]:
    """a workflow, form, role, step or column misspelt in bureau.yaml or page_types.yaml"""
    file = bureau()
    for part in ("measures", "statistics", "supervision", "incompatible_roles", "incompatible_on_a_case", "untouched", "policies"):  # fmt: skip
        for path, node in scalars(file.top[part]):
            last = next(part for part in reversed(path) if isinstance(part, str))
            if last in ("cases", "forms", "roles", "workflow", "first", "then", "escalate", "at once", "notify"):
                if re.fullmatch(r"[a-z_]{4,}", node.value):
                    yield over(file.file, node, misspelt(node.value))
            elif last in ("where", "value", "field") and (found := re.search(r"\.([a-z_]{4,})\b(?!\.)", node.value)):
                new = node.value[: found.start(1)] + misspelt(found[1]) + node.value[found.end(1) :]
                yield over(file.file, node, quoted(new))
    site = Shipped("workflows/page_types.yaml")
    for path, node in site.scalars():
        last = next(part for part in reversed(path) if isinstance(part, str))
        if last in ("list", "csv", "details", "link") and len(node.value) > 3:
            yield over(site.file, node, misspelt(node.value))


# ── conditions ─────────────────────────────────────────────────────────────────────────────────────────────────────


def always() -> Iterator[Mutation]:
    """a condition that always holds"""
    for flow in workflows().values():
        for node in conditions(flow):
            yield over(flow.file, node, quoted(f"({node.value}) or not ({node.value})"))


def never() -> Iterator[Mutation]:
    """a condition that never holds"""
    for flow in workflows().values():
        for node in conditions(flow):
            yield over(flow.file, node, quoted(f"({node.value}) and not ({node.value})"))


def contradicting() -> Iterator[Mutation]:
    """a requirement whose opposite is required too"""
    for flow in workflows().values():
        for step in flow.steps:
            for one in items(step.keys.get("require")):
                that = quoted(f"not ({entries(one)['that'].value})")
                opposite = f"{{that: {that}, else: 甲, basis: 本局内部控制要求}}"
                start = one.start_mark.index
                between = ", " if step.keys["require"].flow_style else f"\n{' ' * (one.start_mark.column - 2)}- "
                yield Mutation(flow.file, start, start, opposite + between)


def left_over() -> Iterator[Mutation]:
    """the outcome for all other answers given the condition of the first"""
    for flow in workflows().values():
        by_do: dict[tuple[str, str], list[Step]] = {}
        for step in flow.steps:
            by_do.setdefault((step.id, ",".join(step.sources)), []).append(step)
        for outcomes in by_do.values():
            first, last = outcomes[0], outcomes[-1]
            if first is not last and "when" in first.keys and "when" not in last.keys:
                key = next(key for key, _ in last.node.value if key.value == "to")
                at = key.start_mark.index
                mark = ", " if last.node.flow_style else "\n" + " " * key.start_mark.column
                yield Mutation(flow.file, at, at, f"when: {quoted(first.keys['when'].value)}{mark}")
        for step in flow.steps:
            choices = [one for one in items(step.keys.get("to")) if isinstance(one, yaml.MappingNode)]
            if len(choices) > 1:
                (key, value), other = choices[0].value[0], entries(choices[-1])["else"].value
                yield over(flow.file, choices[-1], f"{{{other}: {quoted(value.value)}}}")
                del key


def bounds() -> Iterator[Mutation]:
    """a number compared outside its bounds, or bounds the wrong way round"""
    for form in forms().values():
        for key, said in form.fields:
            if "min" in said and "max" in said and int(said["min"].value) < int(said["max"].value):
                yield over(form.file, said["min"], str(int(said["max"].value) + 1))
            elif "min" in said and "max" not in said and "type" in said and said["type"].value == "integer":
                yield Mutation(
                    form.file,
                    said["min"].end_mark.index,
                    said["min"].end_mark.index,
                    f", constraint: [{{that: form.{key.value} >= {int(said['min'].value)}, else: 甲}}]",
                    "" if "constraint" not in said else "it has a constraint already",
                )
    for flow in workflows().values():
        for node in expressions(flow):
            for found in re.finditer(r"(length\([^()]*\)|count\(.*\)) >= (\d)", node.value):
                yield over(flow.file, node, quoted(node.value.replace(found[0], f"{found[1]} < 0")))
                yield over(flow.file, node, quoted(node.value.replace(found[0], f"{found[1]} >= 0")))


# ── what can be there ──────────────────────────────────────────────────────────────────────────────────────────────


def _asked(form: str, *types: str) -> str | None:
    """Return a question of a form that is of one of some types and always asked."""
    for key, said in forms()[form].fields:
        if forms()[form].kind_of(key.value) in types and not {"when", "optional"} & set(said):
            return str(key.value)
    return None


def read_too_early() -> Iterator[Mutation]:
    """a condition that reads a form filled in later"""
    for flow in workflows().values():
        later_forms = {step.form for step in flow.steps if step.form}
        for step in flow.steps:
            if flow.initial in step.sources and "start" in flow.top:
                pass
            too_early = sorted(later_forms - flow.filled_before(step) - {step.form})
            for form in too_early[:2]:
                field = _asked(form, "date")
                for one in items(step.keys.get("require")):
                    that = entries(one)["that"]
                    if field and not _of_the_start(flow, form):
                        yield over(flow.file, that, quoted(f"({that.value}) and forms.{form}.{field} <= today"))


def _of_the_start(flow: Shipped, form: str) -> bool:
    return form in words(entries(flow.top.get("start")).get("form"))


def counted_too_early() -> Iterator[Mutation]:
    """a clock counted from a date of a form filled in later"""
    for flow in workflows().values():
        for said in map(entries, flow.clocks.values()):
            if "since" not in said:
                continue
            during = set(words(said["during"]))
            entering = [step for step in flow.steps if set(step.targets) & during and not set(step.sources) & during]
            before = {form for step in entering for form in {*flow.filled_before(step), step.form}}
            for form in sorted({step.form for step in flow.steps if step.form} - before):
                if field := _asked(form, "date"):
                    yield over(flow.file, said["since"], f"forms.{form}.{field}")


def nobody_yet() -> Iterator[Mutation]:
    """a task for people nobody has been put into yet"""
    for flow in workflows().values():
        assigned = {
            name: step
            for step in flow.steps
            for word, said, _ in step.effects()
            if word == "assign"
            for name in entries(said["assign"])
        }
        handed = re.findall(r"parties: \{(\w+):", everything())
        for party, step in assigned.items():
            if party in handed:
                continue
            later = {state for target in step.targets for state in flow.reached(target)}
            for state in flow.reached(flow.initial, without=step) - (later - {flow.initial}):
                said = entries(flow.states[state])
                if "for" in said:
                    yield over(flow.file, said["for"], party)


# ── ways ───────────────────────────────────────────────────────────────────────────────────────────────────────────


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
            if len(steps) == 1 and state != flow.initial and state not in ended and isinstance(node, yaml.ScalarNode):
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
                key = next(key for key, _ in out[0].node.value if key.value == "from")
                mark = ", " if out[0].node.flow_style else "\n" + " " * key.start_mark.column
                yield Mutation(flow.file, key.start_mark.index, key.start_mark.index, f"by: {role}{mark}")


# ── children ───────────────────────────────────────────────────────────────────────────────────────────────────────


def never_started() -> Iterator[Mutation]:
    """a wait for cases nobody starts"""
    for flow in workflows().values():
        started = {said["start"].value for step in flow.steps for word, said, _ in step.effects() if word == "start"}
        for step in flow.steps:
            join = entries(step.keys.get("join"))
            others = sorted(set(workflows()) - started - {flow.name})
            if join:
                reached = [state for state in workflows()[others[0]].states if workflows()[others[0]].final(state)]
                yield over(flow.file, step.keys["join"], f"{{workflow: {others[0]}, reached: [{reached[0]}]}}\n" if not step.keys["join"].flow_style else f"{{workflow: {others[0]}, reached: [{reached[0]}]}}")  # fmt: skip


def waits_for_nothing() -> Iterator[Mutation]:
    """a wait that is over before it began"""
    for flow in workflows().values():
        for step in flow.steps:
            join = entries(step.keys.get("join"))
            if "reached" in join:
                child = workflows()[join["workflow"].value]
                yield over(flow.file, join["reached"], f"[{child.initial}]")


def not_awaited() -> Iterator[Mutation]:
    """a wait for cases given to a person who need not wait"""
    for flow in workflows().values():
        for step in flow.steps:
            if "join" not in step.keys:
                continue
            key = next(key for key, _ in step.node.value if key.value == "join")
            child = entries(step.keys["join"])["workflow"].value
            left = any("open_children" in entries(node) for node in flow.states.values())
            yield Mutation(
                flow.file,
                key.start_mark.index,
                step.keys["join"].end_mark.index,
                "by: leading_office" + ("" if step.node.flow_style or step.keys["join"].flow_style else "\n"),
                f"{flow.name} may end while {child} is open: open_children: leave" if left else "",
            )


def _reads_of(child: Shipped) -> set[str]:
    """Return the fields a workflow reads and does not set itself, outside the questions whether they are there."""
    text = re.sub(r"(?:filled|empty|first_filled)\([^()]*\)", "", child.source)
    own = {key for step in child.steps for word, said, _ in step.effects() if word == "set" for key in entries(said["set"])}
    asked = {found for node in _deciding(child) for found in re.findall(r"\bcase\.(\w+)", node)}
    del text
    return asked - own


def _deciding(child: Shipped) -> Iterator[str]:
    for path, node in child.scalars():
        if path[-1] in ("that", "when", "since") or (path[-1] == "deadline" and "case." in node.value):
            yield re.sub(r"(?:filled|empty|first_filled)\([^()]*\)", "", node.value)


def not_handed() -> Iterator[Mutation]:
    """people or a fact a child needs and its parent does not hand over"""
    for flow in workflows().values():
        for step in flow.steps:
            for word, said, node in step.effects():
                if word != "start":
                    continue
                child = workflows()[said["start"].value]
                if "parties" in said:
                    yield removed(flow.file, node, "parties")
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
                        wrong = "= today" if kind != "date" else "= case.title"
                        yield over(flow.file, value, wrong)


def starts_itself() -> Iterator[Mutation]:
    """a case that starts a case of its own kind when nobody acts"""
    for flow in workflows().values():
        for step in flow.steps:
            for word, said, _ in step.effects():
                first = flow.initial in step.sources and step.by_engine
                if word == "start" and first:
                    yield over(flow.file, said["start"], flow.name)


# ── time ───────────────────────────────────────────────────────────────────────────────────────────────────────────


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
                    yield over(flow.file, said["during"], "[" + ", ".join(one for one in during if one != state) + "]")


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
            found = re.fullmatch(r"(\d+) ((?:working )?)days?", deadline.value) if isinstance(deadline, yaml.ScalarNode) else None
            if found and "remind" in said and "since" not in said:
                yield over(flow.file, said["remind"], f"[{int(found[1]) + 5} {found[2]}days before]")


def not_running() -> Iterator[Mutation]:
    """a clock extended, waited for or paused where it does not run"""
    for flow in workflows().values():
        during = {name: set(words(entries(node)["during"])) for name, node in flow.clocks.items()}
        for step in flow.steps:
            for word, said, _ in step.effects():
                if word == "publish" and "clock" in said:
                    for name in _elsewhere(during, set(step.sources)):
                        yield over(flow.file, said["clock"], name)
            if "on_expiry" in step.keys:
                for name in _elsewhere(during, set(step.sources)):
                    yield over(flow.file, step.keys["on_expiry"], name)
        for state, node in flow.states.items():
            for path, one in scalars(node):
                if path[-1] == "clock" and "extend" in path:
                    for name in _elsewhere(during, {state}):
                        yield over(flow.file, one, name)
        for name, node in flow.clocks.items():
            if "pauses_in" in entries(node):
                other = next(state for state in flow.states if state not in during[name])
                yield over(flow.file, entries(node)["pauses_in"], f"[{other}]")


def _elsewhere(during: dict[str, set[str]], states: set[str]) -> list[str]:
    return [name for name, where in during.items() if not where & states][:1]


def no_term() -> Iterator[Mutation]:
    """a task without any term"""
    for flow in workflows().values():
        covered = {state for node in flow.clocks.values() for state in words(entries(node)["during"])}
        for state, node in flow.states.items():
            for key in ("deadline", "no deadline"):
                if key in entries(node) and state not in covered and not {"remind", "overdue"} & set(entries(node)):
                    yield removed(flow.file, node, key)
            if "deadline" in entries(node) and "overdue" in entries(node):
                yield removed(flow.file, node, "deadline")


def goes_round() -> Iterator[Mutation]:
    """a step of the engine that leads back to where it began"""
    for flow in workflows().values():
        for step in flow.steps:
            if {"automatic", "after"} & set(step.keys) and "when" not in step.keys and isinstance(step.keys["to"], yaml.ScalarNode):
                yield over(flow.file, step.keys["to"], step.sources[0])


# ── law, numbers, people ───────────────────────────────────────────────────────────────────────────────────────────


def articles() -> Iterator[Mutation]:
    """an article that is not in the table, or a requirement without a basis"""
    for file in (*workflows().values(), *forms().values()):
        for path, node in file.scalars():
            found = re.search(r"第[一二三四五六七八九十百]+条", node.value) if path[-1] == "basis" else None
            if found:
                yield over(file.file, node, node.value.replace(found[0], "第九百九十九条", 1))
    for flow in workflows().values():
        for step in flow.steps:
            for one in items(step.keys.get("require")):
                if "basis" in entries(one):
                    yield removed(flow.file, one, "basis")


def percent() -> Iterator[Mutation]:
    """a ratio without its percent sign"""
    for file in (*workflows().values(), bureau(), *forms().values()):
        for path, node in file.scalars():
            if path[-1] != "that" and not re.fullmatch(r"[\d.]+%", node.value):
                continue
            for found in re.finditer(r"(?<![\d.])([1-9]\d*)%", node.value):
                text = node.value
                new = text[: found.end(1)] + text[found.end(0) :]
                yield over(file.file, node, new if node.style is None else quoted(new))


def no_control() -> Iterator[Mutation]:
    """whoever acts compared with something that is no person"""
    for flow in workflows().values():
        other = next((key.value for key, _ in flow.fields if flow.kind_of(key.value) == "text"), "title")
        for node in conditions(flow):
            if found := re.search(r"actor\.id != (case\.\w+|forms\.\w+\.\w+)", node.value):
                yield over(flow.file, node, quoted(node.value.replace(found[1], f"case.{other}")))
            if found := re.search(r"actor\.id not in (collect\([^()]*\))", node.value):
                yield over(flow.file, node, quoted(node.value.replace(found[0], f"actor.id != case.{other}")))


def wrong_types() -> Iterator[Mutation]:
    """a day compared with a text or a number"""
    for file in (*workflows().values(), *forms().values()):
        nodes = list(expressions(file)) if file.kind == "workflow" else [n for p, n in file.scalars() if p[-1] == "that"]
        for node in nodes:
            if found := re.search(r"([<>]=?) (today|forms?\.[\w.]*_on|case\.\w+_(?:on|from|to))\b", node.value):
                yield over(file.file, node, quoted(node.value[: found.start(2)] + "case.title" + node.value[found.end(2) :] if file.kind == "workflow" else node.value[: found.start(2)] + "5" + node.value[found.end(2) :]))  # fmt: skip


# ── private, texts, forms ──────────────────────────────────────────────────────────────────────────────────────────


def shown_to_all() -> Iterator[Mutation]:
    """a private answer in a public title or a public fact"""
    for flow in workflows().values():
        for step in flow.steps:
            here = sorted({step.form} - {None} | flow.filled_before(step))  # type: ignore[type-var]
            private = [
                f"forms.{form}.{key.value}"
                for form in here
                for key, said in forms()[form].fields
                if "public" not in said and forms()[form].kind_of(key.value) in ("text", "long text")
            ]
            for word, said, node in step.effects():
                if word == "publish" and private:
                    title = '"{{ ' + private[-1] + ' }}"'
                    if "title" in said:
                        yield over(flow.file, said["title"], title)
                    else:
                        end = said["publish"].end_mark.index
                        mark = ", " if node.flow_style else "\n" + " " * node.start_mark.column
                        yield Mutation(flow.file, end, end, f"{mark}title: {title}")


def braces() -> Iterator[Mutation]:
    """braces of a text that are full-width, single or never closed"""
    for flow in workflows().values():
        for _, node in flow.scalars():
            if "{{ " in node.value:
                yield over(flow.file, node, quoted(node.value.replace("{{ ", "｛｛ ").replace(" }}", " ｝｝")))
                yield over(flow.file, node, quoted(node.value.replace(" }}", " }", 1)))
                yield over(flow.file, node, quoted(node.value.replace("{{ ", "{ ", 1).replace(" }}", " }", 1)))


def asked_in_a_circle() -> Iterator[Mutation]:
    """questions that are asked only if each other is answered, or never"""
    for form in forms().values():
        for key, said in form.fields:
            if "when" not in said:
                continue
            text = said["when"].value
            yield over(form.file, said["when"], quoted(f"({text}) and not ({text})"))
            for other, of_other in form.fields:
                if re.search(rf"\bform\.{other.value}\b", text) and "when" not in of_other:
                    end = next(iter(of_other.values())).end_mark.index
                    flow_style = texts()[form.file][other.start_mark.index :].split("\n")[0].count("{") > 0
                    if flow_style:
                        yield Mutation(form.file, end, end, f", when: filled(form.{key.value})")


def plain_values() -> Iterator[Mutation]:
    """an expression without its “=”, which would be kept as a text"""
    for flow in workflows().values():
        for path, node in flow.scalars():
            if node.value.startswith("= ") and re.fullmatch(r"= [a-z_]+\.[a-z_.]+", node.value) and "set" in path:
                yield over(flow.file, node, node.value[2:])


def punctuation() -> Iterator[Mutation]:
    """a full-width colon or comma, a key twice, a lost quotation mark"""
    for file in (*workflows().values(), *forms().values(), bureau()):
        for found in re.finditer(r"^ +(?:- )?(?:title|from|to|form|for|deadline): ", file.source, re.MULTILINE):
            yield Mutation(file.file, found.end() - 2, found.end(), "：")
        for found in re.finditer(r"^( +)(from|for): (.*)\n", file.source, re.MULTILINE):
            yield Mutation(file.file, found.end(), found.end(), found[0])
        for found in re.finditer(r'"\n', file.source):
            yield Mutation(file.file, found.start(), found.start() + 1, "")


CLASSES = (
    references, names_in_expressions, names_in_texts, compared_codes, declared_fields, bureau_names,
    always, never, contradicting, left_over, bounds,
    read_too_early, counted_too_early, nobody_yet,
    cut_off, no_way_out, wrong_people, goes_round,
    never_started, waits_for_nothing, not_awaited, not_handed, wrong_facts, starts_itself,
    middle_left_out, late_reminder, not_running, no_term,
    articles, percent, no_control, wrong_types,
    shown_to_all, braces, asked_in_a_circle, plain_values, punctuation,
)  # fmt: skip
