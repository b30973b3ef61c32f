"""A text left beside the calendars is taken back where nothing announced it, and put in its place where it was."""

from __future__ import annotations

import hashlib
from pathlib import Path

from engine.app.commands import Caller
from engine.app.commands.application import Application
from engine.app.commands.calendar import AdoptedYear, adopt_year
from engine.app.execution.calendar_change import announce_file
from engine.app.ports.records import RegisterEntry
from engine.app.registers.import_entries import import_entries
from engine.calendars.load import LOCAL
from engine.calendars.yaml_year import read_year, year_as_yaml
from engine.deployment.home import SETTINGS, Home, find_home
from engine.deployment.open import open_application, open_deployment_store, timekeeping
from engine.deployment.set_up import set_up
from engine.deployment.unfinished_year import calendar_findings, settle_year, unadopted
from engine.lifecycle.command import SYSTEM
from engine.worktime.calendar import YearData

#: A year as a file has it.
YEAR = "year: 2031\nsource: 示例\nholidays:\n  元旦: 2031-01-01\nworkdays: []\n"


def office(tmp_path: Path) -> tuple[Home, Application, YearData]:
    """Return a new deployment with one person who may take up calendars, opened, and the year of `YEAR`."""
    here = find_home(str(set_up(tmp_path / "bureau").path))
    application = open_application(here)
    data, problems = read_year("2031.yaml", YEAR.encode())
    assert data is not None, problems
    people = [RegisterEntry("people", "leading", "示例", None, {"roles": ["leading_office"]})]
    import_entries(application, "people", people, SYSTEM, source="x")
    return here, application, data


def test_by_what_was_announced(tmp_path: Path) -> None:
    (tmp_path / SETTINGS).write_text("database: data/ssj.db\n", encoding="utf-8")
    home = find_home(str(tmp_path))
    store = open_deployment_store(home, create=True)
    home.calendars.mkdir()
    beside = home.calendars / ".2031.yaml.new"
    beside.write_text("year: 2031\n", encoding="utf-8")
    assert "已撤销" in str(next(iter(settle_year(home))))
    assert list(home.calendars.iterdir()) == []
    with store.write() as transaction:
        announce_file(transaction, home.calendars / "2031.yaml", "year: 2031\n")
    store.close()
    beside.write_text("year: 2031\n", encoding="utf-8")
    assert "现已做完" in str(next(iter(settle_year(home))))
    assert (home.calendars / "2031.yaml").read_text("utf-8") == "year: 2031\n"
    assert list(settle_year(home)) == []


def test_a_file_nobody_took_up_is_named_and_one_taken_up_is_not(tmp_path: Path) -> None:
    here, application, data = office(tmp_path)
    try:
        assert list(unadopted(here, application.store)) == []
        copied = here.calendars / "2031.yaml"
        copied.write_text(year_as_yaml(data), encoding="utf-8")
        (here.calendars / LOCAL).write_text("停办: {2031-01-05: 停电检修}\n", encoding="utf-8")
        assert [name for name, _ in unadopted(here, application.store)] == ["2031.yaml", LOCAL]
        (finding,) = calendar_findings(here, application.store)
        assert hashlib.sha256(copied.read_bytes()).hexdigest() in str(finding)
        # Taken up by the command it is as two agreed; changed afterwards it is not.
        done = adopt_year(application, Caller("leading"), here.calendars, data, lambda: timekeeping(here))
        assert isinstance(done, AdoptedYear), done
        assert calendar_findings(here, application.store) == []
        copied.write_text(copied.read_text("utf-8") + "# changed\n", encoding="utf-8")
        assert len(calendar_findings(here, application.store)) == 1
    finally:
        application.store.close()


def test_a_year_whose_last_step_was_left_undone_is_said_to_be_in_effect(tmp_path: Path) -> None:
    here, application, data = office(tmp_path)
    try:
        done = adopt_year(application, Caller("leading"), here.calendars, data, lambda: timekeeping(here))
        assert isinstance(done, AdoptedYear), done
        text = year_as_yaml(data).encode()
        # Killed before the text beside the file was removed; another year was killed before it was announced.
        (here.calendars / ".2031.yaml.77-88.new").write_bytes(text)
        (here.calendars / ".2032.yaml.77-89.new").write_bytes(text.replace(b"2031", b"2032"))
        said = [str(one) for one in settle_year(here)]
        assert ["2031.yaml" in said[0], "现已做完" in said[0], "已撤销" in said[1], len(said)] == [
            *[True] * 3,
            2,
        ]
        assert list(here.calendars.glob(".*")) == []
        # An older text of the year, which was in effect once and is not now, was not taken up.
        (here.calendars / "2031.yaml").write_bytes(text + b"# later\n")
        (here.calendars / ".2031.yaml.77-88.new").write_bytes(text)
        assert ["已撤销" in str(one) for one in settle_year(here)] == [True]
    finally:
        application.store.close()
