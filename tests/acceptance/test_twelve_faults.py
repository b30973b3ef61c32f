"""The twelve faults that would have stopped a real office, looked for from outside on the demonstration's year.

Only files, tables, pages and commands are looked at, so that the same look can be taken at an older version.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from tests.demonstration import demonstration

ZONE = ZoneInfo("Asia/Shanghai")
SSJ = [sys.executable, "-c", "from engine.cli.main import main; main()"]
#: Days off of 2024 within the working week, and the days that were worked for them, as the State Council's office announced.
OFF = {
    *(date(2024, 4, day) for day in (4, 5)),
    *(date(2024, 5, day) for day in (1, 2, 3)),
    date(2024, 6, 10),
    *(date(2024, 9, day) for day in (16, 17)),
    *(date(2024, 10, day) for day in (1, 2, 3, 4, 7)),
}
WORKED = {
    date(2024, 4, 7),
    date(2024, 4, 28),
    date(2024, 5, 11),
    date(2024, 9, 14),
    date(2024, 9, 29),
    date(2024, 10, 12),
}
NOTES = ("请由法规岗位核对", "由法规岗位核对后填写", "可以修改", "不是上级统一文书", "本局格式")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demonstration(tmp_path_factory) / "demo"


@pytest.fixture(scope="module")
def database(home: Path) -> Iterator[sqlite3.Connection]:
    found = sqlite3.connect(home / "data/ssj.db")
    yield found
    found.close()


def ssj(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command on the deployment."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONUTF8": "1"}
    return subprocess.run([*SSJ, "--home", str(home), *words], env=env, capture_output=True, text=True)


def papers(database: sqlite3.Connection, *kinds: str) -> list[tuple[str, str, str]]:
    """Return case, time and text of the papers of some kinds; of all without."""
    rows = database.execute("SELECT case_id, made_at, content, kind FROM document ORDER BY made_at")
    return [
        (case, made, re.sub(r"<style.*?</style>|<[^>]*>", " ", content.decode("utf-8"), flags=re.DOTALL))
        for case, made, content, kind in rows
        if not kinds or kind in kinds
    ]


def steps(database: sqlite3.Connection, step: str) -> dict[str, tuple[datetime, dict[str, Any]]]:
    """Return case -> when a step was taken last, and what the history says of it."""
    found = {}
    for stream, at, body in database.execute("SELECT stream, at, body FROM event WHERE kind = 'advanced'"):
        said = json.loads(body)
        if said.get("step") == step:
            found[stream] = (datetime.fromisoformat(at), said)
    return found


def working_days_after(day: date, count: int) -> date:
    """Return the last day of a period of working days, by the calendar above."""
    while count:
        day += timedelta(days=1)
        count -= day in WORKED or (day.weekday() < 5 and day not in OFF)
    return day


def test_a_paper_that_leaves_the_house_has_a_number_of_its_series(database: sqlite3.Connection) -> None:
    looked = 0
    for kind in ("notice", "rectification_order", "referral_letter", "supervision_circular"):
        # The last of each case: a draft has no number yet.
        for case, text in {case: text for case, _, text in papers(database, kind)}.items():
            assert re.search(r"〔2024〕\d+号", text), (kind, case)
            looked += 1
    assert looked > 40


def test_a_notice_is_there_before_it_is_served(database: sqlite3.Connection) -> None:
    first: dict[str, str] = {}
    for case, made, _ in papers(database, "notice"):
        first.setdefault(case, made)
    served = steps(database, "notify_enterprise")
    assert len(served) > 40
    for case, (at, _) in served.items():
        assert datetime.fromisoformat(first[case]) < at, case


def test_no_paper_holds_a_note_to_the_office(database: sqlite3.Connection) -> None:
    for case, _, text in papers(database):
        assert not [note for note in NOTES if note in text], case


def test_the_team_of_an_approved_visit_is_told_at_once(database: sqlite3.Connection) -> None:
    told: dict[str, list[datetime]] = {}
    for case, created in database.execute("SELECT case_id, created_at FROM outbox WHERE kind = 'message'"):
        told.setdefault(case, []).append(datetime.fromisoformat(created))
    approved = steps(database, "approve")
    visits = {case: at for case, (at, _) in approved.items() if case.startswith("inspection-")}
    assert len(visits) > 40
    for case, at in visits.items():
        assert at in told.get(case, ()), case


def test_an_approver_reads_what_was_filled_in(home: Path) -> None:
    said = ssj(home, "case", "show", "inspection-1", "--as", "chief-labour_inspection")
    if said.returncode == 2:
        said = ssj(home, "case", "show", "inspection-1")
    assert said.returncode == 0, said.stderr
    assert "检查笔录（演示）" in said.stdout


def test_a_cleaning_firm_is_notified_of_no_item_of_labour_dispatch(database: sqlite3.Connection) -> None:
    cleaning = [text for _, _, text in papers(database, "notice") if "保洁" in text]
    assert cleaning
    for text in cleaning:
        assert not re.search("SC-01|PQ-01|PX-01", text)


def test_a_file_is_kept_with_who_and_when_and_comes_back_as_it_was(home: Path, tmp_path: Path) -> None:
    copy, evidence = shutil.copytree(home, tmp_path / "copy"), tmp_path / "证据.txt"
    evidence.write_text("工资表第三页", encoding="utf-8")
    words = ("case", "attach", "inspection-1", str(evidence), "--title", "工资表", "--as", "leading")
    kept = ssj(copy, *words)
    assert kept.returncode == 0, kept.stderr
    name, _, _, digest = kept.stdout.split("\t")
    assert digest.strip() == hashlib.sha256(evidence.read_bytes()).hexdigest()
    listed = ssj(copy, "case", "files", "inspection-1", "--as", "leading").stdout
    assert any(name in line and "工资表" in line and "leading" in line for line in listed.splitlines())
    back = tmp_path / "back.txt"
    assert ssj(copy, "case", "save-file", name, str(back), "--as", "leading").returncode == 0
    assert back.read_bytes() == evidence.read_bytes()


def test_the_twenty_days_begin_with_the_end_of_a_visit_that_found_nobody(
    home: Path, database: sqlite3.Connection
) -> None:
    inspection = yaml.safe_load((home / "workflows/inspection.yaml").read_text("utf-8"))
    # Each way a visit ends keeps its day in the case, from which the twenty days are counted.
    assert inspection["clocks"]["publish_due"]["since"] == "case.finished_on"
    found = [step for state in inspection["states"].values() for step in (state.get("steps") or {}).values()]
    found += inspection["steps"].values()
    ends = {
        step["form"]: [effect["set"] for effect in step.get("then", ()) if "set" in effect]
        for step in found
        if "form" in step and step.get("to") == "to_enter"
    }
    # People of the demonstration type on the day itself; that another day is counted from is said by the rule.
    for form in ("onsite_check", "unreachable", "gone", "no_activity", "uncooperative"):
        assert any("finished_on" in values for values in ends[form]), form
    due = dict(database.execute("SELECT case_id, due_on FROM publication WHERE kind = 'result'"))
    looked = 0
    for step in ("report_unreachable", "report_gone", "report_no_activity", "report_uncooperative"):
        for case, (_, said) in steps(database, step).items():
            ended = date.fromisoformat(said["answers"]["finished_on"])
            assert due[case] == working_days_after(ended, 20).isoformat(), (case, step)
            looked += 1
    assert looked > 3


def test_no_plan_of_a_batch_is_marked_late_for_another_clock(database: sqlite3.Connection) -> None:
    rows = list(database.execute("SELECT case_id, late FROM publication WHERE case_id LIKE 'batch-%'"))
    assert rows
    assert [case for case, late in rows if late] == []


def test_no_kit_on_the_site_names_a_firm_of_the_register(home: Path) -> None:
    kits = sorted((home / "public").glob("draws/*.kit.zip"))
    assert kits
    for kit in kits:
        with zipfile.ZipFile(kit) as packed:
            for name in packed.namelist():
                assert not re.search(rb"91990102MA[0-9A-Z]{8}", packed.read(name)), (kit.name, name)


def test_supervision_does_not_wait_for_the_slowest_case(database: sqlite3.Connection) -> None:
    ((started,),) = database.execute("SELECT at FROM event WHERE stream = 'supervision-1' AND seq = 1")
    ends = [
        datetime.fromisoformat(at)
        for (at,) in database.execute(
            "SELECT (SELECT max(at) FROM event WHERE stream = later.id) FROM 'case' AS later JOIN 'case' AS visit"
            " ON visit.id = later.parent WHERE later.workflow = 'follow_up' AND visit.parent = 'batch-1'"
        )
    ]
    assert datetime.fromisoformat(started) < max(ends)


def test_an_inspector_publishes_no_rules(home: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(home, tmp_path / "copy")
    file = copy / "workflows/inspection.yaml"
    text = file.read_text("utf-8")
    assert "length(form.signed_by) >= 2" in text
    file.write_text(text.replace("length(form.signed_by) >= 2", "length(form.signed_by) >= 1"), "utf-8")
    before = _versions(copy)
    said = ssj(copy, "workflow", "publish", "--as", "insp-07")
    assert (said.returncode != 0, _versions(copy)) == (True, before), said.stdout


def _versions(home: Path) -> int:
    with sqlite3.connect(home / "data/ssj.db") as kept:
        ((versions,),) = kept.execute("SELECT count(*) FROM workflow_version WHERE workflow = 'inspection'")
    kept.close()
    return int(versions)
