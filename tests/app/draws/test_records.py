"""Rosters made of registers, and what is published of a draw."""

from __future__ import annotations

from collections import Counter
from typing import Any

from draws_fixtures import BATCH, DICE, Desk
from v2_factories import Made, whole
from visit_bureau import context_of, unit, visit_bureau

from engine.app.draws.records import (
    UNLIMITED,
    UNRATED,
    children_to_call,
    drawn_rows,
    excluded_of,
    expert_rows,
    history_of_year,
    holder_rows,
    inspector_rows,
    object_rows,
    public_draw,
    rating,
    record_of,
    save_record,
)
from engine.app.draws.v2 import stored
from engine.app.ports.records import RegisterEntry
from engine.draw.v2.visits import visits_of


def entry(name: str, section: str | None = None, **data: Any) -> RegisterEntry:
    return RegisterEntry("objects", name, f" 企业  {name} ", section, data)


def test_the_newest_rating_of_a_scheme_counts() -> None:
    rated = entry(
        "E1",
        ratings=[
            {"scheme": "credit", "class": "A", "date": "2024-01-01"},
            {"scheme": "credit", "class": "C", "date": "2025-01-01"},
            {"scheme": "other", "class": "D", "date": "2026-01-01"},
        ],
    )
    assert rating(rated, "credit") == ("C", "2025-01-01")
    assert rating(entry("E2"), "credit") == (UNRATED, "")


def test_objects_that_cannot_be_drawn_stay_listed_with_the_reason() -> None:
    rows = object_rows(
        [
            entry("E1", labels=["x"]),
            entry("E2", labels=["x"], status="cancelled"),
            entry("E3", labels=["y"]),
            entry("E4", labels=["x"]),
            entry("E5", labels=["x"], frequency_cap=3),
            entry("E6", labels=["x"]),
        ],
        scheme="credit",
        labels=["x"],
        items=["I1"],
        visits={"E4": 1, "E5": 1},
        cap=1,
        excluded={"E6": "under_case"},
    )
    assert {row.object_id: row.exclude_reason for row in rows} == {
        "E1": "",
        "E2": "cancelled",
        "E3": "out_of_scope",
        "E4": "frequency_cap",
        "E5": "",
        "E6": "under_case",
    }
    assert (rows[0].name, rows[0].items, rows[0].eligible) == ("企业 E1", ("I1",), True)


def test_people_that_cannot_go_stay_listed_with_the_reason() -> None:
    rows = inspector_rows(
        [entry("p1", "s1", cert_no="12345678"), entry("p2", cert_no="1", status="on_leave"), entry("p3")],
        Counter({"p1": 2}),
        {"p1": {"E1"}},
    )
    assert [row.exclude_reason for row in rows] == ["", "on_leave", "no_certificate"]
    assert (rows[0].section, rows[0].load, rows[0].previous) == ("s1", 2, ("E1",))
    assert "12345678" not in rows[0].cert_no_digest
    experts = expert_rows([entry("x1"), entry("x2", appointed_to="2026-12-31", status="left")], Counter())
    assert [(row.cert_valid_to, row.eligible) for row in experts] == [
        (UNLIMITED, True),
        ("2026-12-31", False),
    ]
    holders = holder_rows(["h1"], {"h1": {"c1"}}, Counter())
    assert (holders[0].recusals, holders[0].eligible) == (("c1",), True)


def test_a_record_is_stored_and_read_again(desk: Desk) -> None:
    desk.drawn()
    row = desk.row()
    with desk.unit() as uow:
        save_record(uow, row.case, row.number, row.status, record_of(row), row.made_at)
    assert desk.row() == row
    assert row.record["drawn"] == len(desk.record().visits)


