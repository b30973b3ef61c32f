"""A file is kept with a case, told by its content, and found again in every place that should have it."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pytest
from command_fixtures import done, ssj

PDF = b"%PDF-1.7\nscan\n"
DIGEST = hashlib.sha256(PDF).hexdigest()


@pytest.fixture
def kept(home: Path, tmp_path: Path) -> Path:
    done("case", "start", "batch", "--title", "示例期", "--as", "leading", home=home)
    scan = tmp_path / "回证.pdf"
    scan.write_bytes(PDF)
    said = done("case", "attach", "batch-1", scan, "--title", "送达回证", "--as", "leading", home=home)
    assert said.out == f"batch-1/F1\tpdf\t{len(PDF)}\t{DIGEST}\n"
    return home


def test_a_file_is_listed_shown_packed_and_verified(kept: Path, tmp_path: Path) -> None:
    (row,) = done("case", "files", "batch-1", "--json", "--as", "leading", home=kept).json()
    assert (row["title"], row["name"], row["by"], row["size"]) == (
        "送达回证",
        "回证.pdf",
        "leading",
        len(PDF),
    )
    assert "附件：batch-1/F1 送达回证" in done("case", "show", "batch-1", home=kept).out
    package = tmp_path / "batch.zip"
    done("archive", "pack", "batch-1", package, home=kept)
    with zipfile.ZipFile(package) as packed:
        assert packed.read(f"batch-1/data/evidence/{hashlib.sha256(PDF).hexdigest()}.pdf") == PDF
    assert done("archive", "verify", package, home=kept).code == 0
    out = tmp_path / "out.pdf"
    done("case", "save-file", "batch-1/F1", out, home=kept)
    assert out.read_bytes() == PDF
    done("audit", "verify", home=kept)
    backup = tmp_path / "backup.zip"
    done("backup", backup, "--as", "leading", home=kept)
    with zipfile.ZipFile(backup) as packed:
        assert packed.read(f"home/files/{DIGEST[:2]}/{DIGEST}") == PDF


def test_a_file_that_was_changed_or_is_gone_is_found(kept: Path) -> None:
    file = kept / "files" / DIGEST[:2] / DIGEST
    file.write_bytes(b"%PDF-1.7\nother\n")
    said = ssj("audit", "verify", "batch-1", home=kept)
    assert (said.code, "与存入时不同" in said.out) == (1, True)
    assert ssj("archive", "pack", "batch-1", kept / "x.zip", home=kept).code == 1
    file.unlink()
    said = ssj("audit", "verify", home=kept)
    assert (said.code, "不在了" in said.out) == (1, True)
    assert ssj("case", "save-file", "batch-1/F1", kept / "x.pdf", home=kept).code == 1


def test_what_is_not_kept_is_refused(kept: Path, tmp_path: Path) -> None:
    for name, content, said in (
        ("a.pdf", b"MZ\x90\x00", "不能存入"),
        ("a.jpg", PDF, "与文件名不符"),
    ):
        file = tmp_path / name
        file.write_bytes(content)
        refused = ssj("case", "attach", "batch-1", file, "--as", "leading", home=kept)
        assert refused.code == 1
        assert said in refused.err
    missing = ssj("case", "attach", "batch-9", tmp_path / "a.pdf", "--as", "leading", home=kept)
    assert missing.code == 1
    assert len(done("case", "files", "batch-1", "--json", home=kept).json()) == 1
