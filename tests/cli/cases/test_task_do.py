"""``ssj task do``: a step taken by answering its questions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from command_fixtures import called, done
from terminal_person import END, ENTER, TAKES_KEYS, Terminal

from engine.cli.cases.draft import show
from engine.cli.cases.task_do import do
from engine.language import say

AS = ("--as", "chief-office")
START = "kind: forms\nyear: 2024\n"


@pytest.fixture
def started(home: Path, tmp_path: Path) -> Path:
    (tmp_path / "start.yaml").write_text(START, encoding="utf-8")
    done("case", "start", "library", "--title", "表单库", "--form", "start.yaml", *AS, home=home)
    return home


def test_a_step_without_questions_is_not_asked(started: Path) -> None:
    assert called(do, "library-1", "no_such_step", *AS, home=started).code == 1


def test_an_interview_that_ends_early_leaves_a_draft_and_goes_on_from_it(started: Path) -> None:
    first = called(do, "library-1", "submit", *AS, home=started, typed="chief-office\n三\n".encode())
    assert (first.code, first.out) == (1, "")
    assert "下次用同一条命令接着填" in first.err
    assert called(show, "library-1", "submit", *AS, home=started).json() == {
        "reported_by": "chief-office",
        "total": "三",
    }
    rest = "1\n0\n\n\n" + "3\n" + "y\n"
    second = called(do, "library-1", "submit", *AS, home=started, typed=rest.encode())
    assert "从草稿接着填" in second.err
    assert "“在库条数”应为整数，实为“三”" in second.err
    assert "请核对" in second.err
    assert (second.code, second.out.split("\t")[0]) == (0, "library-1")
    assert called(show, "library-1", "submit", *AS, home=started).code == 1


def test_another_version_put_in_force_meanwhile_is_not_answered_in_silence(
    started: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.app.commands.application import Application
    from engine.app.commands.drafts import drafts

    asked: list[int | None] = []
    advance = Application.advance

    def overtaken(self: Application, *given: Any, if_version: int | None = None, **how: Any) -> Any:
        asked.append(if_version)
        return advance(self, *given, if_version=9, **how)

    monkeypatch.setattr(Application, "advance", overtaken)
    versions: list[int] = []
    save: Any = drafts.save_draft

    def saved(*given: Any, version: int, **how: Any) -> Any:
        versions.append(version)
        return save(*given, version=version, **how)

    monkeypatch.setattr(drafts, "save_draft", saved)
    typed = b"chief-office\n3\n1\n0\n\n\ny\n"
    found = called(do, "library-1", "submit", *AS, home=started, typed=typed)
    assert found.code == 1
    assert "您填的是第 9 版流程的表" in found.err
    assert set(asked) == set(versions) == {1}
    # What was typed is there.
    assert called(show, "library-1", "submit", *AS, home=started).json()["total"] == "3"


def test_what_has_no_place_in_the_form_is_named_and_left_out(started: Path, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("total: 3\ngone: 旧的\n", encoding="utf-8")
    done("task", "draft", "save", "library-1", "submit", "--form", "a.yaml", *AS, home=started)
    found = called(do, "library-1", "submit", *AS, home=started, typed=b"chief-office\n1\n0\n\n\ny\n")
    assert "现在的表单没有“gone”，未带入：旧的" in found.err
    assert found.code == 0


def test_an_older_draft_is_neither_used_nor_replaced_unasked(
    started: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.app.queries.people import drafts

    called(do, "library-1", "submit", *AS, home=started, typed=b"chief-office\n7\n")
    view = drafts._view
    monkeypatch.setattr(drafts, "_view", lambda *given: replace(view(*given), older=say("旧")))
    refused = called(do, "library-1", "submit", *AS, home=started, typed=b"chief-office\n9\n")
    assert refused.code == 1
    assert ("--older-draft" in refused.err, "--replace" in refused.err) == (True, True)
    kept = called(show, "library-1", "submit", "--older", *AS, home=started)
    assert kept.json()["total"] == "7"
    called(do, "library-1", "submit", "--replace", *AS, home=started, typed=b"chief-office\n9\n")
    kept = called(show, "library-1", "submit", "--older", *AS, home=started)
    assert kept.json()["total"] == "9"


def test_a_draft_saved_elsewhere_meanwhile_is_not_replaced(
    started: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.cli.cases import task_do

    called(do, "library-1", "submit", *AS, home=started, typed=b"chief-office\n7\n")
    # What is stored is no longer what this interview has seen.
    monkeypatch.setattr(task_do, "to_text", lambda _: "2001-01-01T00:00:00+00:00")
    refused = called(do, "library-1", "submit", *AS, home=started, typed=b"5\n")
    assert refused.code == 1
    assert "另有一份草稿" in refused.err
    kept = called(show, "library-1", "submit", *AS, home=started)
    assert "added" not in kept.json()


def test_replace_begins_anew_whatever_draft_there_is(started: Path) -> None:
    called(do, "library-1", "submit", *AS, home=started, typed=b"chief-office\n7\n1\n")
    called(do, "library-1", "submit", "--replace", *AS, home=started, typed=b"chief-office\n9\n")
    assert called(show, "library-1", "submit", *AS, home=started).json() == {
        "reported_by": "chief-office",
        "total": "9",
    }
    # What was begun anew is gone on from.
    assert "从草稿接着填" in called(do, "library-1", "submit", *AS, home=started).err


def test_what_is_typed_at_a_terminal_is_handed_in_whole_and_checked_in_words(started: Path) -> None:
    note = "一、新增两户。\n\ny\n" + "字" * 4_000
    name = _name_of(started)
    words = ["-m", "engine", "--home", started, "task", "do", "library-1", "submit", *AS]
    with Terminal(words) as terminal:
        for line in (name, "3", "1", "0", ""):
            terminal.waits(TAKES_KEYS)
            terminal.press(line + ENTER)
        terminal.waits("写完按 Ctrl+D")
        # As a terminal pastes that does not mark what is pasted: no line of it answers another question, nor hands it in.
        terminal.press(note.replace("\n", ENTER) + END + f"y{ENTER}")
        terminal.waits("请核对：")
        checked = terminal.waits("无误请输入 y 办理")
        terminal.press(f"y{ENTER}")
        code, out, shown = terminal.ended()
    assert code == 0, shown
    assert out.split("\t")[0] == "library-1"
    assert f"填报人：{name}" in checked
    assert "说明：一、新增两户。" in checked
    history = done("case", "history", "library-1", "--json", *AS, home=started).out
    assert note.replace("\n", "\\n") in history
    assert '"reported_by": "chief-office"' in history


def _name_of(home: Path) -> str:
    """Return the name of whoever fills the form in."""
    people = done("user", "list", "--json", *AS, home=home).json()
    return str(next(one["name"] for one in people if one["id"] == "chief-office"))
