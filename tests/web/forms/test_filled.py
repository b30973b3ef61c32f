"""What was answered fills the form in again, and is then typed as the same answers."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.lifecycle.forms.in_words import placed_answers
from engine.lifecycle.model.form import CheckRow, Field, FieldType, Form
from engine.web.forms.answers import answers_of
from engine.web.forms.filled import typed_of

ZONE = ZoneInfo("Asia/Shanghai")
COLUMNS = (
    Field(name="who", title="谁", type=FieldType.TEXT),
    Field(name="how_many", title="几人", type=FieldType.INTEGER),
)
FORM = Form(
    id="visit",
    title="走访",
    fields=(
        Field(name="found", title="发现", type=FieldType.LONG_TEXT),
        Field(name="ok", title="是否", type=FieldType.BOOLEAN),
        Field(name="several", title="几项", type=FieldType.CHOICES, choices={"a": "甲", "b": "乙"}),
        Field(name="people", title="人员", type=FieldType.PERSONS),
        Field(name="at", title="时间", type=FieldType.DATETIME),
        Field(name="table", title="表", type=FieldType.LIST, columns=COLUMNS),
        Field(name="paper", title="文件", type=FieldType.FILES),
    ),
    rows=(CheckRow(id="r1", title="看一看", points="要点", basis="依据"),),
)
FILE = {"name": "a.pdf", "sha256": "0" * 64}


@pytest.mark.parametrize(
    "answers",
    [
        {"found": "两行\n文字", "ok": "true", "several": ["b", "a"], "people": ["p-1", "p-2"]},
        # A browser sends a moment without its zone: that of the bureau is meant.
        {"at": "2027-03-01T09:30", "paper": [FILE, FILE]},
        {
            "table": [{"who": "甲", "how_many": "2"}, {"who": "乙"}],
            "rows": {"r1": {"answer": "fail", "note": "缺"}},
        },
        {"rows": {}, "items": {"visit": {"found": "单项", "rows": {}}}},
    ],
)
def test_there_and_back(answers: dict[str, Any]) -> None:
    items = [FORM] if "items" in answers else []
    typed = typed_of(FORM, items, answers, ZONE)
    found = answers_of(FORM, items, typed)
    assert {name: found[name] for name in answers} == answers


def test_what_does_not_fit_is_left_out() -> None:
    typed = typed_of(
        FORM, [FORM], {"table": "x", "rows": 7, "items": 8, "ok": True, "other": 1, "at": "?"}, ZONE
    )
    assert typed.one("q.ok") == "true"
    assert typed.one("q.at") == "?"
    assert "q.other" not in typed.texts


@pytest.mark.parametrize("given", ["fail", "不符合", {"answer": "不符合"}])
def test_a_row_that_is_an_answer_alone_is_filled_in(given: Any) -> None:
    answers = {"rows": {"r1": given}, "items": {"visit": {"rows": {"r1": given}}}}
    typed = typed_of(FORM, [FORM], answers, ZONE)
    full = {"rows": {"r1": {"answer": "fail"}}}
    assert answers_of(FORM, [FORM], typed) == {**full, "items": {"visit": full}}
    shown = dict(placed_answers(FORM, answers, {}, ZONE, {"visit": FORM}))
    assert shown["rows.r1", "看一看"] == shown["items.visit.rows.r1", "走访·看一看"] == "不符合"