def test_the_history_of_the_year_leaves_void_draws_out(desk: Desk) -> None:
    desk.complete()
    record = desk.record()
    with desk.unit() as uow:
        visits, loads, previous = history_of_year(uow, uow.now)
    assert visits == Counter(visit.object_id for visit in record.visits)
    assert sum(loads.values()) == 2 * len(record.visits)
    assert set(previous) == set(loads)
    void = {"applicant": "drawer", "reason_code": "roster_error", "facts": "漏导", "evidence": "比对表"}
    desk.takes("void_draw", "deputy", void, reason="名册有误")
    with desk.unit() as uow:
        assert history_of_year(uow, uow.now) == (Counter(), Counter(), {})
        shown = public_draw(uow, desk.case())
        assert shown is not None
        assert shown["void_reason"] == "名册有误"
        assert children_to_call(uow, BATCH, "inspection", only_closed=True) == []
        for only_closed in (True, False):
            assert children_to_call(uow, BATCH, "inspection", only_closed=only_closed) == []


def test_what_is_published_of_an_open_draw_has_the_list_and_no_people(desk: Desk) -> None:
    desk.complete()
    record = desk.record()
    with desk.unit() as uow:
        found = public_draw(uow, desk.case())
    assert found is not None
    assert [one["id"] for one in found["selected"]] == [visit.object_id for visit in record.visits]
    assert (found["entropy"], found["void_reason"]) == (f"{DICE}/batch:{BATCH}", None)
    people = {person for visit in record.visits for person in record.team(visit.object_id)}
    assert not any(person in str(found) for person in people)


def test_what_is_published_under_embargo_has_no_list(kept: Desk) -> None:
    kept.drawn_under_embargo()
    with kept.unit() as uow:
        found = public_draw(uow, kept.case())
    assert found is not None
    assert (found["selected"], found["codes"], found["revealed"]) == ([], [], False)
    assert [stratum["cutoff"] for stratum in found["strata"]] == [None] * 4


def test_the_rows_children_are_started_with_are_those_drawn_in_the_order_of_ids(desk: Desk) -> None:
    desk.complete()
    record = desk.record()
    with desk.unit() as uow:
        rows = list(drawn_rows(context_of(uow, desk.case())))
        registers = uow.transaction.registers.some("objects", [row["id"] for row in rows])
    assert [(row["id"], row["position"]) for row in rows] == [
        (name, number) for number, name in enumerate(sorted(visit.object_id for visit in record.visits), 1)
    ]
    for row in rows:
        assert tuple(row["inspectors"]) == record.team(row["id"])
        assert row["address"] == registers[row["id"]].data.get("address")
    assert excluded_of(desk.row()) == dict(record.parsed.objects.excluded)


def test_the_rows_of_a_public_draw_have_its_names_classes_and_people() -> None:
    made = whole()
    bureau = visit_bureau()
    plan = bureau.case(bureau.start("plan"))
    with unit(bureau) as uow:
        assert list(drawn_rows(context_of(uow, plan))) == []
        stored.save(uow.transaction, plan.id, 1, "complete", made.draw, made.log, uow.now)
        address = RegisterEntry("objects", made_first(made), "甲", None, {"address": "一街", "labels": ["x"]})
        uow.transaction.registers.put([address], uow.now)
        rows = list(drawn_rows(context_of(uow, plan)))
        row = uow.transaction.records.draw(plan.id)
    assert row is not None
    assert [
        (one["id"], one["name"], one["class"], one["district"], one["ticket"], tuple(one["inspectors"]))
        for one in rows
    ] == [
        (
            visit.row.object_id,
            visit.row.name,
            visit.row.stratum,
            visit.row.district,
            visit.ticket,
            tuple(visit.people),
        )
        for visit in sorted(visits_of(made.draw), key=lambda visit: visit.row.object_id)
    ]
    assert [one["position"] for one in rows] == list(range(1, len(rows) + 1))
    assert (rows[0]["address"], rows[0]["labels"], rows[1]["address"]) == ("一街", ["x"], None)
    # Five are struck off, and the commitment says so of nobody, save where it is one of before.
    assert excluded_of(row) == {}
    former = whole(former="eligible")
    with unit(bureau) as uow:
        stored.save(uow.transaction, plan.id, 2, "complete", former.draw, former.log, uow.now)
        earlier = uow.transaction.records.draw(plan.id)
    assert earlier is not None
    assert excluded_of(earlier) == {"已注销": 5}


def made_first(made: Made) -> str:
    return min(visit.row.object_id for visit in visits_of(made.draw))
