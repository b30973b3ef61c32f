"""The program in every package: whichever byte is changed, it names the file; it needs nothing of the product."""

from __future__ import annotations

import io
import os
import runpy
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from document_factories import AT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from package_factories import bytes_of, case_file

from engine.app.history.case_records import publication_digest
from engine.app.ports.case_file import CaseFile
from engine.app.ports.papers import KeptFile
from engine.app.ports.signatures import SigningWay
from engine.documents.archive import package_bytes
from engine.documents.archive_verification import package_notes, verify_package
from engine.documents.package import verify
from engine.documents.package.bag import PROGRAM
from engine.documents.package.contents import package_of
from engine.documents.package.recomputed import Problem
from engine.language import say
from engine.lifecycle.chain import Event, follow
from tests.examples import examples

FILES = package_of(case_file(), bytes_of(case_file()))
WHOLE = package_bytes(FILES)
BASE = "inspection-17/"


def places() -> list[tuple[int, int, str]]:
    """Return (first byte, one after the last, name) of the content of every file of the package."""
    with zipfile.ZipFile(io.BytesIO(WHOLE)) as package:
        found = []
        for entry in package.infolist():
            start = entry.header_offset + 30 + len(entry.filename.encode())
            found.append((start, start + entry.file_size, entry.filename.removeprefix(BASE)))
        return found


def said(content: bytes, folder: Path) -> list[Problem]:
    path = folder / "p.zip"
    path.write_bytes(content)
    return verify.problems(path)


def names(problems: list[Problem]) -> set[str]:
    return {str(values["name"]) for _, values in problems if "name" in values}


def test_a_whole_package_is_whole_packed_and_unpacked(tmp_path: Path) -> None:
    assert said(WHOLE, tmp_path) == []
    assert verify_package(tmp_path / "p.zip") == []
    with zipfile.ZipFile(tmp_path / "p.zip") as package:
        package.extractall(tmp_path / "out")
    assert verify.problems(tmp_path / "out" / BASE) == []


