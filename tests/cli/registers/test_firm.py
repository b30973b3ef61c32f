"""``ssj firm``, ``ssj user sheet`` and ``ssj user hand-over`` on a deployment with made-up registers."""

from __future__ import annotations

from pathlib import Path

from command_fixtures import done, ssj

from engine.cli.people import inspector
from engine.cli.registers import firm


def test_a_firm_is_found_shown_renamed_and_found_by_its_old_name(home: Path, tmp_path: Path) -> None:
    code, name = done("register", "list", "objects", home=home).out.splitlines()[0].split("\t")[:2]
    assert done("firm", "search", name[:6], home=home).out
    ledger = tmp_path / "ledger.csv"
    ledger.write_text(
        f"台账编号,企业名称,统一社会信用代码,检查日期,检查结果\nL-1,{name},{code},2023-05-06,合格\n",
        encoding="utf-8",
    )
    assert "1" in done("register", "import", "visits", ledger, "--as", "registrar", home=home).out
    shown = done("firm", "show", code, home=home)
    assert "2023-05-06\t补录\tL-1\t合格" in shown.out
    changed = (
        "firm",
        "change",
        code,
        "--name",
        "示例改名有限公司",
        "--reason",
        "变更登记",
        "--as",
        "registrar",
    )
    assert done(*changed, "--dry-run", home=home).out.startswith(code)
    told = done(*changed, home=home)
    assert told.out == f"{code}\t示例改名有限公司\n"
    assert f"原为\t{code}\t{name}" in told.err
    # Somebody who still sees the old name is refused; whoever takes the change back is shown that it is no import.
    assert ssj(*changed, "--was", name, home=home).code == 1
    undone = done("register", "undo", "objects", "--dry-run", "--as", "registrar", home=home)
    assert f"不是导入，是企业变更（{code}）" in undone.out
    assert "企业变更" in done("register", "history", "objects", home=home).out
    assert code in done("firm", "search", name, home=home).out
    assert f"曾用\t{name}" in done("firm", "show", code, home=home).out
    assert done("firm", "show", code, "--json", home=home).json()["former"] == [name]
    assert ssj("firm", "show", "nobody", home=home).code == 1
    assert firm.group.commands.keys() == {"search", "show", "change"}


def test_a_sheet_and_nothing_to_hand_over(home: Path) -> None:
    shown = done("user", "sheet", "insp-01", home=home)
    assert "待办 0 件" in shown.out
    assert done("user", "sheet", "insp-01", "--json", home=home).json()["tasks"] == []
    words = ("user", "hand-over", "insp-01", "insp-02", "--reason", "调离", "--as", "leading")
    assert "共 0 件" in done(*words, home=home).err
    assert (
        ssj("user", "hand-over", "nobody", "insp-02", "--reason", "调离", "--as", "leading", home=home).code
        == 1
    )
    assert (inspector.sheet.name, inspector.hand_over.name) == ("sheet", "hand-over")
