"""The bytes of a kept file of a case cannot be changed or removed without every face saying so, and of which file.

Three kinds of file are covered by a signature: a photo the signed answers name, the picture of a signature, a scanned page of
one. A fourth is evidence nobody has signed: no signature is lost with it, and the file of the case is not whole.
"""

from __future__ import annotations

import shutil
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from command_fixtures import done, ssj
from page_visits import text_of, visit_of

from engine.app.queries.papers.archive import read_archive
from engine.deployment.home import find_home
from engine.deployment.jobs.packing import kept_files
from engine.deployment.open import open_application
from engine.documents.archive import write_package
from engine.documents.package.contents import package_of
from engine.kernel.refusal import Refusal
from engine.web.pages import cases
from engine.web.workbench import Workbench

WHO = "leading"
AS = ("--as", WHO)
FORM = """\
form: proof
title: 照片表
fields:
  - note: {title: 说明, text}
  - shot: {title: 照片, photo}
"""
FLOW = """\
workflow: proof
title: 取证
about: none
start: {by: leading_office}
states:
  there:
    title: 在填
    for: leading_office
    no deadline: 示例
    steps:
      fill: {title: 填表, to: filled, form: proof}
  filled:
    title: 已填
    for: leading_office
    no deadline: 示例
    steps:
      file_away: {title: 归档, to: done, then: [{archive: case}]}
      finish: {title: 不归档了, to: over}
  done: {title: 已归档, final}
  over: {title: 完, final}
"""
#: Without a step that files the case: to end it is the last time anybody asks.
LOOSE = FLOW.replace("workflow: proof", "workflow: loose").replace(", then: [{archive: case}]", "")
#: The number of the kept file -> whose signatures are lost with it.
KINDS = {"F1": {"S1", "S2", "S3"}, "F2": {"S2"}, "F3": {"S3"}, "F4": set()}
DAMAGES = ("changed", "removed")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("changed")
    home = place / "bureau"
    done("init", home, "--sample")
    (home / "forms" / "proof.yaml").write_text(FORM, encoding="utf-8")
    for name, text in (("proof", FLOW), ("loose", LOOSE)):
        (home / "workflows" / f"{name}.yaml").write_text(text, encoding="utf-8")
        done("workflow", "publish", name, *AS, home=home)
        begun(home, place, name)
    return home


def begun(home: Path, place: Path, workflow: str) -> None:
    """Start a case with four files and three signatures on its form."""
    case = f"{workflow}-1"
    done("case", "start", workflow, "--title", "示例", *AS, home=home)
    for number in range(1, 5):
        scan = place / f"{number}.png"
        scan.write_bytes(picture_of(number if workflow == "proof" else number + 4))
        done("case", "attach", case, scan, "--title", f"附件{number}", *AS, home=home)
    answers = place / "answers.yaml"
    answers.write_text("note: 甲\nshot: F1\n", encoding="utf-8")
    done("task", "advance", case, "fill", "--form", answers, *AS, home=home)
    done("case", "sign", case, "proof", *AS, home=home)
    for way, file in (("pad", "F2"), ("scan", "F3")):
        picture = ("--way", way, "--picture", f"{case}/{file}", "--signer", f"企业代表{file}")
        done("case", "sign", case, "proof", *picture, *AS, home=home)


def picture_of(shade: int) -> bytes:
    """Return a picture of one grey point."""
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(bytes([0, shade]))),
        (b"IEND", b""),
    ]
    made = b"\x89PNG\r\n\x1a\n"
    for name, body in parts:
        made += struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
    return made


@contextmanager
def damaged(home: Path, case: str, file: str, how: str) -> Iterator[None]:
    """Change or remove the bytes of a kept file, and put them back."""
    with closing(sqlite3.connect(home / "data" / "ssj.db")) as database:
        rows = database.execute("SELECT sha256 FROM kept_file WHERE id = ?", (f"{case}/{file}",)).fetchall()
    digest = str(rows[0][0])
    path = home / "files" / digest[:2] / digest
    content = path.read_bytes()
    if how == "removed":
        path.unlink()
    else:
        path.write_bytes(content + b"x")
    try:
        yield
    finally:
        path.write_bytes(content)


