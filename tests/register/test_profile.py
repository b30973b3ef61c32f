"""Import profiles: the built-in ones are sound, a deployment's own reads another export, mistakes are explained."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from engine.register.columns import CellType, fold
from engine.register.import_result import read_register
from engine.register.profile import KINDS, built_in, profile_from

CODE = "1" + "0" * 16 + "Y"

OWN = """
register: objects
title: 区平台导出
encoding: gb18030
headers: {主体全称: name, 主体代码: id, 红黑名单: list_colour}
values: {status: {正常营业: active, 关门: cancelled}}
fixed: {district: 第一片区, kind: 企业}
ignore: [地址]
columns:
  list_colour: {title: 名单, type: choice, choices: {red: [红], black: [黑]}}
  dispatch_class: {title: 派遣信用等级, type: choice, choices: {AAA: [AAA], AA: [AA]}}
lists:
  dispatch: {into: ratings, fixed: {scheme: dispatch}, parts: {class: dispatch_class}, needs: class}
"""


@pytest.mark.parametrize("kind", KINDS)
def test_built_in_profiles_are_sound(kind: str) -> None:
    profile = built_in(kind)
    assert {"id", "name"} <= {column.id for column in profile.columns.values() if column.required}
    for column in profile.columns.values():
        assert profile.column_of(column.title) == column.id
        assert bool(column.choices) is (column.type in (CellType.CHOICE, CellType.CHOICES))
        assert bool(column.codes) is (column.type in (CellType.CODE, CellType.CODES))
        assert column.default is None or column.default in column.choices
        words = [fold(word) for words in column.choices.values() for word in words]
        assert len(words) == len(set(words)), column.id
        assert set(column.needed_when) <= set(profile.columns)
    for row in profile.lists.values():
        assert set(row.parts.values()) <= set(profile.columns)
        assert row.needs is None or row.needs in row.parts


def test_the_headers_offices_write() -> None:
    columns = built_in("objects").column_of
    assert {columns(title) for title in ("企业名称", "单位名称", "市场主体名称")} == {"name"}
    assert {columns(title) for title in ("统一社会信用代码", "信用代码", "社会信用代码", "注册号")} == {"id"}
    assert {columns(title) for title in ("住所", "注册地址", "地址")} == {"address"}
    assert columns("颜色") is None


def test_inspectors_need_a_certificate_and_its_last_day() -> None:
    required = {column.id for column in built_in("inspectors").columns.values() if column.required}
    assert required == {"id", "name", "cert_no", "cert_valid_to"}


def test_own_profile_reads_another_export(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN, encoding="utf-8")
    text = f"主体代码,主体全称,状态,地址,红黑名单,派遣信用等级\n{CODE},示例甲公司,关门,一号,红,AA\n"
    (tmp_path / "export.csv").write_bytes(text.encode("gb18030"))
    reading = read_register("objects", tmp_path / "export.csv", profile=tmp_path / "own.yaml")
    assert reading.ok, [*map(str, reading.faults), *map(str, reading.problems)]
    assert reading.ignored_columns == ()
    assert reading.importable()[0].data == {
        "status": "cancelled",
        "list_colour": "red",
        "ratings": [{"scheme": "dispatch", "class": "AA", "date": None, "source": "export.csv"}],
        "district": "第一片区",
        "kind": "enterprise",
    }


def test_a_profile_of_another_register(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("register: items\n", encoding="utf-8")
    reading = read_register("objects", tmp_path / "x.csv", profile=tmp_path / "own.yaml")
    assert "抽查事项清单的，不能用来导入检查对象名录库" in str(reading.faults[0])


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("register: objekts", "register 应为 objects"),
        ("register: objects\nheader: {}", "是否想写“headers”"),
        ("register: objects\nheaders: {甲: nmae}", "是否想写“name”"),
        ("register: objects\nheaders: [甲]", "headers 应为“键: 值”"),
        ("register: objects\nregister: items", "第 2 行：“register”写了两次"),
        ("register: objects\nignore: 甲", "ignore 应为文字的列表"),
        ("register: objects\ncolumns: {a: {type: colour}}", "type 应为"),
        ("register: objects\ncolumns: {a: {type: text, title: 住所}}", "列名“住所”同时属于"),
        ("register: objects\ncolumns: {a: {type: text, most: x}}", "上下限应为整数"),
        (f"register: objects\ncolumns: {{a: {{type: text, most: '{'9' * 5000}'}}}}", "上下限应为整数"),
        ("register: objects\nlists: {a: {parts: {b: c}}}", "须写明 into 和 parts"),
        ("register: objects\nlists: {a: {into: ratings, parts: {class: kind}}}", "须写明 fixed 的 scheme"),
        ("register: &a objects", "锚点"),
        ("register: !!python/name:os.system x", "标签"),
        ("- objects", "最外层"),
        ("register: [", "YAML 写法有误"),
        ("", "最外层"),
    ],
)
def test_mistakes_in_a_profile(text: str, sentence: str) -> None:
    profile, problems = profile_from(text.encode(), "own.yaml")
    assert profile is None
    assert sentence in "\n".join(map(str, problems))
    assert all(problem.file == "own.yaml" for problem in problems)


def test_a_profile_that_is_not_there(tmp_path: Path) -> None:
    reading = read_register("objects", tmp_path / "x.csv", profile=tmp_path / "none.yaml")
    assert "打不开导入方案" in str(reading.faults[0])


VALUES = st.recursive(
    st.sampled_from(["x", "true", "text", "choice", "id", "1", "name", "credit", "甲", None]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["title", "type", "choices", "default", "parts", "id", "A"]), inner, max_size=2
        )
    ),
    max_leaves=6,
)
KEYS = st.sampled_from(
    ["title", "encoding", "sheet", "headers", "values", "fixed", "ignore", "columns", "lists"]
)
COLUMN = st.dictionaries(
    st.sampled_from(
        ["title", "also", "choices", "list", "least", "default", "needed_when", "code_only_under"]
    ),
    VALUES,
    max_size=3,
)


@given(st.dictionaries(KEYS, VALUES, max_size=2), COLUMN)
def test_no_shape_of_a_profile_breaks_the_reading(
    tmp_path_factory: pytest.TempPathFactory, keys: dict[str, object], column: dict[str, object]
) -> None:
    text = {"register": "objects", "columns": {"q": {**column, "type": "choice"}}, **keys}
    profile, problems = profile_from(yaml.safe_dump(text, allow_unicode=True).encode(), "own.yaml")
    assert (profile is None) is bool(problems)
    assert all(str(problem) for problem in problems)
    if profile is not None:
        path = tmp_path_factory.getbasetemp() / "profile.csv"
        path.write_text(f"信用代码,名称,q\n{CODE},甲,乙\n", encoding="utf-8")
        reading = read_register("objects", path, profile=profile)
        assert all(str(problem) for problem in (*reading.faults, *reading.problems))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("columns: {x: {type: choice, choices: {a: [甲]}, default: b}}", "default 应为下列之一：a"),
        ("columns: {x: {type: text, default: b}}", "default 应为下列之一："),
        ("columns: {x: {type: text, expires: true}}", "列“x”不是日期，不能写 expires"),
        ("columns: {x: {type: text, needed_when: {other: [a]}}}", "needed_when 中的列“other”不存在"),
        ("columns: {x: {type: text, needed_when: {status: [gone]}}}", "列“status”没有选项“gone”"),
        ("lists: {l: {into: desks, parts: {a: gone}}}", "lists 中的列“gone”不存在"),
        ("lists: {l: {into: phone, parts: {a: phone}}}", "lists 的“l”的 into 不能是列“phone”"),
    ],
)
def test_what_a_column_or_a_list_refers_to_is_there(text: str, sentence: str) -> None:
    profile, problems = profile_from(f"register: people\n{text}\n".encode(), "p.yaml")
    assert profile is None
    assert any(str(problem.message).startswith(sentence) for problem in problems), list(map(str, problems))


def test_a_date_of_ones_own_can_run_out_and_a_default_is_kept() -> None:
    text = "register: people\ncolumns:\n  to: {title: 期至, type: date, expires: true}\n  k: {type: choice, choices: {a: [甲]}, default: a}\n"
    profile, problems = profile_from(text.encode(), "p.yaml")
    assert problems == ()
    assert profile is not None
    assert (profile.columns["to"].expires, profile.columns["k"].default) == (True, "a")
