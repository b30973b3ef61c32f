from __future__ import annotations

import re
import unicodedata

import pytest
from draw_factories import object_rows, people_rows
from hypothesis import given
from hypothesis import strategies as st

from engine.draw.refused import SHOWN, DrawRefused
from engine.draw.roster import (
    Count,
    ObjectRow,
    PersonRow,
    counts,
    exclusions,
    near_duplicates,
    parse_objects,
    parse_people,
    render_objects,
    render_people,
)


def test_rows_come_back() -> None:
    objects, people = object_rows(), people_rows()
    assert list(parse_objects(render_objects(objects))) == objects
    assert list(parse_people(render_people(people))) == people


@given(st.randoms(use_true_random=False))
def test_the_order_rows_are_given_in_does_not_matter(random: object) -> None:
    rows = object_rows(30)
    shuffled = rows[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert render_objects(shuffled) == render_objects(rows)


GOOD = render_objects(object_rows(6))


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda data: b"\xef\xbb\xbf" + data, "BOM"),
        (lambda data: data.replace(b"\n", b"\r\n"), "回车符"),
        (lambda data: data[:-1], "最后一行没有换行符"),
        (lambda data: data.replace("公司".encode(), "公司\u200b".encode(), 1), "U+200B"),
        (lambda data: data.replace("公司".encode(), "公\x07司".encode(), 1), "U+0007"),
        (lambda data: data.replace("公司".encode(), "公司 ".encode(), 1), "首尾带空格"),
        (lambda data: data.replace("公司".encode(), "公司\u3000".encode(), 1), "首尾带空格"),
        (lambda data: data.replace("公司".encode(), "e\u0301".encode(), 1), "NFC"),
        (lambda data: data.replace("公司".encode(), "\uf929".encode(), 1), "应为"),
        (lambda data: data.replace(b"E0002", b"E0009"), "次序不对"),
        (lambda data: data.replace(b"E0002", b"E0001"), "重复"),
        (lambda data: data.replace(b"E0002", b"E0002|"), "不合规定"),
        (lambda data: data.replace(b"\tB\t", b"\t", 1), "应有 8 列，实有 7 列"),
        (lambda data: data.replace(b"credit_class", b"class"), "表头应为"),
        (lambda data: data.replace(b"2026-01-01", b"2026-02-30"), "应为日期"),
        (lambda data: data.replace(b"contract;wages", b"wages;contract"), "字节次序"),
        (lambda data: data.replace(b"contract;wages", b"wages; x"), "首尾带空格"),
        (lambda data: data.replace(b"\t1\t", b"\tyes\t", 1), "应为 1（参加抽取）"),
        (lambda data: data.replace(b"\t1\t", b"\t0\t", 1), "没有写明原因"),
        (lambda data: data.replace(b"\t0\t", b"\t1\t", 1), "却写了排除原因"),
        (lambda data: data.replace("公司".encode(), b"\xff", 1), "不是 UTF-8"),
    ],
)
def test_what_another_program_might_read_differently_is_refused(damage: object, says: str) -> None:
    bad = damage(GOOD)  # type: ignore[operator]  # a lambda of the table above
    assert bad != GOOD
    with pytest.raises(DrawRefused, match=re.escape(says)) as caught:
        parse_objects(bad)
    assert all("第" in str(reason) and "行" in str(reason) for reason in caught.value.reasons)


def test_every_problem_is_told_at_once_but_not_endlessly() -> None:
    with pytest.raises(DrawRefused) as caught:
        parse_objects(GOOD.replace("公司".encode(), "公\u200b司 ".encode()))
    assert len(caught.value.reasons) == 12
    rows = [ObjectRow(f"E{i:03}", "x\u200b") for i in range(200)]
    with pytest.raises(DrawRefused, match="另有 150 处") as caught:
        render_objects(rows)
    assert len(caught.value.reasons) == SHOWN + 1


def test_people_are_read_as_strictly() -> None:
    data = render_people(people_rows(3))
    with pytest.raises(DrawRefused, match="load"):
        parse_people(data.replace(b"\t1\tE0021", b"\t01\tE0021"))
    with pytest.raises(DrawRefused, match="labels"):
        parse_people(data.replace(b"any;lead", b"lead;any"))
    with pytest.raises(DrawRefused, match=r"制表符|列"):
        render_people([PersonRow("P1", "股\t室")])


@given(st.text(max_size=20))
def test_a_name_is_kept_or_refused_never_repaired(name: str) -> None:
    try:
        data = render_objects([ObjectRow("E1", name)])
    except DrawRefused:
        return
    assert parse_objects(data)[0].name == name
    assert name == name.strip()
    assert unicodedata.is_normalized("NFC", name)


def test_counts_and_exclusions() -> None:
    rows = object_rows(36)
    assert counts(rows, lambda row: row.credit_class) == {letter: Count(9, 8) for letter in "ABCD"}
    assert exclusions(rows) == {"已注销": 4}


def test_near_duplicates_meet_across_widths_and_case() -> None:
    rows = [
        ObjectRow("e1", "ＡＢＣ 公司"),
        ObjectRow("E1", "另一家"),
        ObjectRow("E2", "abc公司"),
        ObjectRow("E3", "第三家"),
    ]
    assert near_duplicates(rows) == (("E1", "e1"), ("E2", "e1"))