def page_of(home: Path, case: str) -> str:
    """Return the page of a case as the workbench shows it."""
    application = open_application(find_home(str(home)))
    try:
        bench = Workbench(application, Path("/nonexistent"), ZoneInfo("Asia/Shanghai"))
        desk: Any = SimpleNamespace(bureau=SimpleNamespace(application=application), bench=bench)
        return text_of(cases.show(visit_of(desk, person=WHO, case=case)))
    finally:
        application.store.close()


@pytest.mark.parametrize("how", DAMAGES)
@pytest.mark.parametrize("file", KINDS)
@pytest.mark.parametrize("workflow", ["proof", "loose"])
def test_every_face_names_the_file_and_no_signature_on_it_holds(
    home: Path, tmp_path: Path, workflow: str, file: str, how: str
) -> None:
    case, lost = f"{workflow}-1", KINDS[file]
    said = f"附件“{case}/{file}”" + ("的内容与存入时不同" if how == "changed" else "不在了，或读不出来")
    with damaged(home, case, file, how):
        rows = done("case", "signatures", case, "--json", *AS, home=home).json()
        assert {one["id"].rpartition("/")[2] for one in rows if not one["holds"]} == lost
        assert all(said in one["remark"] for one in rows if not one["holds"])
        faces = {
            "case show": done("case", "show", case, *AS, home=home).out,
            "task show": done("task", "show", case, *AS, home=home).out,
            "page": page_of(home, case),
        }
        for face, text in faces.items():
            assert text.count(f"已失效：{said}") == len(lost), (face, text)
        check = ssj("archive", "check", case, *AS, home=home)
        assert (check.code, said in check.out) == (1, True)
        pack = ssj("archive", "pack", case, tmp_path / "x.zip", *AS, home=home)
        assert (pack.code, said in pack.err) == (1, True)
        step = ssj("task", "advance", case, "file_away" if workflow == "proof" else "finish", *AS, home=home)
        assert (step.code, said in step.err) == (1, True), step
    whole = ssj("archive", "check", case, *AS, home=home)
    assert whole.code == 0, whole.out


def test_a_package_made_of_what_was_signed_before_says_whose_signature_is_lost(
    home: Path, tmp_path: Path
) -> None:
    """The bytes were read before they were changed; what is said of the signatures came after."""
    opened = find_home(str(home))
    application = open_application(opened)
    try:
        found = read_archive(application, WHO, "proof-1")
        assert not isinstance(found, Refusal)
        kept = kept_files(opened, found)
        with damaged(home, "proof-1", "F1", "changed"):
            later = read_archive(application, WHO, "proof-1")
        assert not isinstance(later, Refusal)
    finally:
        application.store.close()
    write_package(package_of(found, kept), tmp_path / "whole.zip")
    assert done("archive", "verify", tmp_path / "whole.zip").code == 0
    write_package(package_of(later, kept), tmp_path / "lost.zip")
    said = ssj("archive", "verify", tmp_path / "lost.zip")
    assert (said.code, said.out.count("签名不再有效")) == (1, 3)


def test_bytes_changed_in_a_package_are_named(home: Path, tmp_path: Path) -> None:
    whole, other = tmp_path / "whole.zip", tmp_path / "other.zip"
    done("archive", "pack", "proof-1", whole, *AS, home=home)
    with zipfile.ZipFile(whole) as read:
        evidence = [name for name in read.namelist() if "/data/evidence/" in name]
    assert len(evidence) == 4
    for name in evidence:
        for how in DAMAGES:
            with zipfile.ZipFile(whole) as read, zipfile.ZipFile(other, "w") as written:
                for entry in read.infolist():
                    content = read.read(entry)
                    if entry.filename != name:
                        written.writestr(entry, content)
                    elif how == "changed":
                        written.writestr(entry, content + b"x")
            said = ssj("archive", "verify", other)
            assert (said.code, name.partition("/")[2] in said.out) == (1, True)


def test_the_file_is_filed_once_everything_is_as_it_was(home: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(home, tmp_path / "bureau")
    for case, step in (("proof-1", "file_away"), ("loose-1", "finish")):
        assert ssj("task", "advance", case, step, *AS, home=copy).code == 0
