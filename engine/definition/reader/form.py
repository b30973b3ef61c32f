"""A form file -> `Form`."""

from __future__ import annotations

from dataclasses import replace

from engine.definition import keywords
from engine.definition.meaning.subject import FormPlaces
from engine.definition.names import form_names
from engine.definition.reader.conditions import read_requirements
from engine.definition.reader.diagnostics import Diagnostics, kind_of
from engine.definition.reader.fields import OF_PROGRAMS, FieldReader
from engine.definition.reader.texts.english import check_english, read_english
from engine.definition.symbols import FormOutline, SymbolTable
from engine.definition.types import ANY, type_of
from engine.language import say
from engine.lifecycle.model.form import CheckRow, FieldType, Form
from engine.yamltext.nodes import MappingNode, Node, ScalarNode
from engine.yamltext.problem import Problem, Severity


def outline_form(file: str, node: MappingNode, world: SymbolTable) -> FormOutline | None:
    """Return what other files may know of a form, saying nothing about its faults."""
    diagnostics = Diagnostics(file, muted=True)
    part = diagnostics.open(node, "form")
    name = diagnostics.read_name(part.value("form"), of_file=True) if part is not None else None
    if part is None or name is None:
        return None
    reader = FieldReader(diagnostics, world, None, of_types=True)
    fields = reader.read(part.value("fields"), "field")
    answered = [asked for asked in fields if asked.type is not FieldType.NOTE]
    types = {asked.written: type_of(asked) for asked in answered} | dict.fromkeys(reader.unsure, ANY)
    rows = tuple(row.id for row in _rows(diagnostics, part.value("rows")))
    return FormOutline(name, types, rows)


def read_form(
    file: str, text: str, node: MappingNode, world: SymbolTable
) -> tuple[FormPlaces | None, tuple[Problem, ...]]:
    """Read a form file; all its problems at once. None where it has errors."""
    diagnostics = Diagnostics(file, text)
    part = diagnostics.open(node, "form")
    if part is None:
        return None, tuple(diagnostics.problems)
    english = read_english(diagnostics, part)
    name = diagnostics.read_name(part.value("form"), of_file=True)
    names = form_names(name or "", world)
    fields = FieldReader(diagnostics, world, names).read(part.value("fields"), "field")
    rows = _rows(diagnostics, part.value("rows"))
    constraints = read_requirements(diagnostics, part.value("constraints"), names)
    if "fields" not in part.entries and "rows" not in part.entries:
        diagnostics.report(
            "missing-key",
            part.key("form"),
            say("表单里没有内容"),
            say("请写 fields（字段）或 rows（检查事项）"),
        )
    form = Form(
        id=name or "",
        title=diagnostics.read_text(part.value("title")) or "",
        fields=fields,
        rows=rows,
        constraints=tuple(requirement for requirement, _ in constraints),
        help=diagnostics.read_text(part.value("help")),
        basis=diagnostics.read_text(part.value("basis")),
        english=english,
    )
    check_english(diagnostics, part)
    sound = not any(problem.severity is Severity.ERROR for problem in diagnostics.problems)
    found = FormPlaces(form, diagnostics.written, part.key("form")) if sound else None
    return found, tuple(diagnostics.problems)


def _rows(diagnostics: Diagnostics, node: Node | None) -> tuple[CheckRow, ...]:
    found: dict[str, CheckRow] = {}
    for item in diagnostics.items(node):
        place, said = _named(item)
        if place is None:
            message = say("此处应是“名字: {{title: …}}”，实为{seen}", seen=kind_of(item))
            hint = say("写法如 - licence: {title: 办学许可, points: …, basis: …}")
            diagnostics.report("wrong-shape", item, message, hint)
            continue
        part = diagnostics.open(said, "row")
        if part is None:
            continue
        name = diagnostics.read_name(place)
        title = diagnostics.read_text(part.value("title"))
        points = diagnostics.read_text(part.value("points"))
        basis = diagnostics.read_text(part.value("basis"))
        if name is None or title is None or points is None or basis is None:
            continue
        if name in found:
            diagnostics.report("duplicate-name", place, say("“{name}”已经有了", name=name))
            continue
        if name in OF_PROGRAMS:
            message = say("“{name}”是系统用的名字", name=name)
            diagnostics.report("bad-name", place, message, say("请换一个编号"))
            continue
        found[name] = CheckRow(
            id=name,
            title=title,
            points=points,
            basis=basis,
            method=diagnostics.read_text(part.value("method")),
            items=tuple(
                filter(None, map(diagnostics.read_text, diagnostics.one_or_many(part.value("items"))))
            ),
        )
    return tuple(found.values())


def _named(item: Node) -> tuple[Node | None, Node]:
    """Return the name of a row and what is said of it; as rows were written before, its name is its ``id``."""
    if not isinstance(item, MappingNode):
        return None, item
    entries = item.entries
    if len(entries) == 1 and isinstance(entries[0][1], MappingNode):
        return entries[0]
    written = [
        one for one in entries if isinstance(one[0], ScalarNode) and keywords.canonical(one[0].text) == "id"
    ]
    if len(written) != 1:
        return None, item
    left = tuple(one for one in entries if one is not written[0])
    return written[0][1], replace(item, entries=left)
