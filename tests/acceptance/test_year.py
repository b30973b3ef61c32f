"""The demonstration year: the same inputs give the same draws, every promise holds, and the daemon goes on from there."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from acceptance_fixtures import run
from mission_table import MISSION, rows_of
from public_joins import guessed, joins, named_beside_lots, read_public, told_by_teams
from public_leavers import kits_of, known_to_be_out, told

from engine.app.draws.minutes import text_of
from engine.app.draws.v2.minutes import facts
from engine.app.draws.v2.stored import draw_of
from engine.app.registers.private_columns import private_keys
from engine.demo import set_up as demonstrating
from engine.demo.people import Staff
from engine.deployment.home import find_home
from engine.deployment.open import open_deployment_store
from engine.documents.duties import cited, read_duties
from engine.draw.v2.kit import PROGRAMS, program
from engine.draw.v2.visits import visits_of
from engine.register.profile import built_in
from engine.register.sheet.writing import write_csv
from engine.synthetic.registers import sample_objects
from engine.synthetic.scenario import shipped
from tests.demonstration import demonstration, short_year
from tests.hung_run import HUNG, until

#: The smallest round number for which one visit by each class, as the last batch makes them, is a small share.
OBJECTS = 300
SHIPPED = shipped().registers["objects"]
KEYS = [
    "objects",
    "drawn",
    "coverage",
    "risk_based_share",
    "inspected",
    "published",
    "published_on_time",
    "archived",
    "reminders",
    "escalations",
    "notifications",
    "referrals",
    "criminal_referrals",
    "refused",
]


@dataclass(frozen=True, slots=True)
class Demonstration:
    """One run: where it was left and what it said."""

    home: Path
    said: dict[str, Any]

    def ssj(self, *words: str) -> str:
        """Run a command in it, which must succeed."""
        said = run("--home", str(self.home), *words)
        assert said.code == 0, said.err
        return said.out

    def draws(self) -> list[str]:
        """Return every draw as ``draw show --json`` prints it."""
        listed = json.loads(self.ssj("draw", "list", "--json"))
        return [
            self.ssj("draw", "show", row["case"], "--number", str(row["number"]), "--json") for row in listed
        ]


SSJ = [sys.executable, "-c", "from engine.cli.main import main; main()"]


def demonstrations(folder: Path) -> dict[str, Demonstration]:
    """Return three runs side by side on one register: twice the same, and once with other dice."""
    register = folder / "objects.csv"
    write_csv("objects", sample_objects(OBJECTS, "acceptance"), register)
    asked = {"one": "2024", "two": "2024", "other": "7"}
    running = {
        name: subprocess.Popen(
            [*SSJ, "demo", str(folder / name), "--objects", str(register), "--seed", seed, "--json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        for name, seed in asked.items()
    }
    found = {}
    try:
        for name, process in running.items():
            out, err = process.communicate(timeout=HUNG)
            assert process.returncode == 0, err
            found[name] = Demonstration(folder / name, json.loads(out))
    finally:
        for process in running.values():
            process.kill()
            process.communicate()
    return found


def short_years(folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Demonstration]:
    """Return three years with few visits: twice the same, and once with other dice.

    Whenever all have done their work, nobody has anything left to do at that moment: a year that was broken off goes on
    with the rest of it, and comes to the same.
    """
    work = Staff.work

    def to_the_end(staff: Staff, now: datetime) -> None:
        work(staff, now)
        left = [(plan.case.id, plan.choice.step, plan.person) for plan in staff._plans(now)]
        assert left == [], now

    monkeypatch.setattr(Staff, "work", to_the_end)
    monkeypatch.setattr(demonstrating, "shipped", short_year)
    found = {}
    for name, seed in (("one", "2024"), ("two", "2024"), ("other", "7")):
        said = run("demo", str(folder / name), "--seed", seed, "--json")
        assert said.code == 0, said.err
        found[name] = Demonstration(folder / name, json.loads(said.out))
    monkeypatch.undo()
    return found


def test_the_demonstration_year(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One test, so that workers side by side do not each let three years go by."""
    place = demonstration(tmp_path_factory)
    whole = Demonstration(place / "demo", json.loads((place / "found.json").read_text("utf-8")))
    the_summary_keeps_every_promise({"whole": whole}, SHIPPED)
    a_stranger_verifies_every_draw(whole, tmp_path)
    the_site_holds_a_page_for_every_result(whole)
    no_private_value_of_a_register_is_published(whole)
    what_is_public_as_breached_is_a_duty(whole)
    nobodys_class_follows_from_what_is_public(whole)
    every_row_of_the_mission_is_shown(whole)
    platform_workbooks_go_out_and_come_back_equal(whole, tmp_path)
    years = short_years(tmp_path, monkeypatch)
    the_same_inputs_give_the_same_draws_to_the_byte(years)
    the_history_is_whole_and_says_so_where_it_is_not(years["two"])
    if os.name == "posix":
        the_daemon_opens_what_the_year_left_and_stops_when_asked(years["other"])


