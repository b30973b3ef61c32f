"""A bureau file -> `Bureau`: sections, roles, targets, milestones, ratings and code lists."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from zoneinfo import ZoneInfo

from engine.definition import keywords
from engine.definition.grammar import SHAPES
from engine.definition.meaning.answers.never_counted import never_counted
from engine.definition.meaning.answers.texts_counted import never_written, places_of
from engine.definition.meaning.rule_switches import read_rule_switches
from engine.definition.meaning.subject import MeaningInput
from engine.definition.reader.deadlines.clocks import read_policies
from engine.definition.reader.deadlines.office_hours import read_office_hours
from engine.definition.reader.deadlines.periods import read_milestone, read_period
from engine.definition.reader.diagnostics import Diagnostics, MappingReader
from engine.definition.reader.draw_policy import read_draw_policy
from engine.definition.reader.fields import FieldReader
from engine.definition.reader.measures import read_measures, read_supervision
from engine.definition.reader.papers import check_papers, read_paper_policy
from engine.definition.reader.reports.statistics import read_statistics
from engine.definition.reader.texts.english import check_english, read_english
from engine.definition.short.words_alone import ROWS_BY_NAME
from engine.definition.symbols import SymbolTable
from engine.kernel.did_you_mean import did_you_mean
from engine.language import say
from engine.lifecycle.measure_rules import MeasureRule, StatisticsTable, SupervisionRow
from engine.lifecycle.model.bureau import Bureau, Role
from engine.lifecycle.model.form import Field
from engine.lifecycle.model.people.incompatible import IncompatibleRoles, IncompatibleSteps
from engine.lifecycle.model.untouched import Untouched
from engine.worktime.periods import Roll, YearDate
from engine.yamltext.nodes import MappingNode, Node, ScalarNode
from engine.yamltext.problem import Problem, Severity

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_RATIO = re.compile(r"\d{1,9}(\.\d{1,9})?%?|\d{1,9}/[1-9]\d{0,8}")


def read_bureau(file: str, text: str, node: MappingNode) -> tuple[Bureau | None, tuple[Problem, ...]]:
    """Read a bureau file; all its problems at once. None where it has errors."""
    diagnostics = Diagnostics(file, text)
    bureau = _read(diagnostics, node)
    sound = not any(problem.severity is Severity.ERROR for problem in diagnostics.problems)
    return (bureau if sound else None), tuple(diagnostics.problems)


def outline_bureau(bureaus: Iterable[tuple[str, str, MappingNode | None]]) -> Bureau | None:
    """Return what a bureau (file, text, node) with errors says all the same: what other files refer to in it is there."""
    found = (
        _read(Diagnostics(file, text, muted=True), node) for file, text, node in bureaus if node is not None
    )
    return next(found, None)


def _read(diagnostics: Diagnostics, node: MappingNode) -> Bureau | None:
    part = diagnostics.open(node, "bureau")
    if part is None:
        return None
    english = read_english(diagnostics, part)
    roles = _roles(diagnostics, part.value("roles"))
    bureau = Bureau(
        id=diagnostics.read_name(part.value("bureau"), of_file=True) or "",
        title=diagnostics.read_text(part.value("title")) or "",
        timezone=_zone(diagnostics, part.value("timezone")) or "",
        notify_at=_time(diagnostics, part.value("notify_at")) or "",
        office_hours=read_office_hours(diagnostics, part.value("office_hours")),
        sections=diagnostics.texts(part.value("sections")),
        roles=roles,
        targets=_targets(diagnostics, part.value("targets")),
        measures=read_measures(diagnostics, part.value("measures")),
        supervision=read_supervision(diagnostics, part.value("supervision")),
        statistics=read_statistics(diagnostics, part.value("statistics")),
        milestones=_milestones(diagnostics, part.value("milestones")),
        ratings=_ratings(diagnostics, part.value("ratings")),
        codes=_codes(diagnostics, part.value("codes")),
        incompatible_roles=_incompatible_roles(diagnostics, part.value("incompatible_roles"), roles),
        incompatible_on_a_case=_incompatible_steps(diagnostics, part.value("incompatible_on_a_case")),
        draw=read_draw_policy(diagnostics, part.value("draw")),
        policies=read_policies(diagnostics, part.value("policies")),
        untouched=_untouched(diagnostics, part.value("untouched"), roles),
        english=english,
    )
    diagnostics.read_text(part.value("help"))
    read_rule_switches(diagnostics, part.value("rules"))
    bureau = replace(bureau, papers=read_paper_policy(diagnostics, part.value("papers"), bureau.sections))
    bureau = replace(bureau, column_groups=_column_groups(diagnostics, part.value("column_groups"), bureau))
    check_english(diagnostics, part)
    return bureau


def check_bureau(
    file: str,
    text: str,
    node: MappingNode,
    world: SymbolTable,
    subjects: Mapping[str, MeaningInput] = MappingProxyType({}),
) -> tuple[Problem, ...]:
    """Return what is wrong with the references of a sound bureau file to workflows, forms and pages; `subjects` are the sound workflows."""
    diagnostics = Diagnostics(file, text)
    muted = Diagnostics(file, text, muted=True)
    part = muted.open(node, "bureau")
    if part is not None and not world.partial:
        measures = read_measures(diagnostics, part.value("measures"), world)
        rows = read_supervision(diagnostics, part.value("supervision"), world, tuple(measures))
        tables = read_statistics(diagnostics, part.value("statistics"), world)
        rules: list[MeasureRule | SupervisionRow | StatisticsTable] = [
            *measures.values(),
            *rows.values(),
            *tables.values(),
        ]
        noted = set()
        for place, asked, seen, kept in never_written(rules, diagnostics.written, subjects):
            noted.add(id(place))
            message = say(
                "没有哪一步把“{text}”记到“{field}”里，这样比较没有意义", text=seen, field=asked.title
            )
            hint = did_you_mean(seen, kept) or say("记过的：{known}", known=kept)
            diagnostics.report("unknown-choice", place, message, hint, Severity.WARNING)
        written = places_of(diagnostics.written)
        for nothing in never_counted(rules, subjects, world.workflows):
            place = written.get(id(nothing.where)) or _named(muted, part, nothing.rule)
            if id(place) in noted:
                continue
            diagnostics.report(
                "never-counted",
                place,
                say("“{title}”的分母总是 0：{why}", title=nothing.rule.title, why=nothing.why)
                if nothing.divides
                else say("“{title}”数到的总是 0：{why}", title=nothing.rule.title, why=nothing.why),
                say("请核对它数的流程、字段和条件"),
            )
        _check_incompatible_steps(diagnostics, part.value("incompatible_on_a_case"), world)
        if world.templates is not None:
            check_papers(diagnostics, part.value("papers"), world.templates)
    return tuple(diagnostics.problems)


def _named(
    muted: Diagnostics, part: MappingReader, rule: MeasureRule | SupervisionRow | StatisticsTable
) -> Node:
    """Return where a count is named."""
    kinds = {"measures": MeasureRule, "supervision": SupervisionRow, "statistics": StatisticsTable}
    for key, kind in kinds.items():
        for name, place, _ in muted.entries(part.value(key)) if isinstance(rule, kind) else ():
            if name == rule.id:
                return place
    return part.node


def _zone(diagnostics: Diagnostics, node: Node | None) -> str | None:
    name = diagnostics.read_text(node)
    if name is None or node is None:
        return None
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        diagnostics.report(
            "unknown-word", node, say("没有时区“{name}”", name=name), say("北京时间是 Asia/Shanghai")
        )
        return None
    return name


def _time(diagnostics: Diagnostics, node: Node | None) -> str | None:
    text = diagnostics.read_text(node)
    if text is not None and node is not None and not _TIME.fullmatch(text):
        diagnostics.report(
            "wrong-shape", node, say("此处应是时刻，实为“{seen}”", seen=text), say('写法如 "09:00"')
        )
        return None
    return text


def _roles(diagnostics: Diagnostics, node: Node | None) -> dict[str, Role]:
    found = {}
    for name, _, value in diagnostics.entries(node):
        part = diagnostics.open(value, "role")
        if part is None:
            continue
        title = diagnostics.read_text(part.value("title")) or name
        scope = diagnostics.read_word(part.value("scope"), keywords.SCOPES)
        found[name] = Role(name, title, scope != "bureau")
    return found


def _untouched(diagnostics: Diagnostics, node: Node | None, roles: Collection[str]) -> Untouched | None:
    part = diagnostics.open(node, "untouched") if node is not None else None
    if part is None:
        return None
    after = read_period(diagnostics, part.value("after"), least=1)
    names = []
    for name, place in diagnostics.read_names(part.value("escalate")):
        if name in roles:
            names.append(name)
        else:
            hint = say("可用：{known}", known=sorted(roles))
            diagnostics.report("unknown-role", place, say("没有角色“{name}”", name=name), hint)
    return Untouched(after, tuple(names)) if after is not None and names else None


def _targets(diagnostics: Diagnostics, node: Node | None) -> dict[str, str]:
    found = {}
    for name, _, value in diagnostics.entries(node):
        text = diagnostics.read_text(value)
        if text is None:
            continue
        if _RATIO.fullmatch(text):
            found[name] = text
            if text.isdecimal() and text.lstrip("0") not in ("", "1"):
                message = say("目标“{text}”是 {text}00%", text=text)
                diagnostics.report("ratio-without-percent", value, message, say("写法如 {text}%", text=text))
        else:
            diagnostics.report(
                "wrong-shape",
                value,
                say("此处应是比例，实为“{seen}”", seen=text),
                say("写法如 5%、0.05 或 1/20"),
            )
    return found


def _milestones(diagnostics: Diagnostics, node: Node | None) -> dict[str, YearDate]:
    found = {}
    for name, _, value in diagnostics.entries(node):
        place, roll = value, Roll.NONE
        if isinstance(value, MappingNode):
            part = diagnostics.open(value, "milestone")
            by = part.value("by") if part is not None else None
            if part is None or by is None:
                continue
            place = by
            roll = Roll(diagnostics.read_word(part.value("roll"), keywords.ROLLS) or "none")
        day = read_milestone(diagnostics, place, roll)
        if day is not None:
            found[name] = day
    return found


def _ratings(diagnostics: Diagnostics, node: Node | None) -> dict[str, tuple[str, tuple[str, ...]]]:
    found = {}
    for name, _, value in diagnostics.entries(node):
        part = diagnostics.open(value, "rating")
        if part is None:
            continue
        classes = [diagnostics.read_text(item) for item in diagnostics.one_or_many(part.value("classes"))]
        found[name] = (
            diagnostics.read_text(part.value("title")) or name,
            tuple(one for one in classes if one is not None),
        )
    return found


def _column_groups(
    diagnostics: Diagnostics, node: Node | None, bureau: Bureau
) -> dict[str, tuple[Field, ...]]:
    """Read named groups of columns; they may use the code lists of the bureau."""
    reader = FieldReader(diagnostics, SymbolTable(bureau=bureau), None)
    return {name: reader.read(value, "column") for name, _, value in diagnostics.entries(node)}


def _codes(diagnostics: Diagnostics, node: Node | None) -> dict[str, dict[str, str]]:
    found = {}
    for name, _, value in diagnostics.entries(node):
        found[name] = diagnostics.texts(value, names=False)
    return found


def _by_name(
    diagnostics: Diagnostics, item: Node, shape: str
) -> tuple[list[tuple[str, ScalarNode]], MappingReader | None]:
    """Open a row; where it is written as ``NAME: names``, return the name with its place as well, and the names under their own key."""
    _, names = ROWS_BY_NAME[shape]
    key, value = next(iter(item.texts()), (None, None)) if isinstance(item, MappingNode) else (None, None)
    if not isinstance(item, MappingNode) or key is None or value is None:
        return [], diagnostics.open(item, shape)
    if keywords.canonical(key.text) in SHAPES[shape] or diagnostics.blank(value):
        return [], diagnostics.open(item, shape)
    name = diagnostics.read_name(key)
    others = diagnostics.open(replace(item, entries=item.entries[1:]), "row by name")
    if name is None or others is None:
        return [], None
    return [(name, key)], MappingReader(item, shape, {**others.entries, names: (key, value)})


def _incompatible_roles(
    diagnostics: Diagnostics, node: Node | None, known: Collection[str]
) -> tuple[IncompatibleRoles, ...]:
    """Read the roles one person may not hold together; each must be a role of the bureau."""
    found = []
    for item in diagnostics.items(node):
        one, part = _by_name(diagnostics, item, "incompatible roles")
        if part is None:
            continue
        roles = diagnostics.read_names(part.value("roles"))
        for role, place in (*roles, *one):
            if role not in known:
                diagnostics.report(
                    "unknown-role",
                    place,
                    say("没有角色“{name}”", name=role),
                    say("可用：{known}", known=sorted(known)),
                )
        names = tuple(dict.fromkeys(role for role, _ in roles))
        if one:
            basis = diagnostics.read_text(part.value("basis"))
            found += [IncompatibleRoles((name, one[0][0]), basis) for name in names if name != one[0][0]]
        elif len(names) < 2:
            diagnostics.report(
                "wrong-shape",
                item,
                say("不得兼任至少要写两个不同的角色"),
                say("写法如 roles: [drawer, witness]"),
            )
        else:
            found.append(IncompatibleRoles(names, diagnostics.read_text(part.value("basis"))))
    return tuple(found)


def _incompatible_steps(diagnostics: Diagnostics, node: Node | None) -> tuple[IncompatibleSteps, ...]:
    """Read the steps one person may not take on one case."""
    found = []
    for item in diagnostics.items(node):
        row, part = _by_name(diagnostics, item, "incompatible steps")
        if part is None:
            continue
        if row:
            steps = [name for name, _ in diagnostics.read_names(part.value("steps"))]
            basis = diagnostics.read_text(part.value("basis"))
            # Nobody takes two of them: each against those after it.
            found += [
                IncompatibleSteps(row[0][0], (step,), tuple(steps[number:]), basis)
                for number, step in enumerate(steps[:-1], 1)
            ]
            if len(steps) == 1:
                diagnostics.report("wrong-shape", item, say("同一件里不得由一人办的步骤至少要写两个"))
            continue
        first, then = (
            tuple(name for name, _ in diagnostics.read_names(part.value(key))) for key in ("first", "then")
        )
        if first and then:
            workflow = diagnostics.read_name(part.value("workflow"))
            found.append(IncompatibleSteps(workflow, first, then, diagnostics.read_text(part.value("basis"))))
    return tuple(found)


def _check_incompatible_steps(diagnostics: Diagnostics, node: Node | None, world: SymbolTable) -> None:
    """Report workflows and steps that are not there: a name mistyped would let one person do both."""
    for item in diagnostics.items(node):
        row, part = _by_name(diagnostics, item, "incompatible steps")
        if part is None:
            continue
        place = row[0][1] if row else part.value("workflow")
        name = diagnostics.read_name(place)
        if name is not None and place is not None and name not in world.workflows:
            message = say("没有流程“{name}”", name=name)
            # A bureau that does without a workflow may keep what it says of it.
            diagnostics.unknown(
                "unknown-workflow", place, message, name, sorted(world.workflows), Severity.WARNING
            )
            continue
        own = [world.workflows[name]] if name is not None else list(world.workflows.values())
        if any(one.broken for one in own):
            continue
        steps = {step for one in own for step in one.steps}
        for key in ("first", "then", "steps"):
            for step, at in diagnostics.read_names(part.value(key)):
                if step not in steps:
                    severity = Severity.ERROR if name is not None else Severity.WARNING
                    message = say("没有步骤“{name}”", name=step)
                    diagnostics.unknown("unknown-name", at, message, step, sorted(steps), severity)
