"""``archive`` of a workflow file: what the file of a case holds, and how long it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.definition import keywords
from engine.definition.reader.conditions import read_condition, read_expression
from engine.definition.reader.diagnostics import Diagnostics, MappingReader
from engine.definition.types import ValueKind, kind_name
from engine.language import say
from engine.lifecycle.expressions.dates import days_of
from engine.lifecycle.model.archive_rule import ArchivePiece, ArchiveRule, RetentionRule
from engine.worktime.periods import Period, PeriodUnit
from engine.yamltext.nodes import Node
from engine.yamltext.problem import Severity

if TYPE_CHECKING:
    from engine.definition.expressions import Names
    from engine.definition.symbols import FormOutline, SymbolTable, WorkflowOutline

#: What a piece may be; one of them is written.
KINDS = ("paper", "form", "publish", "children")


def read_archive(
    diagnostics: Diagnostics, node: Node | None, names: Names | None, own: WorkflowOutline, world: SymbolTable
) -> ArchiveRule | None:
    """Read what a workflow says of filing; None where it says nothing."""
    part = diagnostics.open(node, "archive rule") if node is not None else None
    if part is None:
        return None
    pieces = []
    for item in diagnostics.items(part.value("contents")):
        inner = diagnostics.open(item, "archive piece")
        piece = _piece(diagnostics, item, inner, names, own, world) if inner is not None else None
        if piece is not None:
            pieces.append(piece)
            diagnostics.keep(piece, item)
    return ArchiveRule(
        contents=tuple(pieces), retention=_retention(diagnostics, part.value("retention"), names)
    )


def _piece(
    diagnostics: Diagnostics,
    node: Node,
    part: MappingReader,
    names: Names | None,
    own: WorkflowOutline,
    world: SymbolTable,
) -> ArchivePiece | None:
    written = {kind: name for kind in KINDS if (name := diagnostics.read_name(part.value(kind))) is not None}
    if len(written) != 1:
        message = say("一件卷内材料只写一项：{kinds}", kinds=list(KINDS))
        diagnostics.report(
            "wrong-shape", node, message, say("如 {example}", example="{paper: notice, becomes: served}")
        )
        return None
    form = written.get("form")
    if form is None and part.value("title") is None:
        message = say("这一件要写明 title（名称）：只有表单的名称可以不写，用表单自己的")
        diagnostics.report("missing-key", node, message)
    if form is not None and form not in own.forms and not world.partial:
        place = part.value("form") or node
        diagnostics.unknown(
            "unknown-form", place, say("本流程不填表单“{form}”", form=form), form, sorted(own.forms)
        )
        return None
    children = written.get("children")
    if children is not None and children not in world.workflows and not world.partial:
        place, message = part.value("children") or node, say("没有流程“{name}”", name=children)
        # A bureau that does without a workflow may keep what it says of it.
        diagnostics.unknown("unknown-workflow", place, message, children, world.workflows, Severity.WARNING)
    field, signed = diagnostics.read_name(part.value("field")), diagnostics.read_name(part.value("signed"))
    outline = world.forms.get(form or "")
    for name, key in ((field, "field"), (signed, "signed")):
        if name is None or outline is None or outline.fields is None or name in outline.fields:
            continue
        message = say("表单“{form}”没有“{field}”", form=form, field=name)
        diagnostics.unknown(
            "undeclared-field", part.value(key) or node, message, name, sorted(outline.fields)
        )
    _check_signed(diagnostics, part, outline, signed)
    party = diagnostics.read_name(part.value("party"))
    if party is not None and party not in own.parties:
        message = say("没有参与人“{party}”", party=party)
        diagnostics.unknown(
            "undeclared-party", part.value("party") or node, message, party, sorted(own.parties)
        )
    return ArchivePiece(
        title=diagnostics.read_text(part.value("title")),
        paper=written.get("paper"),
        form=form,
        publication=written.get("publish"),
        children=children,
        becomes=diagnostics.read_word(part.value("becomes"), keywords.PAPER_FACTS),
        field=_kept(outline, field),
        signed=_kept(outline, signed),
        party=party,
        when=read_condition(diagnostics, part.value("when"), names),
        optional=diagnostics.read_flag(part.value("optional")),
        copy=diagnostics.read_flag(part.value("copy")),
        basis=diagnostics.read_text(part.value("basis")),
    )


def _kept(outline: FormOutline | None, name: str | None) -> str | None:
    """Return the name the answer to a question is kept under."""
    found = outline.fields.get(name) if outline is not None and outline.fields and name is not None else None
    return found.kept_as or name if found is not None else name


def _check_signed(
    diagnostics: Diagnostics, part: MappingReader, outline: FormOutline | None, name: str | None
) -> None:
    """Check that the field said to hold who signed holds people."""
    node = part.value("signed")
    found = outline.fields.get(name) if outline is not None and outline.fields and name is not None else None
    if node is None or found is None or found.kind in (ValueKind.ANY, ValueKind.TEXT, ValueKind.LIST):
        return
    message = say("签字的人写在“人员”字段里，“{name}”是{kind}", name=name, kind=kind_name(found.kind))
    diagnostics.report("type-mismatch", node, message)


def _retention(diagnostics: Diagnostics, node: Node | None, names: Names | None) -> RetentionRule:
    part = diagnostics.open(node, "retention rule") if node is not None else None
    if part is None:
        return RetentionRule()
    since = read_expression(diagnostics, part.value("since"), names)
    keep, notice = _period(diagnostics, part.value("keep")), _period(diagnostics, part.value("notice"))
    place = part.value("notice")
    if keep is not None and notice is not None and place is not None and _days(notice) >= _days(keep):
        message = say("提前通知的时间不短于保管期限，档案一立就要通知")
        diagnostics.report("wrong-shape", place, message, say("请核对 keep（保管）和 notice（提前通知）"))
    return RetentionRule(
        keep=keep,
        since=since.expression if since is not None else None,
        main_case=diagnostics.read_flag(part.value("main_case")),
        notice=notice,
        basis=diagnostics.read_text(part.value("basis")),
    )


def _days(period: Period) -> int:
    """Return about how many days a period is, for comparing two of different units."""
    return period.count * {PeriodUnit.MONTHS: 30, PeriodUnit.YEARS: 360}.get(period.unit, 1)


def _period(diagnostics: Diagnostics, node: Node | None) -> Period | None:
    text = diagnostics.read_text(node)
    if text is None or node is None:
        return None
    found = days_of(text)
    if found is None:
        diagnostics.report(
            "wrong-shape", node, say("应为一段时间（如 10 years、3 months），实为“{value}”", value=text)
        )
    return found