@pytest.mark.soak
def test_whole_years_of_the_same_and_of_other_dice(tmp_path: Path) -> None:
    years = demonstrations(tmp_path)
    the_summary_keeps_every_promise(years, OBJECTS)
    the_same_inputs_give_the_same_draws_to_the_byte(years)
    a_stranger_verifies_every_draw(years["one"], tmp_path)
    no_private_value_of_a_register_is_published(years["one"])
    nobodys_class_follows_from_what_is_public(years["one"])
    the_history_is_whole_and_says_so_where_it_is_not(years["two"])


def the_summary_keeps_every_promise(years: dict[str, Demonstration], objects: int) -> None:
    for year in years.values():
        said = year.said
        assert set(KEYS) <= set(said)
        assert said["objects"] == objects
        assert said["coverage"] >= 0.05
        assert said["risk_based_share"] >= 0.85
        assert said["published"] == said["inspected"] == said["drawn"] == said["archived"]
        assert said["open"] == 0
        assert 0 < said["published_on_time"] <= said["published"]
        for key in (
            "reminders",
            "escalations",
            "notifications",
            "referrals",
            "criminal_referrals",
            "refused",
        ):
            assert said[key] >= 1, key


def the_same_inputs_give_the_same_draws_to_the_byte(years: dict[str, Demonstration]) -> None:
    draws = years["one"].draws()
    assert len(draws) >= 3
    assert draws == years["two"].draws()
    assert years["one"].said == years["two"].said
    other = years["other"].draws()
    assert all(first != second for first, second in zip(draws, other, strict=True))


def a_stranger_verifies_every_draw(year: Demonstration, folder: Path) -> None:
    for row in json.loads(year.ssj("draw", "list", "--json")):
        kit = folder / f"{row['case']}-{row['number']}"
        year.ssj("draw", "kit", row["case"], str(kit), "--number", str(row["number"]))
        # -I and -S: nothing but the standard library can be found.
        done = subprocess.run([sys.executable, "-IS", str(kit / "verify.py"), str(kit)], capture_output=True)
        assert done.returncode == 0, done.stdout.decode()
        year.ssj("draw", "verify", row["case"], "--number", str(row["number"]))


def every_row_of_the_mission_is_shown(year: Demonstration) -> None:
    """Run the command of each row of the mission's table, each command once, and look for what the row says.

    Between words any space is as good as another: columns are set apart by tabs.
    """
    said: dict[str, str] = {}
    for row in rows_of(MISSION):
        if row.command not in said:
            done = run("--home", str(year.home), *row.command.split())
            assert done.code == 0, f"{row.number} {row.command}: {done.err}"
            said[row.command] = " ".join((done.out + done.err).split())
        assert row.shows in said[row.command], f"{row.number} {row.command}"


def the_site_holds_a_page_for_every_result(year: Demonstration) -> None:
    year.ssj("site", "build", "--as", "leading")
    results = list((year.home / "public/results").glob("inspection-*.html"))
    assert len(results) >= year.said["published"]
    assert (year.home / "public/index.html").is_file()
    assert list((year.home / "public/draws").glob("*.json"))


def what_is_public_as_breached_is_a_duty(year: Demonstration) -> None:
    """No row that is wrong names an article that empowers the inspection; each names a duty, or says that none is stated."""
    duties = read_duties((year.home / "forms" / "templates",))
    pages = [
        json.loads(file.read_bytes()) for file in (year.home / "public" / "results").glob("inspection-*.json")
    ]
    wrong = [item for page in pages for item in page["body"]["items"] if item["result"] == "不符合"]
    assert len(wrong) >= 20
    for item in wrong:
        assert item["basis"]
        for one in cited(item["basis"]):
            assert one.law or one.text == "未写明", item
            assert duties.powers.isdisjoint((one.law, number) for number in one.numbers), item


