"""Doors that stood open: what concerns rules, records and running is done by somebody who may, and is in the history."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from command_fixtures import done, ssj, state_of

from engine.app.ports.records import Document
from engine.deployment.clocks import SystemClock
from engine.deployment.home import find_home
from engine.deployment.open import open_deployment_store
from engine.lifecycle.chain import Event

YEAR = (
    "year: 2100\ntitle: 示例\nsource: 示例\nholidays: {元旦: 2100-01-01, 春节: 2100-02-09, 清明: 2100-04-05, "
    "劳动: 2100-05-01, 端午: 2100-06-12, 中秋: 2100-09-18, 国庆: 2100-10-01}\n"
)
CHIEF, OTHER = "chief-labour_inspection", "chief-market"


def events(home: Path, stream: str) -> list[Event]:
    store = open_deployment_store(find_home(str(home)))
    try:
        with store.read() as transaction:
            return list(transaction.events.of(stream, after=0, limit=1000))
    finally:
        store.close()


def commands(tmp_path: Path) -> dict[str, tuple[object, ...]]:
    year = tmp_path / "2100.yaml"
    year.write_text(YEAR, encoding="utf-8")
    return {
        "definition.publish": ("workflow", "publish"),
        "calendar.change": ("calendar", "import", year, "--yes"),
        "audit.seal": ("audit", "seal"),
        "site.build": ("site", "build"),
        "system.backup": ("backup", tmp_path / "b.zip"),
        "system.move": ("migrate-store", "--to", "data/new.db", "--yes"),
    }


@pytest.mark.parametrize(
    "use_case",
    ["definition.publish", "calendar.change", "audit.seal", "site.build", "system.backup", "system.move"],
)
def test_nobody_and_not_everybody(home: Path, tmp_path: Path, use_case: str) -> None:
    workflow = home / "workflows" / "batch.yaml"
    workflow.write_text(workflow.read_text("utf-8") + "\n# 另一版\n", encoding="utf-8")
    words = commands(tmp_path)[use_case]
    before = state_of(home)
    assert ssj(*words, home=home).code == 1
    for person in ("insp-01", "system", "nobody-here"):
        assert ssj(*words, "--as", person, home=home).code == 1, person
        if use_case == "calendar.change" and person != "insp-01":
            # Not even told what it would move; what is only looked at is not entered.
            continue
        last = events(home, "office")[-1]
        # A name nobody has is no actor: what was typed stands beside the history.
        entered = "-" if person == "nobody-here" else person
        assert (last.kind, last.actor, last.body["verb"]) == ("refused", entered, use_case)
        assert "nobody-here" not in repr(last.body)
    after = state_of(home)
    assert (after[0], after[2:]) == (before[0], before[2:])
    assert not (tmp_path / "b.zip").exists()
    assert not (home / "public").exists() or not list((home / "public").iterdir())
    done(*words, "--as", "leading", home=home)


def test_what_was_done_stands_in_the_history_as_the_person(home: Path, tmp_path: Path) -> None:
    words = commands(tmp_path)
    workflow = home / "workflows" / "batch.yaml"
    workflow.write_text(workflow.read_text("utf-8") + "\n# 另一版\n", encoding="utf-8")
    for use_case in ("definition.publish", "calendar.change", "audit.seal", "site.build", "system.backup"):
        done(*words[use_case], "--as", "leading", home=home)
    assert (events(home, "definitions")[-1].kind, events(home, "definitions")[-1].actor) == (
        "published",
        "leading",
    )
    assert [one.actor for one in events(home, "calendar")] == ["leading"]
    assert {one.actor for one in events(home, "seal")} == {"leading"}
    kept = [(one.kind, one.actor, one.body["verb"]) for one in events(home, "office")]
    assert [one for one in kept if one[2] == "system.backup"] == [
        ("begun", "leading", "system.backup"),
        ("done", "leading", "system.backup"),
    ]
    assert ("done", "leading", "site.build") in kept
    done(*words["system.move"], "--as", "leading", home=home)
    assert [one.kind for one in events(home, "office") if one.body["verb"] == "system.move"] == [
        "begun",
        "done",
    ]
    assert done("audit", "verify", home=home).code == 0


@pytest.fixture(scope="module")
def made_unread(made: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = shutil.copytree(made[0], tmp_path_factory.mktemp("unread") / "bureau")
    done("case", "start", "library", "--title", "对象库", "--as", OTHER, "--form", _form(home), home=home)
    store = open_deployment_store(find_home(str(home)))
    with store.write() as transaction:
        transaction.settings.put("reader", None)
        transaction.records.put_document(
            Document(
                "library-1/1",
                "library-1",
                "x",
                "x.html",
                "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
                b"x",
                SystemClock().now(),
            )
        )
    store.close()
    return home


@pytest.fixture
def unread(made_unread: Path, tmp_path: Path) -> Path:
    """A deployment without a reader, with a case of one section and a document of it."""
    return shutil.copytree(made_unread, tmp_path / "bureau")


def _form(home: Path) -> Path:
    form = home.parent / "start.yaml"
    form.write_text("kind: objects\nyear: 2027\n", encoding="utf-8")
    return form


READING: list[tuple[str, ...]] = [
    ("document", "list", "library-1"),
    ("document", "save", "library-1/1", "out.html"),
    ("document", "render", "library-1", "commitment", "out.html"),
    ("archive", "pack", "library-1", "out.zip"),
    ("audit", "verify"),
    ("audit", "root"),
    ("audit", "proof", "library-1"),
    ("report", "kpi"),
    ("report", "progress"),
    ("report", "supervision"),
    ("incident", "list"),
    ("incident", "show", "x"),
    ("workflow", "list"),
    ("workflow", "show", "batch"),
]


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_nobody_reads_without_saying_who(unread: Path, words: tuple[str, ...]) -> None:
    said = ssj(*words, home=unread)
    assert (said.code, said.out) == (1, "")
    assert "--as" in said.err
    assert "没有“absent”" in ssj(*words, "--as", "absent", home=unread).err


def test_a_section_sees_its_own_documents_and_archives(unread: Path, tmp_path: Path) -> None:
    assert "library-1/1" in done("document", "list", "library-1", "--as", OTHER, home=unread).out
    for words in READING[:4]:
        said = ssj(*words, "--as", CHIEF, home=unread)
        assert said.code == 1
        # In the words of a document there is not, where it is one that is asked for.
        assert "属于其他股室" in said.err or said.err == ssj(
            *(str(word).replace("library-1", "library-9") for word in words), "--as", CHIEF, home=unread
        ).err.replace("library-9", "library-1")
    assert done("document", "save", "library-1/1", tmp_path / "d", "--as", "leading", home=unread)
    assert (tmp_path / "d").read_bytes() == b"x"


def test_the_doctor_looks_at_a_deployment_for_somebody(unread: Path) -> None:
    said = ssj("doctor", home=unread)
    assert said.code == 1
    assert "fail\taccess" in said.out
    assert "ok\tpeople" not in said.out
    assert "ok\tpeople" in done("doctor", "--as", "leading", home=unread).out
