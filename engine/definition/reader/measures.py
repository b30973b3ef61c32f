"""``measures`` and ``supervision`` of a bureau: what is counted of the year's cases, publications, draws and registers.

They are read twice: with the bureau, when nothing else is known, and once more when every workflow and form is, to
check what they refer to.
"""

from __future__ import annotations

from dataclasses import replace

from engine.definition import keywords
from engine.definition.expressions import Names
from engine.definition.names import workflow_names
from engine.definition.reader.conditions import both, read_condition, read_expression
from engine.definition.reader.diagnostics import Diagnostics, MappingReader
from engine.definition.symbols import SymbolTable, WorkflowOutline
from engine.definition.types import BOOLEAN, EXACT, ValueKind, kind_name, record
from engine.language import say
from engine.lifecycle.effects import REGISTERS
from engine.lifecycle.expressions.condition import Condition
from engine.lifecycle.expressions.expression import Expression, Literal, Name
from engine.lifecycle.measure_rules import (
    EVERY,
    RECKONINGS,
    STATUSES,
    MeasureRule,
    ReportColumn,
    SupervisionRow,
    Tally,
)
from engine.yamltext.nodes import MappingNode, Node
from engine.yamltext.problem import Severity

#: The names a condition or a value of a measure may begin with.
_ROOTS = ("case", "forms", "subject", "clocks", "today")
#: What a tally counts.
_TALLIED = ("register", "cases", "publications")
_SOURCES = ("cases", "publications", "draws", "refusals")


def read_measures(
    diagnostics: Diagnostics, node: Node | None, world: SymbolTable | None = None
) -> dict[str, MeasureRule]:
    """Read the measures; with a `world` what they refer to is checked too."""
    found = {}
    for name, _, value in diagnostics.entries(node):
        part = diagnostics.open(value, "measure")
        if part is None:
            continue
        whole = read_tally(diagnostics, part.value("whole"), world)
        counted = read_tally(diagnostics, _of_whole(part), world)
        if (
            counted is not None
            and whole is not None
            and counted.where is not None
            and _of_whole(part) is not part.value("part")
        ):
            counted = replace(counted, where=both(whole.where, counted.where))
        if counted is not None and (whole is not None or "whole" not in part.entries):
            title = diagnostics.read_text(part.value("title")) or name
            found[name] = MeasureRule(id=name, title=title, part=counted, whole=whole)
    return found


def _of_whole(part: MappingReader) -> Node | None:
    """Return the part of a measure; one that does not say what it counts is some of the whole, and takes its source and its forms."""
    own, whole = part.value("part"), part.value("whole")
    if not isinstance(own, MappingNode) or not isinstance(whole, MappingNode):
        return own
    said = {keywords.canonical(key.text) for key, _ in own.texts()}
    if not said.isdisjoint(_TALLIED):
        return own
    taken = [
        (key, value)
        for key, value in whole.texts()
        if keywords.canonical(key.text) in (*_TALLIED, "forms") and keywords.canonical(key.text) not in said
    ]
    return replace(own, entries=(*taken, *own.entries))


def read_tally(diagnostics: Diagnostics, node: Node | None, world: SymbolTable | None) -> Tally | None:
    """Read one side of a measure."""
    part = diagnostics.open(node, "tally") if node is not None else None
    if part is None or node is None:
        return None
    sources = [key for key in _TALLIED if diagnostics.read_name(part.value(key))]
    if len(sources) != 1:
        diagnostics.report(
            "missing-key",
            node,
            say("指标的一边要且只要写明数什么：register 名录、cases 件数、publications 公示数"),
        )
        return None
    workflow = diagnostics.read_name(part.value("cases"))
    names = names_of(workflow, world)
    reckonings = [key for key in RECKONINGS if key in part.entries]
    if len(reckonings) > 1:
        diagnostics.report(
            "unknown-argument",
            part.key(reckonings[1]),
            say("“{first}”和“{second}”只写一个", first=reckonings[0], second=reckonings[1]),
        )
    reckoning = reckonings[0] if reckonings else None
    _only_of_cases(diagnostics, part, workflow, ("forms", "field", "distinct", "where", *reckonings))
    _check_source(diagnostics, part, sources[0], world)
    tally = Tally(
        register=diagnostics.read_name(part.value("register")),
        cases=workflow,
        publications=diagnostics.read_name(part.value("publications")),
        forms=tuple(name for name, _ in diagnostics.read_names(part.value("forms"))),
        field=diagnostics.read_name(part.value("field")),
        distinct=diagnostics.read_flag(part.value("distinct")),
        on_time=diagnostics.read_flag(part.value("on_time")),
        where=_where(diagnostics, part, names),
        reckoning=reckoning,
        of=_value(diagnostics, part, reckoning, names) if reckoning else None,
    )
    _check_cases(diagnostics, part, workflow, world)
    return tally


