"""Problems of cells as text and as JSON."""

from __future__ import annotations

import json

from engine.authoring.xlsform.cell_problem import Cell, CellProblem, as_json, as_text
from engine.language import say
from engine.yamltext.problem import Severity

ONE = CellProblem(Cell("survey", 3, "E", "relevant"), "r", Severity.ERROR, say("示例"), say("改"))
OTHER = CellProblem(Cell("choices"), "s", Severity.WARNING, say("示例"))


def test_problems_stand_in_the_order_of_their_cells_each_once() -> None:
    assert as_text("f.xlsx", [ONE, OTHER, ONE]) == (
        "f.xlsx[choices]: 警告：示例 [s]\n"
        "f.xlsx[survey]E3: 工作表“survey”第 3 行“relevant”列：示例 [r]\n"
        "    提示：改"
    )
    rows = json.loads(as_json("f.xlsx", [ONE]))
    assert rows == [
        {
            "file": "f.xlsx", "sheet": "survey", "row": 3, "column": "E", "header": "relevant", "rule": "r",
            "severity": "error", "message": "示例", "hint": "改",
        }
    ]  # fmt: skip
