"""Reading text tables: encodings, delimiters, headers, and every way a file can be unreadable."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.register.import_result import ImportResult, read_register

CODE = "1" + "0" * 16 + "Y"
HEAD = "统一社会信用代码,企业名称"


def read(
    tmp_path: Path, content: str | bytes, encoding: str | None = None, kind: str = "objects"
) -> ImportResult:
    path = tmp_path / "register.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_register(kind, path, encoding=encoding)


def faults(reading: ImportResult) -> str:
    return "\n".join(map(str, reading.faults))


def test_plain_file(tmp_path: Path) -> None:
    reading = read(tmp_path, f"{HEAD},法人,备注,颜色\n{CODE},示例甲公司,法定代表人01,x,红\n")
    assert reading.ok
    (entry,) = reading.importable()
    assert (entry.kind, entry.id, entry.name, entry.section) == ("objects", CODE, "示例甲公司", None)
    assert entry.data == {"legal_rep": "法定代表人01", "status": "active"}
    assert reading.ignored_columns == ("颜色",)
    assert reading.mapping[2] == ("法人", "legal_rep", "法定代表人")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings_that_are_plain_from_the_header(tmp_path: Path, encoding: str) -> None:
    reading = read(tmp_path, f"{HEAD}\n{CODE},示例甲公司\n".encode(encoding))
    assert [entry.name for entry in reading.importable()] == ["示例甲公司"]
    assert bool(reading.notes) is (encoding == "gb18030")


def test_gb18030_is_not_guessed_under_english_titles(tmp_path: Path) -> None:
    content = f"id,name\n{CODE},示例甲公司\n".encode("gb18030")
    reading = read(tmp_path, content)
    assert "请指明编码" in faults(reading)
    assert [fault.next and fault.next.name for fault in reading.faults] == ["name_encoding"]
    assert [e.name for e in read(tmp_path, content, "GBK").importable()] == ["示例甲公司"]


def test_declared_encoding_is_kept_to(tmp_path: Path) -> None:
    content = f"{HEAD}\n{CODE},示例甲公司\n".encode("gb18030")
    assert "第 1 行：此处不是 UTF-8 编码" in faults(read(tmp_path, content, "utf-8"))
    assert "不认识编码“latin-9”" in faults(read(tmp_path, content, "latin-9"))


def test_bytes_of_no_encoding(tmp_path: Path) -> None:
    content = f"{HEAD}\n{CODE},示例".encode() + b"\xff\xff\n"
    assert "第 2 行：此处不是 UTF-8 编码" in faults(read(tmp_path, content))


def test_utf16_is_explained(tmp_path: Path) -> None:
    assert "UTF-16" in faults(read(tmp_path, f"{HEAD}\n".encode("utf-16")))


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "，"])
def test_delimiters(tmp_path: Path, delimiter: str) -> None:
    text = f"{HEAD},电话\n{CODE},示例甲公司,000-20000000\n".replace(",", delimiter)
    assert read(tmp_path, text).importable()[0].data["phone"] == "000-20000000"


@pytest.mark.parametrize("content", ["", "\ufeff", " \n\n"])
def test_empty_file(tmp_path: Path, content: str) -> None:
    reading = read(tmp_path, content)
    assert "空的" in faults(reading)
    assert reading.importable(skip_bad=True) == ()


def test_header_alone(tmp_path: Path) -> None:
    assert "只有表头" in faults(read(tmp_path, HEAD + "\n"))


def test_missing_column_names_what_was_found_and_what_is_near(tmp_path: Path) -> None:
    text = faults(read(tmp_path, f"统一社会信用代码,企业名程\n{CODE},示例甲公司\n"))
    assert "缺少“企业名称”列；表头有：统一社会信用代码、企业名程" in text
    assert "“企业名程”是否就是“企业名称”" in text


def test_no_header_at_all(tmp_path: Path) -> None:
    assert "没有检查对象名录库的表头" in faults(read(tmp_path, f"{CODE},示例甲公司\n"))


def test_two_columns_of_one_meaning(tmp_path: Path) -> None:
    text = faults(read(tmp_path, f"{HEAD},单位名称\n{CODE},示例甲公司,示例乙公司\n"))
    assert "2 列都是“企业名称”：企业名称、单位名称" in text


def test_title_row_above_and_marks_in_the_header(tmp_path: Path) -> None:
    text = f"检查对象台账,,\n*统一社会信用代码,企业 名称：,职工人数(人)\n{CODE},示例甲公司,35\n"
    reading = read(tmp_path, text)
    assert reading.importable()[0].data["employees"] == 35


def test_a_row_longer_than_the_head_or_short_of_a_required_cell_is_a_bad_row(tmp_path: Path) -> None:
    other = "2" + "0" * 16 + "X"
    reading = read(tmp_path, f"{HEAD},住所\n{CODE},示例甲公司,一号,二楼\n\n{other}\n")
    shown = list(map(str, reading.problems))
    assert "第 2 行：本行有 4 格，表头只有 3 格" in shown[0]
    assert any("第 4 行：本行只有 1 格，表头有 3 格" in text for text in shown)
    assert reading.importable(skip_bad=True) == ()


def test_a_row_short_of_optional_cells_at_its_end_is_read_and_counted(tmp_path: Path) -> None:
    other = "2" + "0" * 16 + "X"
    reading = read(tmp_path, f"{HEAD},住所,联系人\n{CODE},示例甲公司,一号\n{other},示例乙公司\n")
    assert reading.ok
    assert [entry.data.get("address") for entry in reading.entries] == ["一号", None]
    assert "2 行末尾的空格没有写出，按空处理" in [str(note) for note in reading.notes]


def test_open_quote_is_a_fault_of_the_file(tmp_path: Path) -> None:
    text = faults(read(tmp_path, f'{HEAD}\n{CODE},"示例甲公司\n{CODE},示例乙公司\n'))
    assert "从文件第 2 行起" in text
    assert "引号" in text


def test_row_numbers_count_rows_not_lines(tmp_path: Path) -> None:
    text = f'{HEAD},经营范围\n{CODE},示例甲公司,"一\n二"\n坏,示例乙公司,三\n'
    reading = read(tmp_path, text)
    assert [problem.row for problem in reading.problems] == [3]
    assert reading.importable(skip_bad=True)[0].data["business_scope"] == "一\n二"


def test_file_that_is_not_there(tmp_path: Path) -> None:
    assert "打不开文件" in faults(read_register("objects", tmp_path / "none.csv"))


def test_numbered_blank_rows_are_blank(tmp_path: Path) -> None:
    reading = read(tmp_path, f"序号,{HEAD}\n1,{CODE},示例甲公司\n2,,\n,,\n")
    assert reading.ok
    assert reading.rows == 1


def test_unknown_kind_is_a_mistake_of_the_program(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        read_register("nothing", tmp_path / "none.csv")