def read_supervision(
    diagnostics: Diagnostics,
    node: Node | None,
    world: SymbolTable | None = None,
    measures: tuple[str, ...] = (),
) -> dict[str, SupervisionRow]:
    """Read the rows of the supervision report; with a `world` what they refer to is checked too."""
    found = {}
    for name, _, value in diagnostics.entries(node):
        part = diagnostics.open(value, "supervision row")
        row = _row(diagnostics, name, part, world, measures) if part is not None else None
        if row is not None:
            found[name] = row
    return found


def _row(
    diagnostics: Diagnostics,
    name: str,
    part: MappingReader,
    world: SymbolTable | None,
    measures: tuple[str, ...],
) -> SupervisionRow | None:
    sources = [key for key in _SOURCES if key in part.entries]
    status = diagnostics.read_word(part.value("only"), keywords.STATUSES)
    if status is not None and not sources:
        # What is so says what is counted: of all cases, publications or draws.
        sources = [STATUSES[status]]
    if len(sources) != 1:
        diagnostics.report(
            "missing-key",
            part.node,
            say("督导的一行要且只要写明数什么：{sources}；全部写 any", sources=list(_SOURCES)),
        )
        return None
    counted = sources[0]
    of = diagnostics.read_name(part.value(counted)) or EVERY
    if status is not None and STATUSES[status] != counted:
        fitting = [word for word, source in STATUSES.items() if source == counted]
        diagnostics.report(
            "unknown-word",
            part.key("only"),
            say("“{counted}”没有“{status}”这种情况", counted=counted, status=status),
            say("可写：{names}", names=fitting) if fitting else None,
        )
    workflow = of if counted == "cases" else None
    _only_of_cases(diagnostics, part, workflow, ("where", "alike", "columns"))
    place = part.value(counted)
    if of != EVERY and counted in ("draws", "refusals") and place is not None:
        diagnostics.report(
            "unknown-word", place, say("“{key}”后面只能写 any（全部），实为“{seen}”", key=counted, seen=of)
        )
    elif of != EVERY:
        _check_source(diagnostics, part, counted, world)
    names = names_of(workflow, world)
    seen = None
    if names is not None:
        seen = {**names, "kpi": record(dict.fromkeys(measures, EXACT))}
    alike = (
        read_expression(diagnostics, part.value("alike"), names) if part.value("alike") is not None else None
    )
    columns = []
    for item in diagnostics.items(part.value("columns")):
        column = diagnostics.open(item, "report column")
        if column is None:
            continue
        title = diagnostics.read_text(column.value("title"))
        parsed = read_expression(diagnostics, column.value("value"), seen)
        if title is not None and parsed is not None and parsed.expression is not None:
            english = diagnostics.read_text(column.value("title_en"))
            columns.append(ReportColumn(title=title, title_en=english, value=parsed.expression))
    return SupervisionRow(
        id=name,
        title=diagnostics.read_text(part.value("title")) or name,
        title_en=diagnostics.read_text(part.value("title_en")),
        counted=counted,
        of=of,
        status=status,
        where=_where(diagnostics, part, names),
        alike=alike.expression if alike is not None else None,
        columns=tuple(columns),
    )


def names_of(workflow: str | None, world: SymbolTable | None) -> Names | None:
    """Return the names that may be used of cases of a workflow; None where they cannot be known here."""
    if world is None or world.partial or workflow is None:
        return None
    outline = _outline(workflow, world)
    if outline is None or outline.broken:
        return None
    names = workflow_names(outline, world)
    return {root: names[root] for root in _ROOTS}


def _outline(workflow: str, world: SymbolTable) -> WorkflowOutline | None:
    return _every(world) if workflow == EVERY else world.workflows.get(workflow)


def _every(world: SymbolTable) -> WorkflowOutline:
    """Return what is known of a case whose workflow is not."""
    known = world.workflows.values()
    return WorkflowOutline(
        EVERY,
        fields={name: kind for one in known for name, kind in one.fields.items()},
        states={name: title for one in known for name, title in one.states.items()},
        forms=frozenset(world.forms),
        clocks=frozenset(clock for one in known for clock in one.clocks),
        broken=any(one.broken for one in known),
    )


