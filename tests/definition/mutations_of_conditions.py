"""Classes of mutations: conditions, what they read, law, numbers, people.

A class works on the text alone, by a rule of its own. What it would make and is no fault it yields with the reason why not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml
from mutations import Mutation, conditions, everything, expressions, over, quoted, removed
from shipped_texts import Shipped, Step, bureau, entries, flows, forms, items, words, workflows


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
                between = ", " if flows(step.keys["require"]) else f"\n{' ' * (one.start_mark.column - 2)}- "
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
                first, other = choices[0].value[0][1], entries(choices[-1])["else"].value
                key, value = choices[-1].value[0]
                at, end = key.start_mark.index, value.end_mark.index
                yield Mutation(flow.file, at, end, f"{other}: {quoted(first.value)}")


def bounds() -> Iterator[Mutation]:
    """a number compared outside its bounds, or bounds the wrong way round"""
    for form in forms().values():
        for key, said in form.fields:
            if any(key in said and not said[key].value.isdigit() for key in ("min", "max")):
                # Bounds of a date say a day.
                continue
            if "min" in said and "max" in said and int(said["min"].value) < int(said["max"].value):
                yield over(form.file, said["min"], str(int(said["max"].value) + 1))
            elif "min" in said and "max" not in said and form.kind_of(key.value) == "integer":
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
            too_early = sorted(later_forms - flow.filled_before(step) - {step.form})
            for form in too_early[:2]:
                field = _asked(form, "date")
                for one in items(step.keys.get("require")):
                    that = entries(one)["that"]
                    if field and not _of_the_start(flow, form):
                        yield over(
                            flow.file, that, quoted(f"({that.value}) and forms.{form}.{field} <= today")
                        )


def _of_the_start(flow: Shipped, form: str) -> bool:
    return form in words(entries(flow.top.get("start")).get("form"))


def counted_too_early() -> Iterator[Mutation]:
    """a clock counted from a date of a form filled in later"""
    for flow in workflows().values():
        for said in map(entries, flow.clocks.values()):
            if "since" not in said:
                continue
            during = set(words(said["during"]))
            entering = [
                step for step in flow.steps if set(step.targets) & during and not set(step.sources) & during
            ]
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
        nodes = (
            list(expressions(file))
            if file.kind == "workflow"
            else [n for p, n in file.scalars() if p[-1] == "that"]
        )
        for node in nodes:
            if found := re.search(
                r"([<>]=?) (today|forms?\.[\w.]*_on|case\.\w+_(?:on|from|to))\b", node.value
            ):
                yield over(file.file, node, quoted(node.value[: found.start(2)] + "case.title" + node.value[found.end(2) :] if file.kind == "workflow" else node.value[: found.start(2)] + "5" + node.value[found.end(2) :]))  # fmt: skip


CLASSES = (
    always,
    never,
    contradicting,
    left_over,
    bounds,
    read_too_early,
    counted_too_early,
    nobody_yet,
    articles,
    percent,
    no_control,
    wrong_types,
)
