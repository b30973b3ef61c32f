"""Every shipped form has a sheet, blank and filled, in the formats of papers."""

from __future__ import annotations

import re

from document_factories import definitions

from engine.definition.library import load_files
from engine.documents.form_sheet import FilledSheet, blank_sheet, filled_sheet
from engine.documents.paper.html_reading import read_paper
from engine.lifecycle.forms.in_words import AnsweredForm, AnswerLine


def test_every_form_has_a_blank_sheet_that_can_be_a_paper() -> None:
    forms = {form.id: form for workflow in definitions()[0].values() for form in workflow.forms.values()}
    assert len(forms) > 40
    for form in forms.values():
        text = blank_sheet(form, "示例局").decode()
        assert form.title in text
        assert all(row.title in text for row in form.rows)
        assert read_paper(text).blocks


def test_a_filled_sheet_says_what_changed() -> None:
    lines = (AnswerLine("结果", "<甲>"), AnswerLine("人数", "3人", True, "2人"))
    form = AnsweredForm("entry", "结果录入", lines, "insp-1", "2026-03-02", 2)
    text = filled_sheet(FilledSheet("inspection-1", "检查甲", [form]), "示例局").decode()
    assert "&lt;甲&gt;" in text
    assert "（原为：2人）" in text
    assert "内部编号 inspection-1" in text
    assert read_paper(text).blocks


FORM = """
form: probe
title: 探针表
fields:
  - page: 一、基本情况
  - rule: {title: 须知, type: note, help: 请如实填写。, when: form.has}
  - has: {title: 有无, boolean}
  - why: {title: 缘由, long text, when: form.has, basis: 某法 第一条, help: 写明经过。}
  - ok: {title: 是否合格, type: yes-no-na, optional: true}
  - fee: {title: 费用, money}
  - page: 二、清单
  - list:
      title: 问题
      min: 2
      columns: [{what: {title: 事实}}, {kind: {title: 种类, choices: {a: 甲, b: 乙}}}, {half: {title: 折半, integer, computed: 1 + 1}}]
  - by: {title: 签名, signature}
rows:
  - one: {title: 第一项, points: 看合同, basis: 某法 第二条}
"""


def test_a_blank_sheet_has_room_to_write_in_and_boxes_to_tick() -> None:
    (form,) = load_files({"forms/probe.yaml": FORM}, partial=True).forms.values()
    text = blank_sheet(form, "示例局").decode()
    rows = [re.sub(r"<[^>]+>", "|", row) for row in re.findall(r"<tr>.*?</tr>", text)]

    def row(title: str) -> str:
        return next(one for one in rows if title in one)

    assert [text.count(f"<h2>{one}</h2>") for one in ("一、基本情况", "二、清单")] == [1, 1]
    assert all(one in row("须知") for one in ("请如实填写。", "只在适用的情形下看：“有无”"))
    assert "须知（选填）" not in text
    assert "□是　□否" in row("有无|")
    assert "□是　□否　□不适用" in row("是否合格（选填）")
    assert row("缘由").count("　|") >= 4
    assert all(one in row("缘由") for one in ("写明经过。", "依据：某法 第一条", "有无"))
    assert "元" in row("费用")
    # A list has its columns and rows to write in; what is worked out has no room.
    assert "折半" not in text
    assert len([one for one in rows if "□甲　□乙" in one]) == 4
    assert row("签名").count("　|") >= 3
    assert all(one in row("第一项") for one in ("看合同", "依据：某法 第二条", "□符合　□不符合　□不适用"))
    assert read_paper(text).blocks
