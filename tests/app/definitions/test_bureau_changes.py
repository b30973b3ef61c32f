"""A changed bureau makes versions of the workflows it touches, and of no others."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from bureau_factories import timekeeping

from engine.app.definitions.bureau import bureau_of
from engine.app.definitions.bureau_changes import bureau_text, only_the_bureau, touched
from engine.app.definitions.cache import DefinitionCache
from engine.app.definitions.versions import add_versions, compare_with_published
from engine.app.ports.records import BUREAU_PART, Version
from engine.definition.file_discovery import definition_files
from engine.definition.library import Loaded, load_files
from engine.definition.resources import forms_dir, workflows_dir
from engine.lifecycle.command import SYSTEM
from engine.store.memory import MemoryStore

AT, LATER = datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 2, 5, tzinfo=UTC)
FILE = "workflows/bureau.yaml"


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    paths = [file for folder in (workflows_dir(), forms_dir()) for file in definition_files(folder)]
    return {f"{path.parent.name}/{path.name}": path.read_text(encoding="utf-8") for path in paths}


@pytest.fixture(scope="module")
def store(texts: dict[str, str]) -> MemoryStore:
    made = MemoryStore()
    with made.write() as transaction:
        add_versions(transaction, load_files(texts), AT, SYSTEM)
    return made


def changed(texts: dict[str, str], old: str, new: str) -> Loaded:
    assert old in texts[FILE]
    loaded = load_files({**texts, FILE: texts[FILE].replace(old, new, 1)})
    assert loaded.sound
    return loaded


ALL = "all"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        # A remark, and what no process asks.
        ("bureau:", "# 说明\nbureau:", ""),
        # Read in a condition of one process.
        ("coverage: 5%", "coverage: 6%", "annual_plan"),
        # A ladder five processes have taken over.
        ("remind: [1 working day before, on the day]", "remind: [2 working days before, on the day]",
         "criminal_referral finding_corrected follow_up inspection objection"),
        # A code of a question of one, though inspections ask for forms of items besides their own.
        ("    rectify: 责令限期改正\n", "    rectify: 责令改正\n", "follow_up"),
        # A measure of one.
        ("case.problem_count == 0}", "case.problem_count <= 1}", "inspection"),
        # A section: cases of every process may be of it.
        ("sections:\n", "sections:\n  added: 新设股\n", ALL),
        # A role no process names yet.
        ("roles:\n", "roles:\n  added: {title: 新设岗位, scope: bureau}\n", "training"),
        # What a role is called that no process names, and one that a single process does.
        ("  expert: {title: 专家, bureau}", "  expert: {title: 咨询专家, bureau}", "training"),
        ("  archivist: {title: 档案员, bureau}", "  archivist: {title: 档案管理员, bureau}",
         "batch inspection library library_year penalty supervision"),
        # A role that is of a section now, though none names it: it may be on the way up.
        ("  expert: {title: 专家, bureau}", "  expert: {title: 专家, section}", ALL),
        # The title and the pattern of a series one process numbers its papers by.
        ("circular: {title: 通报,", "circular: {title: 督查通报,", "supervision"),
        ('circular: {title: 通报, pattern: "{agency}通报〔{year}〕{n}号"',
         'circular: {title: 通报, pattern: "{agency}督通〔{year}〕{n}号"', "supervision"),
        # A milestone no process asks: published with the process that was published last.
        ("{by: 04-20, roll: backward}", "{by: 04-21, roll: backward}", "training"),
    ],
)  # fmt: skip
def test_what_a_change_touches(
    texts: dict[str, str], store: MemoryStore, old: str, new: str, expected: str
) -> None:
    loaded = changed(texts, old, new)
    with store.read() as transaction:
        found = compare_with_published(transaction, loaded)
    assert sorted(found.new) == (sorted(loaded.workflows) if expected == ALL else expected.split())
    assert found.new.keys() | found.same.keys() == loaded.workflows.keys()


def test_the_bureau_is_in_force_and_the_other_versions_stay(texts: dict[str, str]) -> None:
    store = MemoryStore()
    with store.write() as transaction:
        add_versions(transaction, load_files(texts), AT, SYSTEM)
        loaded = changed(texts, "coverage: 5%", "coverage: 6%")
        found = add_versions(transaction, loaded, LATER, SYSTEM)
        assert found.new == {"annual_plan": 2}
        assert add_versions(transaction, loaded, LATER, SYSTEM).new == {}
        definitions = DefinitionCache(timekeeping())
        bureau = bureau_of(definitions, transaction)
        assert bureau is not None
        assert bureau.targets["coverage"] == "6%"
        assert "coverage: 6%" in (bureau_text(transaction) or b"").decode()
        # Cases of the version that stays go on under the bureau it was published with.
        before = definitions.get(transaction, "inspection", 1)
        assert before.bureau.targets["coverage"] == "5%"


def test_what_is_compared() -> None:
    newest = Version("visit", 1, "ab", {BUREAU_PART: "b1", "visit.workflow.yaml": "v1"}, AT, SYSTEM)
    assert only_the_bureau(newest, {BUREAU_PART: "b2", "visit.workflow.yaml": "v1"})
    assert not only_the_bureau(newest, {BUREAU_PART: "b2", "visit.workflow.yaml": "v2"})
    assert not only_the_bureau(newest, {"visit.workflow.yaml": "v1"})
    with MemoryStore().write() as transaction:
        assert bureau_text(transaction) is None
        assert touched(transaction, load_files({}), {"visit": newest}, others=False) == {"visit"}
