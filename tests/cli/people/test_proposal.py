"""``ssj proposal`` and ``ssj user administrators``: one proposes, another confirms, the first does it."""

from __future__ import annotations

from pathlib import Path

from command_fixtures import called, done, ssj

from engine.cli.people.proposal import administrators, group


def test_a_token_of_another_goes_through_two(home: Path) -> None:
    assert "没有指定管理员" in called(administrators, "--as", "leading", home=home).err
    assert called(administrators, "leading", "registrar", "--as", "leading", home=home).code == 0
    assert called(administrators, "--as", "insp-01", home=home).out == "leading\nregistrar\n"
    asked = ("user", "token", "create", "insp-01", "--scope", "read", "--as", "leading")
    said = ssj(*asked, home=home)
    assert said.code == 1
    assert "尚未办理：已提请（proposal-2），待[insp-01、registrar]确认" in said.err.replace("“", "").replace(
        "”", ""
    ) or ("尚未办理：已提请（proposal-2）" in said.err)
    assert said.out == ""
    (row,) = called(group, "list", "--as", "insp-01", "--json", home=home).json()
    assert (row["id"], row["status"], row["by"]) == ("proposal-2", "open", "leading")
    assert "待确认" in called(group, "list", "--as", "insp-01", home=home).out
    assert called(group, "confirm", "proposal-2", "--as", "leading", home=home).code == 1
    assert called(group, "confirm", "proposal-2", "--as", "registrar", home=home).code == 0
    assert done(*asked, home=home).out.startswith("ssj_")
    shown = called(group, "show", "proposal-2", "--as", "registrar", home=home)
    assert "decided_by\tregistrar" in shown.out
    assert "已办理" in shown.err
    everything = called(group, "list", "--all", "--as", "registrar", home=home).out
    assert "单人办理" in everything
    assert "proposal-2" in done("inbox", "list", "--as", "insp-01", home=home).out


def test_what_is_rejected_or_withdrawn_is_not_done(home: Path) -> None:
    done("user", "administrators", "leading", "registrar", "--as", "leading", home=home)
    asked = ("user", "token", "create", "insp-01", "--as", "leading")
    assert ssj(*asked, home=home).code == 1
    assert called(group, "reject", "proposal-2", "--reason", "不需要", "--as", "insp-01", home=home).code == 0
    assert ssj(*asked, home=home).code == 1
    assert called(group, "withdraw", "proposal-3", "--as", "leading", home=home).code == 0
    assert (
        called(group, "show", "proposal-3", "--json", "--as", "leading", home=home).json()["status"]
        == "withdrawn"
    )
    assert done("user", "token", "list", "--as", "leading", home=home).out == ""
