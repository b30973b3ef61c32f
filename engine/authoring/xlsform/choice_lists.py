"""The sheet of choices: lists of codes with their texts and whatever else stands in their rows."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.authoring.xlsform.cell_problem import CellProblem
from engine.authoring.xlsform.headers import Labels
from engine.authoring.xlsform.sheets import FormSheet, SheetRow
from engine.language import say
from engine.yamltext.problem import Severity


@dataclass(slots=True)
class ChoiceList:
    """One list: code -> text, and code -> its row, for choice filters."""

    texts: dict[str, str] = field(default_factory=dict)
    rows: dict[str, SheetRow] = field(default_factory=dict)


def read_choices(
    sheet: FormSheet | None, labels: Labels, problems: list[CellProblem]
) -> dict[str, ChoiceList]:
    """Return the lists by name."""
    found: dict[str, ChoiceList] = {}
    for row in sheet.rows if sheet is not None else ():
        name, code = row.get("list_name"), row.get("name")
        if not name or not code:
            missing = "name" if name else "list_name"
            message = say("选项没有写名字，没有导入") if name else say("没有写属于哪张选项表，没有导入")
            problems.append(CellProblem(row.cell(missing), "missing-name", Severity.ERROR, message))
            continue
        chosen = found.setdefault(name, ChoiceList())
        if code in chosen.texts:
            message = say("选项表“{list}”里已经有“{code}”，没有导入", list=name, code=code)
            problems.append(CellProblem(row.cell("name"), "duplicate-choice", Severity.ERROR, message))
            continue
        text, _ = labels.text(row, "label")
        if not text:
            message = say("没有写标签，用名字代替")
            problems.append(CellProblem(row.cell("label"), "missing-label", Severity.ADVICE, message))
        chosen.texts[code] = text or code
        chosen.rows[code] = row
    return found
