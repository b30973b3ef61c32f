"""Who signed what, on whose device; a byte that is changed afterwards loses the signature."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from command_fixtures import called, done

from engine.cli.records.case_sign import sign, signatures

AS = ("--as", "chief-office")


@pytest.fixture
def started(home: Path, tmp_path: Path) -> Path:
    (tmp_path / "start.yaml").write_text("kind: forms\nyear: 2024\n", encoding="utf-8")
    done("case", "start", "library", "--title", "表单库", "--form", "start.yaml", *AS, home=home)
    return home


def test_a_signature_is_listed_shown_packed_and_lost_with_the_record(started: Path, tmp_path: Path) -> None:
    made = called(sign, "library-1", "library_start", "--device", "办公室电脑", *AS, home=started)
    assert made.code == 0, made.err
    (row,) = called(signatures, "library-1", "--json", *AS, home=started).json()
    assert (row["person"], row["device"], row["by"], row["holds"]) == (
        "chief-office",
        "办公室电脑",
        "chief-office",
        True,
    )
    assert (
        "签名：chief-office 签 library_start（系统内确认，设备 办公室电脑）"
        in done("case", "show", "library-1", *AS, home=started).out
    )
    package = tmp_path / "a.zip"
    done("archive", "pack", "library-1", package, *AS, home=started)
    assert "library-1/data/signatures.json" in zipfile.ZipFile(package).namelist()
    assert done("archive", "verify", package).code == 0
    _change(started)
    assert "签名已失效" in done("case", "show", "library-1", *AS, home=started).out
    assert "已失效" in called(signatures, "library-1", *AS, home=started).out
    done("archive", "pack", "library-1", tmp_path / "b.zip", *AS, home=started)
    said = called(__import__("engine.cli.records.archive", fromlist=["verify"]).verify, tmp_path / "b.zip")
    assert (said.code, "签名不再有效" in said.out) == (1, True)


def _change(home: Path) -> None:
    """Change a byte of the answers that were signed, behind the back of the product."""
    import sqlite3

    (file,) = (home / "data").glob("*.db")
    with sqlite3.connect(file) as database:
        database.execute("UPDATE \"case\" SET body = replace(body, '2024', '2025') WHERE id = 'library-1'")


def test_what_cannot_be_signed_is_refused(started: Path) -> None:
    for words in (
        ("library-1", "none"),
        ("library-9", "library_start"),
        ("library-1", "library_start", "--signer", "leading"),
        ("library-1", "library_start", "--way", "scan"),
        ("library-1", "library_start", "--way", "seal"),
    ):
        assert called(sign, *words, *AS, home=started).code == 1
    assert called(signatures, "library-1", *AS, home=started).out == ""


def test_a_signature_takes_no_number_another_has_or_had(started: Path) -> None:
    import sqlite3

    def signed() -> str:
        return done("case", "sign", "library-1", "library_start", *AS, home=started).out.split("\t")[0]

    assert signed() == "library-1/S1"
    again = called(sign, "library-1", "library_start", *AS, home=started)
    assert again.code == 1
    assert "已签过现在的内容（library-1/S1），不重复登记" in again.err
    (file,) = (started / "data").glob("*.db")
    with sqlite3.connect(file) as database:
        database.execute("DELETE FROM signature WHERE id = 'library-1/S1'")
    # What was signed with the row that is gone holds no more: it is signed again.
    assert signed() == "library-1/S2"
