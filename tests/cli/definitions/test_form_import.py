"""``ssj form import``: what it writes, what it says, and how it ends."""

from __future__ import annotations

import io
import json
from pathlib import Path

from command_fixtures import ssj
from openpyxl import Workbook


def book(path: Path, *rows: list[str]) -> Path:
    made = Workbook()
    assert made.active is not None
    made.active.title = "survey"
    for row in (["type", "name", "label", "relevant"], *rows):
        made.active.append(row)
    out = io.BytesIO()
    made.save(out)
    path.write_bytes(out.getvalue())
    return path


def test_a_whole_workbook_goes_to_standard_output_or_a_new_file(tmp_path: Path) -> None:
    file = book(tmp_path / "visit.xlsx", ["text", "a", "甲", ""], ["integer", "b", "乙", "${a} = 'x'"])
    ran = ssj("form", "import", str(file))
    assert ran.code == 0
    assert ran.out.startswith("# 由 XLSForm 工作簿导入\nform: visit\n")
    out = tmp_path / "visit.yaml"
    assert ssj("form", "import", str(file), "--out", str(out)).code == 0
    assert out.read_text(encoding="utf-8") == ran.out
    assert ssj("form", "import", str(file), "--out", str(out)).code == 2
    assert ssj("form", "check", str(out)).code == 0


def test_what_is_left_out_is_named_and_ends_with_one(tmp_path: Path) -> None:
    file = book(tmp_path / "visit.xlsx", ["text", "a", "甲", "regex(${a}, 'x')"])
    ran = ssj("form", "import", str(file), "--form", "other", "--format", "json")
    assert ran.code == 1
    assert "form: other" in ran.out
    (problem,) = json.loads(ran.err)
    assert (problem["sheet"], problem["row"], problem["column"]) == ("survey", 2, "D")
    text = ssj("form", "import", str(file))
    assert "visit.xlsx[survey]D2: 工作表“survey”第 2 行“relevant”列：" in text.err


def test_wrong_usage_and_files_that_are_none(tmp_path: Path) -> None:
    assert ssj("form", "import", str(tmp_path / "none.xlsx")).code == 2
    (tmp_path / "f.xlsx").write_bytes(b"PK")
    assert ssj("form", "import", str(tmp_path / "f.xlsx")).code == 1
    assert ssj("form", "import", str(tmp_path / "f.xlsx"), "--form", "A B").code == 2
