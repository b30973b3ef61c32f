"""``ssj user password`` and ``token``: proofs are given, listed, taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_fixtures import called

from engine.cli.people.user_access import password, token

ME = ("--as", "insp-01")


def test_a_token_is_shown_once_listed_and_revoked(home: Path) -> None:
    made = called(
        token, "create", "insp-01", "--label", "计划任务", "--days", "7", "--request-id", "r", *ME, home=home
    )
    text = made.out.strip()
    assert (made.code, len(text) > 30) == (0, True)
    again = called(
        token, "create", "insp-01", "--label", "计划任务", "--days", "7", "--request-id", "r", *ME, home=home
    )
    assert (again.out, "未重复办理" in again.err) == ("", True)
    (row,) = called(token, "list", "--person", "insp-01", *ME, "--json", home=home).json()
    assert (row["person"], row["label"], row["good"], row["revoked_at"]) == (
        "insp-01",
        "计划任务",
        True,
        None,
    )
    assert text not in str(row)
    assert called(token, "list", *ME, home=home).out.split("\t")[4] == "有效\n"
    assert called(token, "revoke", row["id"], "--as", "insp-02", home=home).code == 1
    assert called(token, "revoke", row["id"], *ME, home=home).err == f"令牌“{row['id']}”已撤销。\n"
    assert called(token, "revoke", row["id"], *ME, home=home).err == f"令牌“{row['id']}”早已撤销。\n"
    assert called(token, "list", *ME, home=home).out.split("\t")[4] == "已撤销\n"


def test_tokens_that_are_refused(home: Path) -> None:
    assert called(token, "create", "insp-01", "--days", "9999", *ME, home=home).code == 2
    assert called(token, "create", "insp-01", "--days", "0", *ME, home=home).code == 2
    assert called(token, "create", "insp-02", *ME, home=home).code == 1
    assert called(token, "revoke", "absent", *ME, home=home).code == 1


def test_a_password_comes_from_a_file_nobody_else_reads(home: Path, tmp_path: Path) -> None:
    pytest.importorskip("argon2")
    file = tmp_path / "secret"
    file.write_text("a long enough one 42\n", encoding="utf-8")
    file.chmod(0o644)
    assert called(password, "insp-01", "--file", file, *ME, home=home).code == 3
    file.chmod(0o600)
    assert called(password, "insp-01", "--file", file, "--as", "insp-02", home=home).code == 1
    said = called(password, "insp-01", "--file", file, *ME, home=home)
    assert (said.code, said.err) == (0, "“insp-01”的口令已设置。\n")
    nobody = called(password, "insp-01", *ME, home=home)
    assert (nobody.code, "无人可问口令" in nobody.err) == (1, True)
