"""A new column, from the inspection form to the public list and the supervision report, without a line of Python."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest
from acceptance_fixtures import run

from engine.definition.file_discovery import definition_files
from engine.definition.library import load_paths
from engine.definition.resources import forms_dir, workflows_dir
from engine.demo import set_up as demonstrating
from engine.deployment import set_up as setting_up
from tests.demonstration import short_year

#: file -> (a place, what stands there afterwards)
EDITS: dict[str, list[tuple[str, str]]] = {
    "forms/onsite_check.yaml": [
        (
            "  - section: 程序\n",
            (
                "  - dispatched: {title: 其中劳务派遣人数, type: integer, unit: 人, min: 0, public: true}\n"
                "  - section: 程序\n"
            ),
        )
    ],
    "workflows/page_types.yaml": [
        (
            "  result: {title: 检查结果,",
            (
                "  dispatched: {title: 劳务派遣人数, title_en: Dispatched workers, value: forms.onsite_check.dispatched, "
                "format: number}\n  result: {title: 检查结果,"
            ),
        ),
        (
            "batch_title, finished_on, result]",
            "batch_title, finished_on, dispatched, result]",
        ),
        ("agency, finished_on, result, remark]", "agency, finished_on, dispatched, result, remark]"),
    ],
    "workflows/bureau.yaml": [
        (
            "  late: {title: 现已逾期的件,",
            (
                "  dispatching:\n    title: 有劳务派遣的检查\n    title_en: inspections with dispatched workers\n"
                "    cases: inspection\n    where: forms.onsite_check.dispatched > 0\n    columns:\n"
                "      - {title: 劳务派遣人数, title_en: Dispatched workers, value: forms.onsite_check.dispatched}\n"
                "      - {title: 职工人数, title_en: Staff, value: forms.onsite_check.staff}\n"
                "  late: {title: 现已逾期的件,"
            ),
        )
    ],
}


def edited(folder: Path) -> Path:
    """Copy the standard YAML into `folder` and make the edits."""
    for name, source in (("workflows", workflows_dir()), ("forms", forms_dir())):
        shutil.copytree(source, folder / name)
    for name, changes in EDITS.items():
        text = (folder / name).read_text("utf-8")
        for before, after in changes:
            assert text.count(before) == 1, (name, before)
            text = text.replace(before, after)
        (folder / name).write_text(text, "utf-8")
    return folder


def test_only_yaml_is_touched_and_it_is_sound(tmp_path: Path) -> None:
    assert {Path(name).suffix for name in EDITS} == {".yaml"}
    loaded = load_paths(definition_files(edited(tmp_path)))
    assert [str(problem.message) for problem in loaded.problems] == []


def test_the_column_is_asked_for_published_and_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    yaml, home = edited(tmp_path / "yaml"), tmp_path / "home"
    monkeypatch.setattr(setting_up, "workflows_dir", lambda: yaml / "workflows")
    monkeypatch.setattr(setting_up, "forms_dir", lambda: yaml / "forms")
    # A year with few visits: what is shown is the way of one column.
    monkeypatch.setattr(demonstrating, "shipped", short_year)
    said = run("demo", str(home))
    assert said.code == 0, said.err

    with (home / "public/results/list.csv").open(encoding="utf-8-sig") as stream:
        rows = list(csv.DictReader(stream))
    published = {row["网页"]: row["劳务派遣人数"] for row in rows if row["劳务派遣人数"]}
    assert published
    assert all(count.isdigit() for count in published.values())
    assert '<th scope="col" class="c-dispatched">劳务派遣人数</th>' in (
        home / "public/results/index.html"
    ).read_text("utf-8")
    assert run("--home", str(home), "site", "build", "--language", "en", "--as", "leading").code == 0
    assert "Dispatched workers" in (home / "public/results/index.html").read_text("utf-8")

    body = json.loads(run("--home", str(home), "report", "supervision", "--year", "2024", "--json").out)
    row = next(one for one in body["findings"] if one["id"] == "dispatching")
    assert row["headings"] == ["劳务派遣人数", "职工人数"]
    assert row["count"] == len(row["rows"]) > 0
    shown = run("--home", str(home), "report", "supervision", "--year", "2024").out
    case, cells = next(iter(row["rows"].items()))
    assert "\t".join((f"  {case}", *cells)) in shown.split("\n")
