"""What a page calls people, sections, columns and sources; what has no name is shown as it is."""

from __future__ import annotations

from page_visits import visit_of
from workbench_fixtures import Desk

from engine.language import say
from engine.lifecycle.command import ENGINE, FIRM, SYSTEM
from engine.web.forms.shown import names_of_people
from engine.web.words.names import PageNames, named, sources_in_words


def test_people_and_what_acts_by_itself(desk: Desk) -> None:
    visit = visit_of(desk)
    called, known = PageNames(visit), names_of_people(visit)
    assert called.person("clerk-1") == known["clerk-1"]
    assert called.people(["clerk-1", "gone-1"]) == f"{known['clerk-1']}、gone-1"
    assert [called.person(one) for one in (ENGINE, SYSTEM, FIRM, None)] == ["系统", "系统", "企业", "–"]


def test_sections_roles_channels_and_changes(desk: Desk) -> None:
    called = PageNames(visit_of(desk))
    assert called.section("nowhere") == "nowhere"
    assert called.section(None) == "–"
    assert called.role("clerk") != ""
    assert (called.channel("inbox"), called.channel("pigeon")) == ("收件箱", "pigeon")
    assert (called.change("imported"), called.change("moved")) == ("导入", "moved")


def test_columns_and_cells_of_registers(desk: Desk) -> None:
    called = PageNames(visit_of(desk))
    assert [called.column("people", name) for name in ("roles", "status", "odd")] == ["角色", "状态", "odd"]
    assert called.cell("people", "status", "active") == "在岗"
    assert called.cell("people", "phone", None) == "–"
    assert called.cell("objects", "ratings", [{"class": "A"}]) == "等级 A"
    assert called.cell("objects", "odd", True) == "是"


def test_the_visitor_is_called_by_name(desk: Desk) -> None:
    desk.sign_in()
    visit = visit_of(desk)
    assert visit.visitor is not None
    actor = visit.visitor.actor
    sentence = named(visit, say("“{actor}”不能办理", actor=actor.id))
    assert sentence == f"“{actor.name or actor.id}”不能办理"
    assert named(visit, "plain") == "plain"


def test_lotteries_by_name() -> None:
    assert sources_in_words("ssq:2026023:08.09+07") == "双色球第 2026023 期：08.09+07"
    assert sources_in_words("ssq:2026023（2026-03-03）") == "双色球第 2026023 期（2026-03-03）"
    assert sources_in_words("ssq、dlt") == "双色球、大乐透"
    assert sources_in_words("dice:24") == "dice:24"