@settings(
    max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_changed_byte_of_a_file_names_that_file(data: st.DataObject, tmp_path: Path) -> None:
    start, end, name = data.draw(st.sampled_from([one for one in places() if one[1] > one[0]]))
    content = bytearray(WHOLE)
    content[data.draw(st.integers(start, end - 1))] ^= data.draw(st.integers(1, 255))
    assert name in names(said(bytes(content), tmp_path))
    assert verify_package(tmp_path / "p.zip")


@settings(
    max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(place=st.integers(0, len(WHOLE) - 1), flip=st.integers(1, 255))
def test_any_changed_byte_of_the_zip_is_told(place: int, flip: int, tmp_path: Path) -> None:
    content = bytearray(WHOLE)
    content[place] ^= flip
    assert said(bytes(content), tmp_path)


@settings(
    max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_changed_byte_of_the_unpacked_folder_names_its_file(data: st.DataObject, tmp_path: Path) -> None:
    name = data.draw(st.sampled_from(sorted(name for name, content in FILES.items() if content)))
    changed = bytearray(FILES[name])
    changed[data.draw(st.integers(0, len(changed) - 1))] ^= data.draw(st.integers(1, 255))
    inside = {key.removeprefix(BASE): value for key, value in {**FILES, name: bytes(changed)}.items()}
    found = verify.check(Held(inside))
    assert names(found) >= {name.removeprefix(BASE)} or found[0][0] == "no-bag"
    if name.endswith(("manifest-sha256.txt", "manifest-sha512.txt")) or not name.startswith(f"{BASE}data/"):
        assert {key for key in names(found) if not key.startswith("data/")} == {name.removeprefix(BASE)}


class Held:
    """Files in memory."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files

    def names(self) -> list[str]:
        """Return the names."""
        return sorted(self.files)

    def pieces(self, name: str):
        """Yield a file."""
        yield self.files[name]


@pytest.mark.parametrize(
    ("change", "code", "name"),
    [
        (lambda files: files.pop(f"{BASE}data/answers.json"), "missing", "data/answers.json"),
        (lambda files: files.__setitem__(f"{BASE}data/new.txt", b"x"), "added", "data/new.txt"),
        (lambda files: files.__setitem__(f"{BASE}more.txt", b"x"), "added", "more.txt"),
        (lambda files: files.__setitem__("outside.txt", b"x"), "added", "outside.txt"),
        (lambda files: files.pop(f"{BASE}verify.py"), "missing", "verify.py"),
        (lambda files: files.pop(f"{BASE}tagmanifest-sha512.txt"), "missing", "tagmanifest-sha512.txt"),
    ],
)
def test_what_was_added_or_removed_is_named(change, code, name, tmp_path: Path) -> None:
    files = dict(FILES)
    change(files)
    assert (code, {"name": name}) in said(package_bytes(files), tmp_path)


def test_a_history_that_was_rewritten_is_found_although_every_list_fits(tmp_path: Path) -> None:
    found = case_file()
    forged = replace(found.events[2], body={"step": "other"})
    again = replace(found, events=[*found.events[:2], forged, *found.events[3:]])
    assert ("event", {"seq": 3}) in said(package_bytes(package_of(again, bytes_of(found))), tmp_path)
    shorter = package_of(replace(found, events=found.events[:3]), bytes_of(found))
    info = f"{BASE}bag-info.txt"
    longer = {**shorter, info: FILES[info]}
    assert names(said(package_bytes(longer), tmp_path)) == {"bag-info.txt"}


def test_a_signature_is_lost_with_a_byte_of_what_was_signed(tmp_path: Path) -> None:
    found = case_file()
    lost = replace(found, signatures=[replace(found.signatures[0], holds=False), found.signatures[1]])
    problems = said(package_bytes(package_of(lost, bytes_of(found))), tmp_path)
    assert [code for code, _ in problems] == ["signature"]
    assert "签名不再有效" in str(verify_package(tmp_path / "p.zip")[0])
    # The record was written anew after signing, and the lists with it.
    changed = replace(
        found, documents=[replace(found.documents[0], content=b"<p>x</p>"), *found.documents[1:]]
    )
    problems = said(package_bytes(package_of(changed, bytes_of(found))), tmp_path)
    assert [code for code, _ in problems] == ["signature"]


def test_the_program_runs_alone(tmp_path: Path) -> None:
    (tmp_path / "p.zip").write_bytes(WHOLE)
    (tmp_path / PROGRAM).write_bytes(FILES[f"{BASE}{PROGRAM}"])
    ran = subprocess.run(
        [sys.executable, "-I", "-S", PROGRAM, "p.zip"], cwd=tmp_path, capture_output=True, check=False
    )
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert "核验通过" in ran.stdout.decode()


def test_its_answer_is_its_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program = runpy.run_path(verify.__file__)
    (tmp_path / "none.zip").write_bytes(b"no zip")
    assert program["main"]([str(tmp_path / "none.zip")]) == 1
    assert "cannot be opened" in capsys.readouterr().out


def test_what_was_laid_into_an_unpacked_package_is_named_whatever_it_is(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """A link to a folder, a file where Python leaves its own, a name that is no text."""
    (tmp_path / "p.zip").write_bytes(WHOLE)
    with zipfile.ZipFile(tmp_path / "p.zip") as package:
        package.extractall(tmp_path / "out")
    folder = tmp_path / "out" / BASE
    compiled = folder / "__pycache__"
    compiled.mkdir()
    # What Python leaves where the program is imported is none of it.
    (compiled / "verify.cpython-312.pyc").write_bytes(b"x")
    assert verify.problems(folder) == []
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "false.html").write_bytes(b"x")
    (folder / "data" / "more").symlink_to(tmp_path / "elsewhere")
    (compiled / "page.html").write_bytes(b"x")
    with suppress(OSError):
        (folder / "data" / os.fsdecode(b"\xff.txt")).write_bytes(b"x")
    found = names(verify.problems(folder))
    assert {"data/more", "__pycache__/page.html"} <= found
    assert verify.main([str(folder)]) == 1
    assert b"data/more" in capsysbinary.readouterr().out


def rewritten(change: Callable[[CaseFile], CaseFile], folder: Path) -> list[Problem]:
    """Return what is said of the package of a case that was changed beside its history, with every list made anew."""
    return said(package_bytes(package_of(change(case_file()), bytes_of(case_file()))), folder)


def test_an_answer_that_is_not_in_the_history_is_named_although_every_list_fits(tmp_path: Path) -> None:
    def changed(found: CaseFile) -> CaseFile:
        forms = {**found.case.forms, "notice": {**found.case.forms["notice"], "sent_by": "post"}}
        return replace(found, case=replace(found.case, forms=forms))

    assert rewritten(changed, tmp_path) == [("answer", {"form": "notice", "field": "sent_by"})]
    assert "与历史不符" in str(verify_package(tmp_path / "p.zip")[0])


def test_a_signature_that_the_history_does_not_have_so_is_named(tmp_path: Path) -> None:
    def removed(found: CaseFile) -> CaseFile:
        return replace(found, signatures=found.signatures[1:])

    def other_person(found: CaseFile) -> CaseFile:
        first = found.signatures[0]
        forged = replace(first, signature=replace(first.signature, person="P09"))
        return replace(found, signatures=[forged, found.signatures[1]])

    for change in (removed, other_person):
        assert [code for code, _ in rewritten(change, tmp_path)] == ["unsigned"]


@pytest.mark.parametrize(
    "other",
    [
        {"way": SigningWay.SEAL},
        {"device": "别的设备"},
        {"at": AT - timedelta(days=1)},
        {"by": "P01"},
        {"picture": "inspection-17/F2"},
        {"seal": "x"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_how_when_and_with_what_somebody_signed_is_held_against_the_history(
    other: dict[str, Any], tmp_path: Path
) -> None:
    def changed(found: CaseFile) -> CaseFile:
        first = found.signatures[0]
        forged = replace(first, signature=replace(first.signature, **other))
        return replace(found, signatures=[forged, *found.signatures[1:]])

    def as_seal(found: CaseFile) -> CaseFile:
        """Return the file with an entry that names the seal, as entries since have."""
        events = [
            replace(one, body={**one.body, "seal": None}) if "signature" in one.body else one
            for one in found.events
        ]
        chained: list[Event] = []
        for one in events:
            before = chained[-1].hash if chained else one.previous
            chained.append(follow(one.stream, one.seq, one.at, one.actor, one.kind, one.body, before))
        return replace(found, events=chained)

    assert rewritten(as_seal, tmp_path) == []
    assert [code for code, _ in rewritten(lambda found: changed(as_seal(found)), tmp_path)] == ["unsigned"]


def test_kept_files_are_held_against_the_history(tmp_path: Path) -> None:
    """The photograph a form names and the picture of a signature, in a package whose lists were all made anew."""
    found = case_file()
    digests = [one.sha256 for one in found.files]

    def made(kept: dict[str, bytes], files: Sequence[KeptFile]) -> list[Problem]:
        return said(package_bytes(package_of(replace(found, files=files), kept)), tmp_path)

    other = {**bytes_of(found), digests[0]: b"\xff\xd8\xff other"}
    assert made(other, found.files) == [("file", {"name": found.files[0].id})]
    assert "存入以后被改动" in str(verify_package(tmp_path / "p.zip")[0])
    assert made(bytes_of(found), found.files[1:]) == [("no-file", {"name": found.files[0].id})]
    # Destroyed when its time was over, and said so in the history.
    last = found.events[-1]
    body = {"retention": "destroyed", "destroyed": {found.files[0].id: digests[0]}}
    gone = follow(last.stream, last.seq + 1, last.at, "P01", "recorded", body, last.hash)
    later = replace(found, events=[*found.events, gone], files=found.files[1:])
    assert said(package_bytes(package_of(later, bytes_of(found))), tmp_path) == []
    # A file that does not fit the manifest is named once.
    assert [code for code, _ in check_changed("data/evidence/" + digests[1] + ".pdf")] == ["changed"]


def check_changed(name: str) -> list[Problem]:
    """Return what is said of a package in which one file has a byte more."""
    return verify.check(
        Held(
            {
                key.removeprefix(BASE): content + (b"x" if key == BASE + name else b"")
                for key, content in FILES.items()
            }
        )
    )


def test_a_signature_on_what_was_lawfully_corrected_is_said_and_is_no_fault(tmp_path: Path) -> None:
    found = case_file()
    forms = {**found.case.forms, "onsite_check": {**found.case.forms["onsite_check"], "staff": 43}}
    body = {"form": "onsite_check", "answers": forms["onsite_check"]}
    last = found.events[-1]
    corrected = follow(last.stream, last.seq + 1, last.at, "P01", "corrected", body, last.hash)
    earlier = replace(found.signatures[0], holds=False, remark=say("x"), version=1)
    later = replace(
        found,
        case=replace(found.case, forms=forms),
        events=[*found.events, corrected],
        signatures=[earlier, found.signatures[1]],
    )
    assert said(package_bytes(package_of(later, bytes_of(found))), tmp_path) == []
    assert [code for code, _ in verify.notes(tmp_path / "p.zip")] == ["earlier", "no-pdf"]
    assert "更正或重填以前" in str(package_notes(tmp_path / "p.zip")[0])
    # Said to hold all the same.
    forged = replace(later, signatures=[replace(earlier, holds=True, remark=None), found.signatures[1]])
    assert "unsigned" in {
        code for code, _ in said(package_bytes(package_of(forged, bytes_of(found))), tmp_path)
    }


def test_papers_and_publications_are_held_against_the_packaged_history(tmp_path: Path) -> None:
    """As a package made by an earlier program, or by hand, that holds other texts than the history has digests of."""
    found = case_file()
    document, publication, paper = found.documents[1], found.publications[0], found.papers[0]
    digests = {one.id: one.sha256 for one in found.documents}
    shown = {publication.id: publication_digest(publication, as_published=True)}
    served = {paper.id: {"state": "served", "on": "2024-09-14"}}
    effects = {"archive": {"documents": digests, "publications": shown}, "papers": served}
    last, first = found.events[-1], found.events[0]
    filed = follow(last.stream, last.seq + 1, last.at, "P01", "advanced", {"effects": effects}, last.hash)
    filed_file = replace(found, events=[*found.events, filed])

    def names_of(**changed: object) -> list[tuple[str, str]]:
        made = replace(filed_file, **changed)  # type: ignore[arg-type]
        problems = said(package_bytes(package_of(made, bytes_of(found))), tmp_path)
        return [(code, str(values.get("name"))) for code, values in problems]

    assert names_of() == []
    other = replace(document, content=b"<p>other</p>")
    name = f"{document.id} 01-02-notice.html"
    assert names_of(documents=[found.documents[0], other, found.documents[2]]) == [("paper", name)]
    assert "与历史所记的摘要不符" in str(verify_package(tmp_path / "p.zip")[0])
    assert names_of(documents=[found.documents[0], found.documents[2]]) == [("no-paper", document.id)]
    assert names_of(papers=found.papers[1:]) == [("no-paper", paper.id)]
    wrong_day = replace(paper, facts=paper.facts[:-1])
    assert names_of(papers=[wrong_day, *found.papers[1:]]) == [("paper-said", paper.id)]
    assert names_of(publications=[]) == [("no-publication", publication.id)]
    assert names_of(publications=[replace(publication, body={"facts": [1]})]) == [
        ("publication", publication.id)
    ]
    begun = follow(first.stream, 1, first.at, "P01", "started", {"subject": {"name": "别家"}}, first.previous)
    assert names_of(events=[begun])[-1] == ("subject", "None")


def test_a_package_that_was_packed_again_says_which_entry_was_compressed(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "p.zip", "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in FILES.items():
            package.writestr(name, content)
    found = verify.problems(tmp_path / "p.zip")
    assert {code for code, _ in found} == {"packed"}
    assert names(found) == set(FILES)
    assert "重新打过" in str(verify_package(tmp_path / "p.zip")[0])


def test_a_package_without_pdf_says_so_on_its_first_page_and_where_it_is_verified(tmp_path: Path) -> None:
    assert said(WHOLE, tmp_path) == []
    (note,) = package_notes(tmp_path / "p.zip")
    assert "没有 PDF/A：01-02-notice.html, 02-01-record.html, 99-03-approval.html" in str(note)
    assert "没有 PDF/A" in FILES[f"{BASE}index.html"].decode()
    found = case_file()
    with_pdf = package_of(found, bytes_of(found), to_pdf=lambda content, made_on: b"%PDF")
    assert said(package_bytes(with_pdf), tmp_path) == []
    assert package_notes(tmp_path / "p.zip") == []
    assert "没有 PDF/A" not in with_pdf[f"{BASE}index.html"].decode()
