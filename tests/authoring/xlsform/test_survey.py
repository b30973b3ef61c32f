"""Rows of the survey in their places."""

from __future__ import annotations

from xlsform_books import workbook

from engine.authoring.xlsform.cell_problem import CellProblem
from engine.authoring.xlsform.headers import Labels
from engine.authoring.xlsform.sheets import read_sheets
from engine.authoring.xlsform.survey import SurveyReader, fitting


def test_questions_know_their_repeats_and_groups() -> None:
    rows = [["type", "name"], ["begin repeat", "r"], ["begin group", "g"], ["text", "x"], ["end group"]]
    problems: list[CellProblem] = []
    sheet = read_sheets(workbook(survey=rows), problems)["survey"]
    reader = SurveyReader(Labels([sheet], None), problems)
    reader.read(sheet)
    (repeat,) = reader.items
    (question,) = repeat.columns
    assert (question.within, [row.get("name") for row in question.groups]) == (("r",), ["g"])
    assert [one.rule for one in problems if one.severity == "error"] == ["group"]


def test_names_that_fit() -> None:
    assert [fitting(name) for name in ("a-b", "items", "9", "", "县")] == ["a_b", "q_items", "q_9", "q", "县"]