def no_private_value_of_a_register_is_published(year: Demonstration) -> None:
    """Search every file of the site, and of every kit on it, for what the registers keep to themselves."""
    site = year.home / "public"
    kits = sorted(site.glob("draws/*.kit.zip"))
    assert len(kits) == len(json.loads(year.ssj("draw", "list", "--json")))
    packed = []
    for kit in kits:
        with zipfile.ZipFile(kit) as archive:
            for name in archive.namelist():
                content, fixed = archive.read(name), Path(name).name
                if fixed in PROGRAMS:
                    assert content == program(fixed)
                else:
                    packed.append(content)
    inside = b"\n".join(dict.fromkeys(packed))
    outside = b"\n".join(
        file.read_bytes() for file in sorted(site.rglob("*")) if file.is_file() and file.suffix != ".zip"
    )
    store = open_deployment_store(find_home(str(year.home)))
    try:
        with store.read() as transaction:
            kinds = ("objects", "inspectors", "experts", "people")
            entries = [entry for kind in kinds for entry in transaction.registers.all(kind)]
    finally:
        store.close()
    assert len(entries) > year.said["objects"]
    for entry in entries:
        # Every private column; whom somebody must avoid is a firm's id, which is on the site of a visited firm by right.
        columns = {"legal_rep", *private_keys(built_in(entry.kind))} - {"recusals"}
        private = [one for name in sorted(columns) for one in _texts(entry.data.get(name))]
        private += [entry.name] if entry.kind != "objects" else []
        private += [entry.id] if entry.kind in ("inspectors", "experts") else []
        for value in filter(None, private):
            assert str(value).encode() not in outside, (entry.id, value)
        # Inside a kit nobody has a name: neither those who are visited nor those who go there, or must not.
        named = [entry.id] if entry.kind != "people" else []
        for value in filter(None, [*named, entry.name, *private]):
            assert not _named(str(value), inside), (entry.id, value)
    for file in site.rglob("*.json"):
        assert not list(_classes(json.loads(file.read_text("utf-8")))), file


def nobodys_class_follows_from_what_is_public(year: Demonstration) -> None:
    """Lay every order of every kit beside every order of the site; the draws themselves are opened only to judge the joins."""
    store = open_deployment_store(find_home(str(year.home)))
    try:
        with store.read() as transaction:
            drawn = {row.case: list(visits_of(draw_of(row))) for row in transaction.records.draws()}
            minutes = {
                row.case: text_of(facts(transaction, row, ZoneInfo("Asia/Shanghai")))
                for row in transaction.records.draws()
            }
            papers = {
                case: {
                    one.name: one.content.decode(errors="replace")
                    for one in transaction.records.documents(case)
                }
                for case in drawn
            }
    finally:
        store.close()
    shown = 0
    batches = list(read_public(year.home / "public"))
    pages = {
        str(file): file.read_text("utf-8")
        for file in (year.home / "public").rglob("*")
        if file.suffix in (".html", ".json", ".csv", ".js")
    }
    assert len(batches) == len([case for case in drawn if case.startswith("batch-")])
    for seen in batches:
        truth = {visit.row.object_id: visit.row.stratum for visit in drawn[seen.batch]}
        numbered = next(order for where, order in seen.firms.items() if where == "results by /body/case")
        # What everybody can make himself tells nothing: cases are numbered in the order of the codes that are published.
        assert list(numbered) == sorted(truth)
        best = max(joins(seen, truth), key=lambda one: one.right)
        assert best.right <= guessed(seen, truth), (seen.batch, best)
        assert told_by_teams(seen.kit) == [], seen.batch
        # What is printed of the draw is signed and handed on: no paper or page names a firm beside its ticket or lot.
        printed = {**pages, **papers[seen.batch], "minutes": minutes[seen.batch]}
        assert named_beside_lots(printed, seen.kit, truth) == [], seen.batch
        # Teams are told where none follows from the items or the section of a firm: the label of batch-2 asks for some.
        rules = json.loads(seen.kit["commitment.json"])["people_rules"]
        alike = rules["team_per"] == "object" and all(
            not place["own_section"] and not place["district"] and place["items"] == "none"
            for place in rules["places"]
        )
        assert ("teams.json" in seen.kit) == alike, seen.batch
        shown += "teams.json" in seen.kit
    assert shown
    # Nor from who is known to have left, whoever was visited as often as may be, or had been in a later year.
    results = [json.loads(file.read_bytes()) for file in (year.home / "public" / "results").glob("*-1.json")]
    known, kits = known_to_be_out(results, 2), kits_of(year.home / "public")
    for number, kit in enumerate(kits, 1):
        assert told(kits[:number], max(1, len(known))) == []
        assert {"listed", "eligible"} & {name.rsplit(".")[-1] for name, _ in kit.counted()} == {"listed"}
        assert not kit.out.lost


