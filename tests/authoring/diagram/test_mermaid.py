"""A workflow as a Mermaid picture."""

from __future__ import annotations

from drawn_workflows import CHILD, FLOW, VISIT, words_of

from engine.authoring.diagram.mermaid import LINE, LONGEST, mermaid, shortened
from engine.kernel.plain_text import width


def test_the_picture() -> None:
    assert (
        mermaid(VISIT)
        == """\
stateDiagram-v2
    state "待检查" as s1
    state "等待" as s2
    state "办结" as s3
    state "作废" as s4
    [*] --> s1
    s1 --> s1: 记录： '甲'； 乙
    s1 --> s2: 送出<br/>启动子件“检查”
    s1 --> s2: 判断（1）<br/>条件：“结论” 是 合格的
    s1 --> s3: 判断（2）<br/>条件：其余情形
    s2 --> s3: 继续<br/>［自动］
    s2 --> s3: 齐备<br/>［“检查”子件全部到了<br/>“办结”时自动］
    s2 --> s3: 到期<br/>［满 3 日 自动］
    s1 --> s3: 到期<br/>［满 3 日 自动］
    s2 --> s3: 期满<br/>［“总期限”届满时自动］
    s1 --> s4: 作废<br/>［由clerk办理］
    s3 --> [*]
    s4 --> [*]
    note right of s1
        时限“待检查”：期限 5
        日。
        · 届满时只显示逾期。
    end note
    note right of s2
        时限“总期限”：从“案件：
        收到日期”起，期限 10
        个工作日（建议值）。
        · 届满时期满，到“办结”。
        · 一逾期，通知chief。
    end note
"""
    )


def test_a_title_of_several_lines_stays_on_one() -> None:
    assert '    state "待 检查" as s1' in mermaid(
        words_of(FLOW.replace("title: 待检查", 'title: "待\\n检查"'))
    )


def test_a_long_condition_is_shortened_and_stands_whole_beside_its_state() -> None:
    many = " or ".join(f"form.note == '{number:040}'" for number in range(4))
    drawn = mermaid(words_of(FLOW.replace("form.result == 'fine'", many)))
    (arrow,) = [line for line in drawn.splitlines() if "判断（1）" in line and "-->" in line]
    assert "…（全文见旁注）" in arrow.replace("<br/>", "")
    assert width(arrow) < LONGEST * 3
    note = drawn.split("note right of s1")[1].split("end note")[0]
    assert all(f"{number:040}" in note for number in range(4))
    assert "“判断（1）”的条件" in note.replace("\n        ", "")


def test_a_verb_of_many_states_is_drawn_once_from_a_box_that_names_them() -> None:
    drawn = mermaid(words_of(CHILD))
    assert drawn.count(": 作废") == 1
    (box,) = [line for line in drawn.splitlines() if line.endswith(" as v1")]
    assert all(title in box for title in ("甲", "乙", "丙"))
    assert "丁" not in box


def test_lines_of_notes_are_short_and_none_begins_or_ends_with_a_bracket_that_belongs_elsewhere() -> None:
    lines = [line.strip() for line in mermaid(VISIT).split("note right")[2].splitlines()[1:-1]]
    assert all(width(line) <= LINE + 2 for line in lines)
    assert not any(line[0] in "，。）”" or line[-1] in "（“" for line in lines)


def test_a_text_is_cut_where_it_is_too_long() -> None:
    assert shortened("一二三", 6) == "一二三"
    assert shortened("一二三四", 6) == "一二…"
