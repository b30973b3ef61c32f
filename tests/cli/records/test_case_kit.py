"""An offline form by the command line: imported once, converted, and refused where it was superseded."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest
from command_fixtures import Said, called, done

from engine.cli.records.case_kit import kit, kit_import

AS = ("--as", "chief-office")
ANSWERS = {"reported_by": "chief-office", "total": "3", "added": "1", "removed": "0"}


@pytest.fixture
def started(home: Path, tmp_path: Path) -> Path:
    (tmp_path / "start.yaml").write_text("kind: forms\nyear: 2024\n", encoding="utf-8")
    for _ in range(2):
        done("case", "start", "library", "--title", "表单库", "--form", "start.yaml", *AS, home=home)
    return home


def data_of(file: Path) -> dict[str, Any]:
    found = re.search(r'id="data">(.*?)</script>', file.read_text("utf-8"), re.DOTALL)
    assert found is not None
    made: dict[str, Any] = json.loads(found[1])
    return made


def record(data: dict[str, Any], answers: dict[str, Any], file: Path, **more: Any) -> Path:
    """Write what the form would save."""
    case = data["case"]
    body = {
        "format": data["record_format"],
        "kit": data["id"],
        "case": case["id"],
        "workflow": case["workflow"],
        "version": case["version"],
        "state": case["state"],
        "entered_at": case["entered_at"],
        "step": "submit",
        "person": "chief-office",
        "device": "x",
        "saved_at": "2024-03-01T00:00:00Z",
        "answers": answers,
        "files": {},
        **more,
    }
    file.write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8")
    return file


def brought(file: Path, home: Path, *more: str) -> Said:
    return called(kit_import, file, *AS, *more, home=home)


def answers_of(case: str, home: Path) -> Any:
    return [
        one
        for one in done("case", "history", case, "--json", *AS, home=home).json()
        if one["kind"] == "advanced"
    ]


def test_what_is_imported_is_stored_as_by_a_file(started: Path, tmp_path: Path) -> None:
    page = tmp_path / "kit.html"
    assert called(kit, "library-1", page, *AS, home=started).code == 0
    data = data_of(page)
    steps = {step["id"]: step for step in data["steps"]}
    asked = {one["name"] for one in steps["submit"]["form"]["fields"] if one["required"]}
    answers = {
        name: value
        for name, value in ANSWERS.items()
        if name in {one["name"] for one in steps["submit"]["form"]["fields"]}
    }
    assert asked <= set(answers) | {"labelled"}
    file = record(data, answers, tmp_path / "a.json")
    first = brought(file, started)
    assert first.code == 0, first.err
    (tmp_path / "f.yaml").write_text(json.dumps(answers), encoding="utf-8")
    done("task", "advance", "library-2", "submit", "--form", tmp_path / "f.yaml", *AS, home=started)
    (mine,), (other,) = answers_of("library-1", started), answers_of("library-2", started)
    assert mine["body"]["answers"] == other["body"]["answers"]
    # The same file once more changes nothing.
    again = brought(file, started)
    assert (again.code, "此前已导入" in again.err) == (0, True)
    assert answers_of("library-1", started) == [mine]
    # Another record of the same form: what is kept and what it says side by side, and nothing is changed.
    conflict = brought(record(data, {**answers, "total": "4"}, tmp_path / "b.json"), started)
    assert conflict.code == 1
    assert re.search(r"\t3\S*\t4", conflict.out)
    assert answers_of("library-1", started) == [mine]
    same = brought(record(data, answers, tmp_path / "c.json", kit="f" * 64), started)
    assert (same.code, "同样的内容" in same.err) == (0, True)


def test_a_record_of_somebody_else_is_said_to_be_theirs(started: Path, tmp_path: Path) -> None:
    called(kit, "library-1", tmp_path / "kit.html", *AS, home=started)
    data = data_of(tmp_path / "kit.html")
    mine = brought(record(data, ANSWERS, tmp_path / "a.json"), started, "--dry-run")
    assert (mine.code, "填的" in mine.err) == (0, False)
    theirs = brought(record(data, ANSWERS, tmp_path / "b.json", person="head"), started, "--dry-run")
    assert (theirs.code, "是“head”填的" in theirs.err) == (0, True)


def test_questions_there_are_no_more_are_named_and_a_draft_takes_anything(
    started: Path, tmp_path: Path
) -> None:
    page = tmp_path / "kit.html"
    called(kit, "library-1", page, *AS, home=started)
    data = data_of(page)
    older = record(data, {"total": "三", "old_question": "<script>"}, tmp_path / "a.json", version=99)
    refused = brought(older, started)
    assert refused.code == 1
    assert "没有“old_question”" in refused.err
    assert "写的是第 99 版" in refused.err
    assert brought(older, started, "--draft").code == 0
    draft = done("task", "draft", "show", "library-1", "submit", *AS, home=started)
    assert draft.json() == {"total": "三"}


def test_a_draft_of_ones_own_is_replaced_only_on_purpose(started: Path, tmp_path: Path) -> None:
    page = tmp_path / "kit.html"
    called(kit, "library-1", page, *AS, home=started)
    data = data_of(page)
    (tmp_path / "own.yaml").write_text("total: '77'\n", encoding="utf-8")
    shown = ("task", "draft", "show", "library-1", "submit", *AS)
    done(
        *("task", "draft", "save", "library-1", "submit", "--form"), tmp_path / "own.yaml", *AS, home=started
    )
    file = record(data, {"total": "88", "added": "1"}, tmp_path / "a.json")
    refused = brought(file, started, "--draft")
    assert refused.code == 1
    assert re.search(r"\t77\S*\t88", refused.out)
    assert "--replace" in refused.err
    assert done(*shown, home=started).json() == {"total": "77"}
    assert brought(file, started, "--draft", "--replace", "--dry-run").code == 0
    assert done(*shown, home=started).json() == {"total": "77"}
    assert brought(file, started, "--draft", "--replace").code == 0
    assert done(*shown, home=started).json() == {"total": "88", "added": "1"}
    # The same content once more is no conflict.
    assert brought(file, started, "--draft").code == 0
    assert brought(file, started, "--replace").code == 2


def test_files_in_a_record_are_judged_like_any_others(started: Path, tmp_path: Path) -> None:
    page = tmp_path / "kit.html"
    called(kit, "library-1", page, *AS, home=started)
    data = data_of(page)
    svg = base64.b64encode(b"<svg onload=alert(1)>").decode()
    wrong = {"f1": {"name": "../../x.svg", "data": f"data:image/svg+xml;base64,{svg}"}}
    said = brought(record(data, ANSWERS, tmp_path / "a.json", files=wrong), started)
    assert said.code == 1
    assert "不能存入" in said.err or "不符" in said.err
    assert done("case", "files", "library-1", "--json", *AS, home=started).json() == []


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": "x"}', "[" * 900, "\x00"])
def test_what_is_no_record_is_refused(home: Path, tmp_path: Path, content: str) -> None:
    (tmp_path / "a.json").write_text(content, encoding="utf-8")
    assert brought(tmp_path / "a.json", home).code == 1
