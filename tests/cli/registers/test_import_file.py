"""``ssj register import``: all of a file or nothing of it."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from command_fixtures import called

from engine.cli.exits import CommandError
from engine.cli.registers.import_file import import_file, profile_of
from engine.cli.registers.register import group
from engine.register.profile import built_in

KEEPER = ("--as", "registrar")
FIRST, SECOND = "91990102MAKN88CKX2", "91990102MAKN8GL211"
HEAD = "统一社会信用代码,企业名称,住所,信用风险等级"
GOOD = f"{HEAD}\n{FIRST},示例甲有限公司,甲路1号,A\n{SECOND},示例乙有限公司,乙路2号,B\n"
BAD = f"{HEAD}\n{FIRST},示例甲有限公司,甲路1号,A\n123,示例丙有限公司,丙路3号,C\n"


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "objects.csv"
    file.write_text(text, encoding="utf-8")
    return file


def known(home: Path, entry_id: str) -> bool:
    return called(group, "show", "objects", entry_id, home=home).code == 0


def test_it_is_tried_shown_and_imported_once(home: Path, tmp_path: Path) -> None:
    file = written(tmp_path, GOOD)
    shown = called(import_file, "objects", file, *KEEPER, "--preview", home=home)
    assert "列的对应：" in shown.out
    assert f"  {FIRST}\t示例甲有限公司" in shown.out
    dry = called(import_file, "objects", file, *KEEPER, "--dry-run", "--json", home=home).json()
    assert dry["kind"] == "objects"
    assert not known(home, FIRST)
    words = ("objects", file, *KEEPER, "--request-id", "r")
    assert called(import_file, *words, home=home).out.startswith("新增 2")
    assert (known(home, FIRST), known(home, SECOND)) == (True, True)
    assert "未重复办理" in called(import_file, *words, home=home).err


def test_one_bad_row_keeps_everything_out_unless_it_is_skipped(home: Path, tmp_path: Path) -> None:
    file = written(tmp_path, BAD)
    refused = called(import_file, "objects", file, *KEEPER, home=home)
    assert (refused.code, "共 2 行，1 行有误，没有导入任何内容" in refused.err) == (1, True)
    told = called(import_file, "objects", file, *KEEPER, "--json", home=home).json()
    assert told["imported"] is False
    assert not known(home, FIRST)
    both = called(import_file, "objects", file, *KEEPER, "--skip-bad", "--remove-missing", home=home)
    assert (both.code, "不能同用" in both.err) == (1, True)
    skipped = tmp_path / "skipped.csv"
    words = ("objects", file, *KEEPER, "--skip-bad", "--skipped", skipped)
    assert called(import_file, *words, home=home).code == 0
    assert known(home, FIRST)
    assert "示例丙有限公司" in skipped.read_text("utf-8-sig")
    assert called(import_file, *words, home=home).code == 2


def test_who_may_not_imports_nothing(home: Path, tmp_path: Path) -> None:
    file = written(tmp_path, GOOD)
    assert called(import_file, "objects", file, "--as", "insp-01", home=home).code == 1
    asked = called(import_file, "objects", file, *KEEPER, "--remove-missing", home=home)
    assert (asked.code, "无人可问" in asked.err) == (2, True)
    assert not known(home, FIRST)


def test_which_profile_reads_a_file(home: Path, tmp_path: Path) -> None:
    context = click.Context(import_file, obj=str(home))
    assert profile_of(context, "objects", None) == built_in("objects")
    own = home / "profiles"
    own.mkdir(exist_ok=True)
    text = "register: objects\ntitle: 本市登记库\nheaders: {单位: name}\n"
    (own / "objects.yaml").write_text(text, encoding="utf-8")
    assert profile_of(context, "objects", None).title == "本市登记库"
    given = tmp_path / "given.yaml"
    given.write_text(text.replace("本市", "另一"), encoding="utf-8")
    assert profile_of(context, "objects", given).title == "另一登记库"
    given.write_text("register: nothing\n", encoding="utf-8")
    with pytest.raises(CommandError) as wrong:
        profile_of(context, "objects", given)
    assert wrong.value.code == 1


ODD = "91990102MAKN88CKX3"
UNUSUAL = f"{HEAD}\n{ODD},示例甲有限公司,甲路1号,A\n"


def test_an_unusual_value_is_offered_confirmed_and_not_asked_again(home: Path, tmp_path: Path) -> None:
    file = written(tmp_path, UNUSUAL)
    refused = called(import_file, "objects", file, *KEEPER, home=home)
    assert refused.code == 1
    offered = f"{ODD}/统一社会信用代码={ODD}"
    assert f"  --confirm '{offered}'" in refused.err
    assert not known(home, ODD)
    confirm = ("--confirm", offered, "--reason", "与执照一致")
    shown = called(import_file, "objects", file, *KEEPER, *confirm, "--preview", home=home)
    assert "现予确认（统一社会信用代码的校验码）" in shown.err
    assert called(import_file, "objects", file, *KEEPER, *confirm, home=home).code == 0
    again = called(import_file, "objects", file, *KEEPER, "--preview", home=home)
    assert again.code == 0
    assert "已由 registrar 确认" in again.err
    plain = called(group, "history", "objects", ODD, *KEEPER, home=home)
    assert "与执照一致" in plain.out


def test_confirmations_in_a_file_and_wrong_options(home: Path, tmp_path: Path) -> None:
    file = written(tmp_path, UNUSUAL)
    listed = tmp_path / "confirmed.csv"
    listed.write_text(f"编号,列,值,理由\n{ODD},id,{ODD},与执照一致\n", encoding="utf-8")
    assert called(import_file, "objects", file, *KEEPER, "--confirmations", listed, home=home).code == 0
    assert known(home, ODD)
    for wrong in (
        ("--confirm", "x"),
        ("--confirm", "a/b=c"),
        ("--reason", "x"),
        ("--confirm", "a=b", "--reason", "x"),
    ):
        assert called(import_file, "objects", file, *KEEPER, *wrong, home=home).code == 2
    listed.write_text("编号,列\n1,2\n", encoding="utf-8")
    assert called(import_file, "objects", file, *KEEPER, "--confirmations", listed, home=home).code == 1


def test_hidden_rows_are_counted_and_asked_about(home: Path, tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for line in GOOD.splitlines():
        book.active.append(line.split(","))
    book.active.row_dimensions[3].hidden = True
    file = tmp_path / "filtered.xlsx"
    book.save(file)
    refused = called(import_file, "objects", file, *KEEPER, home=home)
    assert refused.code == 1
    assert "文件里有 1 行被隐藏或筛掉" in refused.err
    assert "--hidden include" in refused.err
    shown = called(import_file, "objects", file, *KEEPER, "--preview", home=home)
    assert (shown.code, "文件里有 1 行被隐藏或筛掉" in shown.err) == (0, True)
    assert called(import_file, "objects", file, *KEEPER, "--hidden", "leave-out", home=home).code == 0
    assert (known(home, FIRST), known(home, SECOND)) == (True, False)
    assert called(import_file, "objects", file, *KEEPER, "--hidden", "include", home=home).code == 0
    assert known(home, SECOND)
    history = called(group, "history", "objects", *KEEPER, home=home).out
    assert "不含隐藏的行列" in history
    assert "含隐藏的行列" in history.splitlines()[-1]
