"""The other pages of administration: the lines of the day, numbers of papers, backups where there is a deployment."""

from __future__ import annotations

from workbench_desk import Desk

from engine.app.queries.keeping.daily_digest import daily_digest
from engine.kernel.refusal import Refusal
from engine.web.pages.office import backups, series


def test_the_lines_of_the_day_name_what_needs_somebody_first(desk: Desk) -> None:
    desk.sign_in("head-1")
    lines = daily_digest(desk.bureau.application, "head-1")
    assert not isinstance(lines, Refusal)
    about = {line.about: line for line in lines}
    assert about["backups"].needs_somebody
    assert about["daemons"].needs_somebody
    assert not about["deliveries"].needs_somebody
    assert [line.needs_somebody for line in lines] == sorted(
        (line.needs_somebody for line in lines), reverse=True
    )
    text = desk.get("/administration").text
    assert "近期没有备份" in text
    assert 'href="/administration/backups"' in text


def test_numbers_and_backups_have_pages(desk: Desk) -> None:
    desk.sign_in("head-1")
    assert "还没有给过文号" in desk.get("/administration/series?year=2024").text
    assert "请在本机办理" in desk.get("/administration/backups").text
    assert (series.show, backups.show) != (None, None)
