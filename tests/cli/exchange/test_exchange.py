"""``ssj exchange`` on a deployment with made-up registers."""

from __future__ import annotations

import hashlib
import io
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest
from command_fixtures import done, ssj

from engine.app.history.replay import history
from engine.cli.exchange import exchange, files, receiving
from engine.definition.resources import exchange_dir
from engine.deployment.home import find_home
from engine.deployment.open import open_deployment_store


def test_the_formats_are_listed_and_shown(home: Path) -> None:
    listed = done("exchange", "list", "--json", home=home).json()
    assert {one["id"]: one.get("rows") for one in listed}["objects"] > 0
    shown = done("exchange", "show", "xinyong_penalty", home=home)
    assert "CF_WSH\t行政处罚决定书文号\ttext\t是\tpapers.penalty_decision" in shown.out
    wrong = ssj("exchange", "show", "object", home=home)
    assert (wrong.code, "objects" in wrong.err) == (1, True)
    assert exchange.group.commands.keys() >= {"list", "show", "export", "check", "import", "fill", "new"}


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_a_register_goes_out_and_comes_back_equal(home: Path, tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"对象.{ending}"
    out = done("exchange", "export", "objects", file, "--as", "registrar", home=home)
    assert file.stat().st_size > 1000
    assert "行" in out.out
    checked = done("exchange", "check", "objects", file, home=home)
    assert "0 处有误，0 处与本局不同" in checked.err
    back = done("exchange", "import", "objects", file, "--as", "registrar", home=home)
    assert "新增 0 条，改动 0 条" in back.out
    # What stands there is left alone.
    assert ssj("exchange", "export", "objects", file, "--as", "registrar", home=home).code == 2


def test_each_malformed_row_is_named_and_nothing_is_taken(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "对象.csv"
    done("exchange", "export", "objects", file, "--as", "registrar", home=home)
    lines = file.read_text("utf-8-sig").splitlines()
    cells = lines[1].split(",")
    cells[13] = "很多"
    lines[1] = ",".join(cells)
    lines.append(lines[2])
    file.write_text("\n".join(lines), encoding="utf-8-sig")
    wrong = ssj("exchange", "import", "objects", file, "--as", "registrar", home=home)
    assert wrong.code == 1
    assert "第 2 行“职工人数”填的是“很多”" in wrong.err
    assert f"第 {len(lines)} 行：与第 3 行重复" in wrong.err
    said = ssj("exchange", "check", "objects", file, "--json", home=home)
    assert said.code == 1
    assert [one["row"] for one in said.json()["problems"]] == [2, len(lines)]


def test_no_empty_file_is_written(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "结果.xlsx"
    said = ssj("exchange", "export", "zhejiang_result", file, "--as", "leading", home=home)
    assert (said.code, file.exists()) == (1, False)
    assert "没有写文件" in said.err
    odd = ssj("exchange", "export", "objects", tmp_path / "对象.pdf", "--as", "leading", home=home)
    assert odd.code == 2


def test_a_superiors_workbook_is_filled_or_its_refused_person_listed(home: Path, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "户数 {{coverage.whole}}"
    book.save(tmp_path / "上级.xlsx")
    said = done("exchange", "fill", tmp_path / "上级.xlsx", tmp_path / "上报.xlsx", home=home)
    assert "填了 1 处" in said.out
    filled = openpyxl.load_workbook(io.BytesIO((tmp_path / "上报.xlsx").read_bytes())).active
    assert filled is not None
    assert str(filled["A1"].value).startswith("户数 ")
    sheet["A2"] = "{{coverag}}"
    book.save(tmp_path / "上级.xlsx")
    wrong = ssj("exchange", "fill", tmp_path / "上级.xlsx", tmp_path / "再报.xlsx", home=home)
    assert (wrong.code, (tmp_path / "再报.xlsx").exists()) == (1, False)
    assert "Sheet!A2：没有“coverag”" in wrong.err
    names = done("exchange", "fill", tmp_path / "上级.xlsx", tmp_path / "x.xlsx", "--names", home=home)
    assert "{{coverage}}\t" in names.out


def test_a_format_is_made_from_a_head_line(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "平台.csv"
    file.write_text("统一社会信用代码,企业名称,检查结果,受理单\n", encoding="gb18030")
    said = done("exchange", "new", "hebei", file, "--rows", "inspection", home=home)
    assert "4 列，认得 3 列" in said.out
    assert (home / "exchange" / "hebei.yaml").is_file()
    assert "受理单\ttext\t否\t由人手填" in done("exchange", "show", "hebei", home=home).out
    assert ssj("exchange", "new", "hebei", file, "--rows", "inspection", home=home).code == 1


def test_receipts_are_of_rows_that_can_have_one(home: Path) -> None:
    for name, code in (("objects", 1), ("year_measures", 1), ("zhejiang_result", 1)):
        words = ("exchange", "import", name, "--receipt", "x=1", "--as", "leading")
        assert ssj(*words, home=home).code == code
    assert ssj("exchange", "import", "objects", "--as", "leading", home=home).code == 2
    assert files.MAX_SHOWN > 0
    assert receiving.import_back.name == "import"


def test_tables_of_statistics_and_times_of_steps(home: Path) -> None:
    listed = done("report", "statistics", home=home)
    assert "inspections\t抽查检查\tsection,street,item,class,month" in listed.out
    table = done("report", "statistics", "inspections", "--by", "street", home=home)
    assert (table.out.splitlines()[-1].split("\t")[:2], "发现问题率" in table.err) == (["合计", "0"], True)
    assert done("report", "statistics", "inspections", "--json", home=home).json()[-1]["group"] == "*"
    assert ssj("report", "statistics", "inspections", "--by", "streets", home=home).code == 1
    assert "没有走完任何环节" in done("report", "times", "inspection", home=home).err


def test_what_is_hidden_in_a_file_is_asked_about(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "对象.xlsx"
    done("exchange", "export", "objects", file, "--as", "registrar", home=home)
    book = openpyxl.load_workbook(file)
    sheet = book.active
    assert sheet is not None
    sheet.row_dimensions[3].hidden = True
    sheet["B3"] = "改了名的企业"
    sheet.column_dimensions["E"].hidden = True
    book.save(file)
    said = "文件里有 1 行被隐藏或筛掉（第 3 行…），有隐藏的列：住所，表格软件里看不见"
    assert said in ssj("exchange", "check", "objects", file, home=home).err
    asked = ssj("exchange", "import", "objects", file, "--as", "registrar", home=home)
    assert (asked.code, said in asked.err) == (1, True)
    assert "--hidden leave-out" in asked.err
    left = ("exchange", "import", "objects", file, "--as", "registrar", "--hidden")
    # Without its hidden column an address stays as it is.
    out = done(*left, "leave-out", "--dry-run", home=home)
    assert "新增 0 条，改动 0 条" in out.out
    taken = done(*left, "include", "--dry-run", home=home)
    assert "新增 0 条，改动 1 条" in taken.out


def test_a_format_of_the_office_acts_once_it_is_published(home: Path, tmp_path: Path) -> None:
    """It says which column goes to a platform as what, and what a code of theirs means in our register."""
    shipped = (exchange_dir() / "objects.yaml").read_text("utf-8")
    own = home / "exchange" / "objects.yaml"
    own.parent.mkdir(exist_ok=True)
    own.write_text(shipped, encoding="utf-8")
    # A copy that is left as it is acts as the one that comes with the product.
    done("exchange", "export", "objects", tmp_path / "a.xlsx", "--as", "registrar", home=home)
    own.write_text(f"{shipped}# 改\n", encoding="utf-8")
    file = tmp_path / "b.xlsx"
    alone = ssj("exchange", "export", "objects", file, "--as", "registrar", home=home)
    assert (alone.code, "没有发布" in alone.err, file.exists()) == (1, True, False)
    back = ssj("exchange", "import", "objects", tmp_path / "a.xlsx", "--as", "registrar", home=home)
    assert (back.code, "没有发布" in back.err) == (1, True)
    assert (
        "仅试算"
        in done("exchange", "export", "objects", file, "--as", "registrar", "--dry-run", home=home).err
    )
    assert "exchange/objects.yaml" in ssj("doctor", "--as", "leading", home=home).out
    done("workflow", "publish", "--as", "leading", home=home)
    done("exchange", "export", "objects", file, "--as", "registrar", home=home)
    done("exchange", "import", "objects", file, "--as", "registrar", home=home)
    with closing(open_deployment_store(find_home(str(home)))) as store, store.read() as transaction:
        (first, last) = list(history(transaction, "exchange:objects"))
    assert ("format_sha256" in first.body, last.body["format_sha256"]) == (
        False,
        hashlib.sha256(own.read_bytes()).hexdigest(),
    )
