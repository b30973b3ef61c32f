"""Files nobody should hand in, through the real commands: one clear sentence each, exit code 1, nothing changed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from command_fixtures import done, ssj, state_of

from tests.hung_run import HUNG

GOOD = "统一社会信用代码,企业名称\n91990102MA3W55JQ6H,示例甲有限公司\n91990102MA3WFR6T21,示例乙有限公司\n"
SHEET = "number: 1\ntitle: 示例\n"
BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.fixture
def home(with_case: Path) -> Path:
    return with_case


@pytest.fixture(scope="session")
def before(made_with_case: Path) -> tuple[object, ...]:
    return state_of(made_with_case)


def refused(home: Path, before: tuple[object, ...], *words: object) -> str:
    """Run a command that must be refused, and must not have changed anything; returns what it said."""
    said = ssj(*words, home=home)
    assert said.code == 1, said.err
    assert said.out == ""
    assert "程序内部出错" not in said.err
    assert state_of(home) == before
    return said.err


def imported(file: Path) -> tuple[object, ...]:
    return ("register", "import", "objects", file, "--as", "registrar")


def advanced(file: Path) -> tuple[object, ...]:
    return ("task", "advance", "batch-1", "submit", "--as", "leading", "--form", file)


def calendar(file: Path) -> tuple[object, ...]:
    return ("calendar", "import", file, "--as", "leading", "--yes")


def written(tmp_path: Path, name: str, content: str | bytes) -> Path:
    file = tmp_path / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def checked(file: Path) -> str:
    """Return what `workflow check` says of a file it must refuse; its sentences are data, on standard output."""
    said = ssj("workflow", "check", file)
    assert said.code == 1
    return said.out


def test_an_empty_register_file(home: Path, before: tuple[object, ...], tmp_path: Path) -> None:
    said = refused(home, before, *imported(written(tmp_path, "objects.csv", "")))
    assert "objects.csv" in said
    assert "空" in said


def test_a_register_file_with_a_header_only(home: Path, before: tuple[object, ...], tmp_path: Path) -> None:
    said = refused(home, before, *imported(written(tmp_path, "objects.csv", "统一社会信用代码,企业名称\n")))
    assert "只有表头" in said


def test_an_empty_calendar(home: Path, before: tuple[object, ...], tmp_path: Path) -> None:
    said = refused(home, before, *calendar(written(tmp_path, "2027.yaml", "")))
    assert "2027.yaml" in said
    assert "没有导入" in said


def test_an_empty_definition(tmp_path: Path) -> None:
    assert "empty.yaml:1:1" in checked(written(tmp_path, "empty.yaml", ""))


def test_an_empty_answer_sheet(home: Path, before: tuple[object, ...], tmp_path: Path) -> None:
    said = refused(home, before, *advanced(written(tmp_path, "plan.yaml", "")))
    assert "plan.yaml" in said


@pytest.mark.parametrize("command", [advanced, calendar], ids=["answers", "calendar"])
def test_a_gbk_file_of_yaml(
    home: Path, before: tuple[object, ...], tmp_path: Path, command: Callable[[Path], tuple[object, ...]]
) -> None:
    file = written(tmp_path, "file.yaml", "名称: 示例区的一份文件\n年份: 2027\n".encode("gbk"))
    said = refused(home, before, *command(file))
    assert "file.yaml" in said
    assert "UTF-8" in said


def test_a_gbk_definition(tmp_path: Path) -> None:
    said = checked(written(tmp_path, "gbk.yaml", "workflow: x\ntitle: 示例流程\n".encode("gbk")))
    assert "gbk.yaml:" in said
    assert "UTF-8" in said


def test_a_gbk_register_is_read(home: Path, tmp_path: Path) -> None:
    said = done(*imported(written(tmp_path, "objects.csv", GOOD.encode("gbk"))), home=home)
    shown = done("register", "show", "objects", "91990102MA3WFR6T21", home=home)
    assert "示例乙有限公司" in shown.out
    assert said.out.startswith("新增")


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_byte_order_mark_is_accepted(home: Path, tmp_path: Path, ending: str) -> None:
    file = written(tmp_path, "objects.csv", b"\xef\xbb\xbf" + GOOD.replace("\n", ending).encode())
    assert done(*imported(file), home=home).out.startswith("新增")
    others = "春节: 2027-02-06, 清明: 2027-04-05, 劳动: 2027-05-01, 端午: 2027-06-09, 中秋: 2027-09-15, 国庆: 2027-10-01"
    year = f"year: 2027\nholidays: {{元旦: 2027-01-01..2027-01-03, {others}}}\n".replace("\n", ending)
    done(*calendar(written(tmp_path, "2027.yaml", b"\xef\xbb\xbf" + year.encode())), home=home)
    assert done("calendar", "due", "2026-12-31", "1", home=home).out == "2027-01-04\n"


@pytest.mark.parametrize("command", [advanced, calendar], ids=["answers", "calendar"])
def test_ten_megabytes_of_yaml(
    home: Path, before: tuple[object, ...], tmp_path: Path, command: Callable[[Path], tuple[object, ...]]
) -> None:
    file = written(tmp_path, "large.yaml", "number: 1\n" + "# 很长\n" * 1_200_000)
    assert file.stat().st_size > 10_000_000
    said = refused(home, before, *command(file))
    assert "large.yaml" in said
    assert "字节" in said


def test_a_definition_of_ten_megabytes(tmp_path: Path) -> None:
    assert "字节" in checked(written(tmp_path, "large.yaml", "workflow: x\n" + "# 很长\n" * 1_200_000))


@pytest.mark.parametrize("command", [advanced, calendar], ids=["answers", "calendar"])
def test_a_hundred_thousand_nested_brackets(
    home: Path, before: tuple[object, ...], tmp_path: Path, command: Callable[[Path], tuple[object, ...]]
) -> None:
    file = written(tmp_path, "deep.yaml", "a: " + "[" * 100_000 + "]" * 100_000)
    said = refused(home, before, *command(file))
    assert "deep.yaml" in said
    assert "层" in said


def test_a_hundred_thousand_brackets_of_json(home: Path, before: tuple[object, ...], tmp_path: Path) -> None:
    file = written(tmp_path, "2027.json", "[" * 100_000 + "]" * 100_000)
    assert "嵌套超过 10 层" in refused(home, before, *calendar(file))
    assert "answers.json" in refused(
        home, before, *advanced(written(tmp_path, "answers.json", "[" * 100_000))
    )


def test_a_deep_definition(tmp_path: Path) -> None:
    assert "层" in checked(written(tmp_path, "deep.yaml", "workflow: " + "[" * 100_000 + "]" * 100_000))


@pytest.mark.parametrize("command", [advanced, calendar], ids=["answers", "calendar"])
def test_an_alias_bomb(
    home: Path, before: tuple[object, ...], tmp_path: Path, command: Callable[[Path], tuple[object, ...]]
) -> None:
    said = refused(home, before, *command(written(tmp_path, "bomb.yaml", BOMB)))
    assert "bomb.yaml" in said
    assert "&a" in said or "锚" in said


def test_a_definition_that_is_an_alias_bomb(tmp_path: Path) -> None:
    said = checked(written(tmp_path, "bomb.yaml", BOMB))
    assert "bomb.yaml:1:" in said


@pytest.mark.parametrize("command", [advanced, calendar], ids=["answers", "calendar"])
def test_a_full_width_colon(
    home: Path, before: tuple[object, ...], tmp_path: Path, command: Callable[[Path], tuple[object, ...]]
) -> None:
    said = refused(home, before, *command(written(tmp_path, "wide.yaml", "number: 1\nyear：2027\n")))
    assert "wide.yaml" in said
    assert "全角" in said
    assert ":2:" in said or "第 2 行" in said


def test_a_full_width_colon_in_a_definition(tmp_path: Path) -> None:
    said = checked(written(tmp_path, "wide.yaml", "workflow: x\ntitle：示例\n"))
    assert "wide.yaml:2:6" in said


def test_settings_that_cannot_be_read(home: Path) -> None:
    (home / "settings.yaml").write_text("database： data/ssj.db\n", encoding="utf-8")
    said = ssj("task", "list", home=home)
    assert said.code == 3
    assert "settings.yaml" in said.err


def test_a_missing_column(home: Path, before: tuple[object, ...], tmp_path: Path) -> None:
    said = refused(home, before, *imported(written(tmp_path, "objects.csv", "企业名称,住所\n示例甲,一号\n")))
    assert "objects.csv" in said
    assert "统一社会信用代码" in said


def test_a_code_that_is_there_twice(home: Path, before: tuple[object, ...], tmp_path: Path) -> None:
    text = GOOD + "91990102MA3W55JQ6H,示例丙有限公司\n"
    said = refused(home, before, *imported(written(tmp_path, "objects.csv", text)))
    assert "第 2 行" in said
    assert "第 4 行" in said
    assert "重复" in said


def test_every_bad_row_is_told(home: Path, before: tuple[object, ...], tmp_path: Path) -> None:
    text = GOOD + "91990102MA3W55JQ6X,示例丙\n91990102MA3W7HPT2R,\n"
    said = refused(home, before, *imported(written(tmp_path, "objects.csv", text)))
    assert "第 4 行“统一社会信用代码”填的是“91990102MA3W55JQ6X”" in said
    assert "第 5 行“企业名称”是空的" in said
    assert "2 行有误，没有导入任何内容" in said


def test_an_excel_file_with_a_formula(home: Path, before: tuple[object, ...], tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["统一社会信用代码", "企业名称"])
    sheet.append(["91990102MA3W55JQ6H", "示例甲有限公司"])
    sheet.append(["91990102MA3WFR6T21", '=CONCATENATE("示例","乙")'])
    book.save(tmp_path / "objects.xlsx")
    said = refused(home, before, *imported(tmp_path / "objects.xlsx"))
    assert "第 3 行“企业名称”" in said
    assert "公式" in said
    assert "粘贴为数值" in said


def test_a_file_that_is_no_workbook(home: Path, before: tuple[object, ...], tmp_path: Path) -> None:
    said = refused(home, before, *imported(written(tmp_path, "objects.xlsx", b"PK\x03\x04 not really")))
    assert "objects.xlsx" in said


def test_a_file_that_is_not_there_is_wrong_usage(home: Path) -> None:
    for words in (imported(Path("absent.csv")), calendar(Path("absent.yaml")), advanced(Path("absent.yaml"))):
        assert ssj(*words, home=home).code == 2


def test_the_program_started_as_a_module_says_the_same(home: Path, tmp_path: Path) -> None:
    file = written(tmp_path, "2027.yaml", BOMB)
    found = subprocess.run(
        [
            sys.executable,
            "-X",
            "utf8",
            "-m",
            "engine",
            "--home",
            str(home),
            "calendar",
            "import",
            str(file),
            "--as",
            "leading",
            "--yes",
        ],
        capture_output=True,
        encoding="utf-8",
        timeout=HUNG,
        cwd=Path(__file__).parents[2],
    )
    assert found.returncode == 1
    assert found.stdout == ""
    assert "没有导入" in found.stderr


@pytest.mark.parametrize(
    "words", [("draw", "commit", "batch-1"), ("task", "advance", "batch-1", "commit_draw")]
)
def test_nobody_acts_without_saying_who(home: Path, words: tuple[str, ...]) -> None:
    said = ssj(*words, home=home)
    assert said.code == 1
    assert "--as" in said.err
