"""A text left beside the calendars is taken back where nothing announced it, and put in its place where it was."""

from __future__ import annotations

from pathlib import Path

from engine.app.execution.calendar_change import announce_file
from engine.deployment.home import SETTINGS, find_home
from engine.deployment.open import open_deployment_store
from engine.deployment.unfinished_year import settle_year


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
