"""The other pages of administration: the lines of the day, numbers of papers, backups where there is a deployment."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from workbench_fixtures import Desk, client_of

from engine.app.ports.papers import NumberStatus, PaperNumber
from engine.app.queries.keeping.daily_digest import daily_digest
from engine.deployment.home import Home
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
    with desk.bureau.application.store.write() as transaction:
        for number in (1, 3):
            transaction.papers.add_number(
                PaperNumber(
                    series="letter",
                    year=2024,
                    number=number,
                    text=f"〔2024〕{number}号",
                    status=NumberStatus.GIVEN,
                )
            )
    assert "缺 1 个序号，没有任何记录：2" in desk.get("/administration/series?year=2024").text
    assert "请在本机办理" in desk.get("/administration/backups").text
    assert (series.show, backups.show) != (None, None)


@pytest.mark.parametrize("do", ["make", "check"])
def test_whoever_may_not_make_backups_neither_makes_nor_checks_one(
    do: str, desk: Desk, tmp_path: Path
) -> None:
    desk.bench = replace(desk.bench, home=Home(tmp_path))
    desk.client = client_of(desk.bench)
    desk.sign_in("clerk-1")
    name = "2024-03-04-093000.zip"
    if do == "check":
        (tmp_path / backups.FOLDER).mkdir()
        (tmp_path / backups.FOLDER / name).write_bytes(b"not looked into")
    said = desk.post("/administration/backups", do=do, name=name)
    assert said.status_code == 403
    assert (tmp_path / backups.FOLDER).exists() is (do == "check")
