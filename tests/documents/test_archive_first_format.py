"""Packages of the first format still verify, and no byte of them can be changed unseen."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from document_factories import AT, HOSTILE, inspection
from first_packages import EVENTS, MANIFEST, _free, pack
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.app.ports.records import Document, Publication
from engine.documents.archive import package_bytes, write_package
from engine.documents.archive_verification import verify_package
from engine.kernel.file_names import folded
from engine.language import say
from engine.lifecycle.chain import GENESIS, Event, follow
from tests.examples import examples


def chain(case: str, count: int = 6) -> list[Event]:
    """Return a whole chain of events."""
    events: list[Event] = []
    for seq in range(1, count + 1):
        previous = events[-1].hash if events else GENESIS
        events.append(
            follow(case, seq, AT + timedelta(hours=seq), "P01", "advanced", {"step": f"s{seq}"}, previous)
        )
    return events


def document(kind: str = "notice", name: str = "notice.html", content: bytes = b"<p>1</p>") -> Document:
    """Return a document of the case."""
    return Document(f"inspection-17/{kind}", "inspection-17", kind, name, "", content, AT)


PUBLICATION = Publication(
    id="inspection-17/result/1",
    kind="result",
    case="inspection-17",
    title="检查结果",
    body={"facts": []},
    published_at=AT,
    due_on=date(2024, 10, 18),
)


def packed(name: str = "清河电子科技有限公司") -> dict[str, bytes]:
    """Return the files of a package."""
    return pack(
        inspection(name),
        chain("inspection-17"),
        [document(), document("record", "record.html"), document("record", "record.html", b"<p>2</p>")],
        [PUBLICATION],
        title="抽查检查",
        missing=[say("缺少：{name}", name="回避声明")],
    )


def test_a_whole_package_verifies_and_is_the_same_every_time(tmp_path: Path) -> None:
    first = write_package(packed(), tmp_path / "a.zip")
    assert write_package(packed(), tmp_path / "b" / "b.zip") == first
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b" / "b.zip").read_bytes()
    assert verify_package(tmp_path / "a.zip") == []
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.zip", "b"]


def test_the_package_holds_what_it_must() -> None:
    files = packed()
    assert set(files) == {
        "answers.json",
        "case.json",
        "documents/notice.html",
        "documents/record.html",
        "documents/record-2.html",
        EVENTS,
        "index.html",
        MANIFEST,
        "publications/inspection-17-result-1.json",
    }
    manifest = json.loads(files[MANIFEST])
    assert manifest["events"] == 6
    assert manifest["chain_head"] == chain("inspection-17")[-1].hash
    assert set(manifest["files"]) == set(files) - {MANIFEST}
    assert manifest["missing"] == ["缺少：回避声明"]


def test_hostile_names_stay_texts_and_paths_stay_inside() -> None:
    case = inspection(HOSTILE)
    names = ["../../etc/cron", "..\\..\\x.html", "/abs.html", "", "...", "文书 一.html", "a\x00b.html"]
    files = pack(case, chain(case.id), [document(name=name) for name in names], [])
    assert "<script>" not in files["index.html"].decode()
    inside = [name for name in files if name.startswith("documents/")]
    assert len(inside) == len(names)
    assert all(".." not in name and "\\" not in name and "\x00" not in name for name in inside)


@settings(
    max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_changed_byte_is_found(data: st.DataObject, tmp_path: Path) -> None:
    content = bytearray(package_bytes(packed()))
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    path = tmp_path / "changed.zip"
    path.write_bytes(content)
    assert verify_package(path)


@settings(
    max_examples=examples(15, 300), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(cut=st.integers(1, 400), more=st.binary(min_size=1, max_size=40))
def test_cut_and_lengthened_packages_are_found(cut: int, more: bytes, tmp_path: Path) -> None:
    content = package_bytes(packed())
    path = tmp_path / "changed.zip"
    path.write_bytes(content[:-cut])
    assert verify_package(path)
    path.write_bytes(content + more)
    assert verify_package(path)


def changed(files: dict[str, bytes], tmp_path: Path) -> str:
    """Return what verification says of a package of `files`."""
    (tmp_path / "changed.zip").unlink(missing_ok=True)
    write_package(files, tmp_path / "changed.zip")
    return "\n".join(str(problem) for problem in verify_package(tmp_path / "changed.zip"))


def test_each_kind_of_change_is_named(tmp_path: Path) -> None:
    files = packed()
    assert "notice.html”的内容与清单不符" in changed(
        {**files, "documents/notice.html": b"<p>9</p>"}, tmp_path
    )
    assert "后来添加" in changed({**files, "documents/new.html": b""}, tmp_path)
    assert "被删除" in changed({n: c for n, c in files.items() if n != "answers.json"}, tmp_path)
    assert "manifest.json" in changed({n: c for n, c in files.items() if n != MANIFEST}, tmp_path)


def with_events(events: list[Event]) -> dict[str, bytes]:
    """Return a package whose manifest fits its files, made from other events."""
    return pack(inspection(), events, [], [])


def test_a_forged_history_is_found_even_with_a_fitting_manifest(tmp_path: Path) -> None:
    events = chain("inspection-17")
    forged = [*events[:2], replace(events[2], body={"step": "other"}), *events[3:]]
    assert "第 3 条事件" in changed(with_events(forged), tmp_path)
    assert "缺失" in changed(with_events([*events[:2], *events[3:]]), tmp_path)


def test_a_package_made_anew_is_found_by_the_digest_kept_elsewhere(tmp_path: Path) -> None:
    kept = write_package(packed(), tmp_path / "a.zip")
    assert verify_package(tmp_path / "a.zip", kept) == []
    (tmp_path / "a.zip").unlink()
    write_package(packed("另一家公司"), tmp_path / "a.zip")
    assert verify_package(tmp_path / "a.zip") == []
    assert "整包被换过" in str(verify_package(tmp_path / "a.zip", kept)[0])


def test_the_manifest_names_its_own_case(tmp_path: Path) -> None:
    files = packed()
    other = files[MANIFEST].replace(b'"case":"inspection-17"', b'"case":"inspection-18"')
    assert "案件编号" in changed({**files, MANIFEST: other}, tmp_path)


def test_a_file_that_is_no_package_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"no zip")
    assert "解不开" in str(verify_package(tmp_path / "x.zip")[0])
    assert "读不出" in str(verify_package(tmp_path / "none.zip")[0])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("a.txt", "a")
    (tmp_path / "y.zip").write_bytes(out.getvalue())
    assert "不是本产品的归档包" in str(verify_package(tmp_path / "y.zip")[0])


def test_names_in_a_package_can_be_unpacked_everywhere() -> None:
    files: dict[str, bytes] = {}
    for name in (
        "CON.html",
        "con.html",
        "a\x1b[31m.html",
        "../../x",
        "示" * 300 + ".pdf",
        "Notice.html",
        "notice.HTML",
    ):
        files[_free(files, "documents", name)] = b""
    assert list(files)[:4] == [
        "documents/_CON.html",
        "documents/_con-2.html",
        "documents/a-31m.html",
        "documents/x",
    ]
    assert len({folded(name) for name in files}) == 7
    assert all(len(name.encode()) <= 220 and name.isprintable() for name in files)