def _texts(value: Any) -> list[str]:
    return [str(one) for one in (value if isinstance(value, list) else [value]) if one]


def _named(value: str, inside: bytes) -> bool:
    """Whether a value stands in a file by itself; short ids are words of the programs and pages too."""
    return value.encode() in inside and bool(
        re.search(rb"(?<![\w-])" + re.escape(value.encode()) + rb"(?![\w-])", inside)
    )


def _classes(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        # The ratios of the plan name classes too; only with an id beside it is it the class of somebody.
        if value.get("class") and value.get("id"):
            yield value["class"]
        for inner in value.values():
            yield from _classes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _classes(inner)


def the_history_is_whole_and_says_so_where_it_is_not(year: Demonstration) -> None:
    year.ssj("audit", "verify")
    with sqlite3.connect(year.home / "data/ssj.db") as database:
        database.execute("UPDATE event SET actor = 'somebody' WHERE stream = 'inspection-3' AND seq = 2")
    database.close()
    said = run("--home", str(year.home), "audit", "verify")
    assert said.code == 1
    assert "inspection-3 第 2 条" in said.out


def the_daemon_opens_what_the_year_left_and_stops_when_asked(year: Demonstration) -> None:
    log = year.home / "daemon.log"
    with log.open("w") as stream:
        daemon = subprocess.Popen(
            [*SSJ, "--home", str(year.home), "serve", "--health-port", "0"], stdout=stream, stderr=stream
        )
        try:
            _wait(log, daemon)
            daemon.send_signal(signal.SIGTERM)
            assert daemon.wait(HUNG) == 0, log.read_text(encoding="utf-8")
        finally:
            daemon.kill()
            daemon.wait()
    assert "Traceback" not in log.read_text(encoding="utf-8")


def _wait(log: Path, daemon: subprocess.Popen[bytes]) -> None:
    """Wait until the daemon says that it is ready."""

    def ready() -> bool:
        said = log.read_text(encoding="utf-8")
        assert daemon.poll() is None, said
        return '"started"' in said

    until(ready, lambda: log.read_text(encoding="utf-8"))


def platform_workbooks_go_out_and_come_back_equal(one: Demonstration, tmp_path: Path) -> None:
    counted = {one["id"]: one["rows"] for one in json.loads(one.ssj("exchange", "list", "--json"))}
    # Every format that has rows in the year; what nothing of ours says is filled in by hand before it is sent.
    with_rows = [name for name, rows in counted.items() if rows]
    assert len(with_rows) >= 8, counted
    assert {"zhejiang_result", "jianguan_check_action", "xinyong_penalty", "xinyong_penalty_2016"} <= set(
        with_rows
    )
    for name in with_rows:
        file = tmp_path / f"{name}.xlsx"
        one.ssj("exchange", "export", name, str(file), "--year", "2024", "--as", "registrar")
        checked = run(
            "--home", str(one.home), "exchange", "check", name, str(file), "--year", "2024", "--json"
        )
        found = json.loads(checked.out)
        assert (found["rows"], found["differences"]) == (counted[name], []), name
        by_hand = name in ("jianguan_check_action", "xinyong_penalty")
        assert (checked.code == 0) is not by_hand, name
        if by_hand or name == "year_measures":
            # Each is written and read again with all columns filled in `tests/exchange/test_every_format.py`.
            continue
        back = one.ssj("exchange", "import", name, str(file), "--year", "2024", "--as", "registrar")
        if name in ("objects", "items"):
            assert "新增 0 条，改动 0 条" in back, name
            continue
        (state,) = [row for row in json.loads(one.ssj("exchange", "list", "--json")) if row["id"] == name]
        assert state["rows"] == state["exported"] == state["received"] > 0, name
