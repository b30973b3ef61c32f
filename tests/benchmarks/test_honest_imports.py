"""The import by hand takes and refuses the cells the product does, and writes its rows."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from two_sides import both, later, rows

from benchmarks.honest import schema
from benchmarks.honest.cells import Layout
from benchmarks.honest.imports import import_objects, read_objects
from benchmarks.honest.schema import RefusedError
from benchmarks.inputs import layout
from engine.app.ports.records import RegisterEntry
from engine.app.registers.import_entries import import_entries
from engine.register.import_result import read_register
from engine.synthetic.registers import sample_registers, write_sample

LAYOUT: Layout = layout()


def _file(folder: Path, objects: int) -> Path:
    made = sample_registers("honest", objects=objects, inspectors=1, experts=1)
    (file,) = write_sample(folder, {"objects": made["objects"]})
    return file


def test_the_entries_are_those_of_the_product(tmp_path: Path) -> None:
    file = _file(tmp_path, 400)
    ours = read_register("objects", file)
    assert ours.ok
    entries, problems = read_objects(file.read_bytes(), LAYOUT, file.name)
    assert problems == []
    assert [("objects", *entry) for entry in entries] == [
        (e.kind, e.id, e.name, e.section, dict(e.data)) for e in ours.entries
    ]


def test_wrong_cells_are_found_in_the_same_places(tmp_path: Path) -> None:
    file = _file(tmp_path, 60)
    with file.open(encoding="utf-8-sig", newline="") as read:
        header, *body = list(csv.reader(read))
    place = {title: n for n, title in enumerate(header)}
    wrong = [
        ("统一社会信用代码", "91990102MAR62NE20X"), ("统一社会信用代码", "110101199003070011"),
        ("统一社会信用代码", "9.11E+17"), ("统一社会信用代码", ""), ("统一社会信用代码", "123456789012345"),
        ("企业名称", ""), ("企业名称", "无"), ("企业名称", "长" * 201), ("企业名称", "示例\u200b公司"),
        ("企业名称", "=1+1"), ("企业名称", "'单引号"), ("企业名称", "#N/A"), ("主体类型", "公司"),
        ("主体类型", "不知道"), ("联系电话", "0311-86000000；13800000000"), ("联系电话", "电话"),
        ("联系电话", "1.3E+10"), ("成立日期", "2024年2月30日"), ("成立日期", "２０２４／４／２０"), ("成立日期", "44000"),
        ("成立日期", "长期"), ("许可证有效期至", "长期"), ("登记状态", ""), ("登记状态", "注销"),
        ("专项库", "用人单位、劳务派遣、用人单位"), ("专项库", "别的"), ("分类标签", "甲；乙，甲"), ("职工人数", "1,234"),
        ("职工人数", "-1"), ("职工人数", "几个"), ("职工人数", "１２"), ("重点对象", "√"), ("重点对象", "也许"),
        ("重点对象", "无"), ("信用风险等级", "Ｂ级"), ("信用风险等级", ""), ("信用风险等级来源", ""),
        ("守法诚信等级", "A"), ("经营范围", "第一\n第二  项"), ("片区", "  第一片区\u3000"),
    ]  # fmt: skip
    for number, (title, cell) in enumerate(wrong):
        body[number][place[title]] = cell
    body[45] = list(body[44])
    body[46][0] = body[47][0]
    body[48] = body[48][:-1]
    body[49] = [*body[49], "备注"]
    body[50] = ["  "] * len(header)
    with file.open("w", encoding="utf-8-sig", newline="") as write:
        csv.writer(write).writerows([header, *body])
    ours = read_register("objects", file)
    assert not ours.faults
    entries, problems = read_objects(file.read_bytes(), LAYOUT, file.name)
    assert sorted(problems) == sorted((p.row, p.column) for p in ours.problems)
    assert [("objects", *entry) for entry in entries] == [
        (e.kind, e.id, e.name, e.section, dict(e.data)) for e in ours.entries
    ]


@pytest.mark.parametrize(
    "text",
    [
        b"", "统一社会信用代码,企业名称\n".encode(), b"a,b\n1,2\n", "企业名称\n某\n".encode(),
        "统一社会信用代码,企业名称,名称\n1,2,3\n".encode(), '统一社会信用代码,企业名称\n1,"2\n'.encode(),
        "统一社会信用代码,企业名称\n1,2\n".encode("utf-16"), b"PK\x03\x04", "a,b\n某,某\n".encode("gb18030"),
    ],
)  # fmt: skip
def test_files_that_are_refused(text: bytes, tmp_path: Path) -> None:
    file = tmp_path / "objects.csv"
    file.write_bytes(text)
    assert read_register("objects", file).faults
    with pytest.raises(RefusedError, match="file"):
        read_objects(text, LAYOUT, file.name)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters(encoding: str, delimiter: str, tmp_path: Path) -> None:
    text = "某市检查对象\n序号;单位名称*;信用代码：\n1;示例甲公司;91990102MAR62NE20L\n2;;\n".replace(
        ";", delimiter
    )
    file = tmp_path / "objects.csv"
    file.write_bytes(text.encode(encoding))
    ours = read_register("objects", file)
    entries, problems = read_objects(file.read_bytes(), LAYOUT, file.name)
    assert len(entries) == len(ours.entries) == 1
    assert entries[0][:2] == (ours.entries[0].id, ours.entries[0].name)
    assert problems == [(p.row, p.column) for p in ours.problems] == []


def test_the_rows_and_the_chain_are_those_of_the_product(tmp_path: Path) -> None:
    file = _file(tmp_path, 300)
    given = read_register("objects", file).entries
    entries, _ = read_objects(file.read_bytes(), LAYOUT, file.name)
    with both(1, tmp_path) as (application, clock, path, copy):
        connection = schema.sqlite(copy)
        for hours, first, last, name in ((1, 0, 200, None), (2, 100, 300, "改名")):
            clock.set(later(hours))
            part: list[Any] = list(given[first:last])
            hand = list(entries[first:last])
            if name:
                part[3] = RegisterEntry(
                    "objects", part[3].id, name, part[3].section, {**part[3].data, "employees": 1}
                )
                hand[3] = (hand[3][0], name, hand[3][2], {**hand[3][3], "employees": 1})
            office_entries = [RegisterEntry(e.kind, e.id, e.name, e.section, e.data) for e in part]
            import_entries(application, "objects", office_entries, "p-1", source="bench")
            import_objects(connection, hand, "p-1", "bench", clock.now())
        connection.close()
        assert rows(copy) == rows(path)
