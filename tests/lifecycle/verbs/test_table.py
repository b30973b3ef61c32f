"""The table of verbs is the one list of them; a verb more is its own file, its line here, and no more."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import engine
from engine.definition.grammar import SHAPES
from engine.definition.keywords import KEYS
from engine.lifecycle.case import EventKind
from engine.lifecycle.verbs.spec import ReasonRule
from engine.lifecycle.verbs.table import APPROVABLE, BY_COMMAND, DECLARED, VERBS
from tests.hung_run import HUNG

PACKAGE = Path(engine.__file__).parent
HERE = Path(__file__).parent


def test_every_row_is_whole() -> None:
    for word, spec in VERBS.items():
        assert spec.word == word
        for text in (spec.help, spec.note, spec.happened, spec.by_whom, spec.reason_help):
            assert text.render("en") != text.render("zh_CN"), (word, text.text)
        assert spec.declared == (spec.sentence is not None), word
    assert len({spec.title for spec in VERBS.values()}) == len(VERBS)


def test_a_command_is_of_one_verb_and_only_approving_and_denying_share_one() -> None:
    assert set(BY_COMMAND) == {spec.command for spec in VERBS.values()}
    assert {spec.word for spec in VERBS.values()} - {spec.word for spec in BY_COMMAND.values()} == {"deny"}


def test_every_event_of_a_verb_is_its_own() -> None:
    events = [spec.event for spec in VERBS.values() if spec.event]
    assert len(events) == len(set(events))
    assert set(events) <= set(EventKind)


def test_the_language_has_the_verbs_of_the_table() -> None:
    assert list(SHAPES["verbs"]) == list(DECLARED)
    for word, spec in DECLARED.items():
        assert spec.title in KEYS[word]
        assert set(spec.keys or ()) < set(SHAPES[word])
        assert ("approve" in SHAPES[word]) == (word in APPROVABLE)


def test_only_claiming_takes_no_reason() -> None:
    assert [word for word, spec in VERBS.items() if spec.reason is ReasonRule.NONE] == ["claim"]


def test_a_verb_more_is_a_file_and_a_line(tmp_path: Path) -> None:
    """In a copy of the product with a verb added so: check, decision, application, command line, description."""
    copy = tmp_path / "engine"
    shutil.copytree(PACKAGE, copy)
    for folder in ("workflows", "forms", "exchange"):
        (tmp_path / folder).symlink_to(PACKAGE.parent / folder)
    shutil.copyfile(HERE / "invented_verb.py", copy / "lifecycle/verbs/mark.py")
    table = copy / "lifecycle/verbs/table.py"
    text = table.read_text(encoding="utf-8")
    for line, more in (
        ("from engine.lifecycle.verbs.spec import VerbSpec\n", "from engine.lifecycle.verbs import mark\n"),
        ("        approve.APPROVE,\n", "        mark.MARK,\n"),
    ):
        assert text.count(line) == 1
        text = text.replace(line, more + line)
    table.write_text(text, encoding="utf-8")
    run = subprocess.run(
        [sys.executable, str(HERE / "use_invented_verb.py"), str(tmp_path / "home")],
        env={"PYTHONPATH": str(tmp_path), "PATH": "", "SSJ_LANG": "zh_CN", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=HUNG,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines()[-1] == str(copy), "the copy was not what ran"