def _only_of_cases(
    diagnostics: Diagnostics, part: MappingReader, workflow: str | None, keys: tuple[str, ...]
) -> None:
    for key in keys:
        if workflow is None and key in part.entries:
            message = say("“{key}”只能和 cases（件数）一起写", key=part.entries[key][0].text)
            diagnostics.report("unknown-argument", part.key(key), message)


def _check_source(
    diagnostics: Diagnostics, part: MappingReader, source: str, world: SymbolTable | None
) -> None:
    """Check that the workflow, the kind of publication or the register there is."""
    node = part.value(source)
    name = diagnostics.read_name(node)
    if world is None or world.partial or node is None or name is None:
        return
    if source == "cases" and name != EVERY and name not in world.workflows:
        # A bureau may have done away with a workflow and kept the measure: it counts nothing, and says so here.
        message = say("没有流程“{name}”", name=name)
        diagnostics.unknown("unknown-workflow", node, message, name, world.workflows, Severity.WARNING)
    if source == "publications" and world.page_types is not None and name not in world.page_types:
        message = say("公示网站没有“{name}”这一类公示", name=name)
        diagnostics.unknown("unknown-word", node, message, name, world.page_types)
    if source == "register" and name not in (*REGISTERS, "people"):
        diagnostics.unknown(
            "unknown-word", node, say("没有名录“{name}”", name=name), name, (*REGISTERS, "people")
        )


def _check_cases(
    diagnostics: Diagnostics, part: MappingReader, workflow: str | None, world: SymbolTable | None
) -> None:
    """Check that the workflow fills the forms and has the field a tally names."""
    outline = _outline(workflow, world) if world is not None and workflow is not None else None
    if world is None or world.partial or outline is None or outline.broken:
        return
    for form, place in diagnostics.read_names(part.value("forms")):
        if form not in outline.forms:
            message = say("流程“{workflow}”没有用到表单“{name}”", workflow=outline.id, name=form)
            diagnostics.unknown("unknown-form", place, message, form, outline.forms)
    node = part.value("field")
    name = diagnostics.read_name(node)
    if name is None or node is None:
        return
    if name not in outline.fields:
        message = say("流程“{workflow}”没有字段“{name}”", workflow=outline.id, name=name)
        diagnostics.unknown("undeclared-field", node, message, name, outline.fields)
    elif outline.fields[name].kind not in (BOOLEAN.kind, ValueKind.ANY):
        diagnostics.report(
            "type-mismatch",
            node,
            say("此处应是“是否”字段，“{name}”是{kind}", name=name, kind=kind_name(outline.fields[name].kind)),
            say("别的条件写在 where（其中）里"),
        )


def _where(diagnostics: Diagnostics, part: MappingReader, names: Names | None) -> Condition | None:
    """Read the condition of a tally or a row.

    It is worked out over cases of every version, so that what a field is cannot make a text in it a number;
    where that would be needed, the number has to be written as one.
    """
    node = part.value("where")
    found = read_condition(diagnostics, node, names)
    if found is None or node is None or names is None:
        return found
    plain = read_condition(Diagnostics(diagnostics.file, diagnostics.text), node, None)
    if plain is not None and _texts(found) != _texts(plain):
        diagnostics.report(
            "type-mismatch", node, say("此处的比例和小数要写成不带引号的小数"), say("如 0.5，不写 '50%'")
        )
    return found


def _texts(condition: Condition) -> int:
    """Count the texts written in a condition."""
    waiting = [expression.node for expression in condition.expressions()]
    count = 0
    while waiting:
        node = waiting.pop()
        count += isinstance(node, Literal) and isinstance(node.value, str)
        waiting.extend(node.parts())
    return count


def _value(
    diagnostics: Diagnostics, part: MappingReader, reckoning: str, names: Names | None
) -> Expression | None:
    """Read the field that is counted, added up or compared."""
    node = part.value(reckoning)
    parsed = read_expression(diagnostics, node, names)
    if parsed is None or parsed.expression is None or node is None:
        return None
    if not isinstance(parsed.expression.node, Name):
        diagnostics.report(
            "wrong-shape",
            node,
            say("此处应是一个字段，实为“{seen}”", seen=parsed.expression.source),
            say("写法如 forms.onsite_check.staff 或 case.problem_count"),
        )
        return None
    if reckoning != "count" and not (parsed.type.number or parsed.type.vague):
        diagnostics.report(
            "type-mismatch",
            node,
            say(
                "此处应是数，“{name}”是{kind}",
                name=parsed.expression.source,
                kind=kind_name(parsed.type.kind),
            ),
        )
    return parsed.expression
