"""``ssj report`` and ``ssj audit``: exact counts with their denominators, where the plan leads, who meddled."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from command_fixtures import called, done, ssj
from hypothesis import given
from hypothesis import strategies as st

from engine.app.definitions.bureau import bureau_of
from engine.app.ports.records import Publication
from engine.app.reports.reports import MeasureStatus, instant_in, ratio, standings
from engine.app.session.measures import Measure
from engine.cli.records.report import group
from engine.deployment.home import find_home
from engine.deployment.open import open_application, open_deployment_store
from engine.language import say
from engine.lifecycle.case import Case
from engine.operations.backup import database_file

ZONE = ZoneInfo("Asia/Shanghai")
MAY = datetime(2024, 5, 6, 1, tzinfo=UTC)


def case(
    number: int, *, visited: bool = False, closed: bool = False, risk: bool = True, subject: str = ""
) -> Case:
    return Case(
        id=f"inspection-{number}",
        workflow="inspection",
        version=1,
        state="archived" if closed else "to_visit",
        rev=1,
        head="0" * 64,
        title=f"示例{number}",
        section="market",
        opened_at=MAY,
        entered_at=MAY,
        parent=None,
        closed_at=MAY if closed else None,
        subject={"id": subject or f"o{number}"},
        fields={"risk_based": risk},
        forms={"onsite_check": {}} if visited else {},
        parties={},
        clocks={},
    )


@pytest.fixture
def year(home: Path) -> Path:
    """2024 with 200 objects: three visits done (one object twice), two under way, one closed without a visit."""
    cases = [
        case(1, visited=True, closed=True, subject="o1"),
        case(2, visited=True, closed=True, subject="o1"),
        case(3, visited=True, closed=True, risk=False),
        case(4),
        case(5),
        case(6, closed=True),
        replace(case(7, visited=True, closed=True), opened_at=datetime(2023, 12, 31, 15, 59, tzinfo=UTC)),
    ]
    store = open_deployment_store(find_home(str(home)))
    with store.write() as transaction:
        transaction.cases.add(cases)
        for number, late in ((1, True), (2, False)):
            transaction.records.put_publication(
                Publication(
                    id=f"p{number}",
                    kind="result",
                    case=f"inspection-{number}",
                    title="示例",
                    body={},
                    published_at=MAY,
                    late=late,
                )
            )
    store.close()
    return home


def test_the_measures_with_both_counts_and_where_the_plan_leads(year: Path) -> None:
    found = {
        m["id"]: m for m in done("report", "kpi", "--year", "2024", "--json", home=year).json()["measures"]
    }
    coverage = found["coverage"]
    assert (coverage["part"], coverage["whole"], coverage["percent"]) == (2, 200, "1.00%")
    assert (coverage["planned_part"], coverage["planned_percent"], coverage["short"]) == (4, "2.00%", 6)
    assert coverage["sentence"] == "按现计划可达 2.00%，目标 5%，还差 6 户"
    assert (found["risk_based_share"]["part"], found["risk_based_share"]["whole"]) == (5, 6)
    assert found["risk_based_share"]["sentence"] == "目标 85%，还差 1 件"
    assert (found["publication_rate"]["part"], found["publication_rate"]["whole"]) == (2, 3)
    assert (found["published_on_time"]["part"], found["published_on_time"]["sentence"]) == (1, "没有规定目标")
    said = done("report", "kpi", "--year", "2024", home=year)
    assert "年度抽查企业占比\t2/200\t1.00%\t5%\t按现计划可达 2.00%" in said.out
    assert "不是 2024 年的" in said.err


def test_a_year_begins_at_midnight_in_shanghai(year: Path) -> None:
    found = done("report", "kpi", "--year", "2023", "--json", home=year).json()["measures"]
    assert found[0]["part"] == 1
    found = done("report", "kpi", "--year", "2022", "--json", home=year).json()["measures"]
    assert [m["sentence"] for m in found[1:3]] == ["尚无可数的（分母为 0）"] * 2


def test_the_sentence_of_a_measure(year: Path) -> None:
    application = open_application(find_home(str(year)))
    try:
        with application.store.read() as transaction:
            bureau = bureau_of(application.definitions, transaction)
            assert bureau is not None
            lower = replace(bureau, targets={"coverage": "2%", "risk_based_share": "1/2"})
            found = standings(transaction, lower, MAY, ZONE)
    finally:
        application.store.close()
    assert [str(one.sentence) for one in found[:2]] == ["按现计划可达 2.00%，能达到目标 2%", "已达目标 1/2"]
    assert (found[0].reached, found[1].reached, found[3].reached) == (False, True, None)


@given(st.integers(0, 10**9), st.integers(1, 10**9), st.integers(1, 10**4))
def test_what_is_short_is_the_least_that_reaches_the_target(part: int, whole: int, hundredths: int) -> None:
    part = min(part, whole)
    target = f"{hundredths // 100}.{hundredths % 100:02d}%"
    standing = MeasureStatus("x", Measure("", part, whole), target, None, say("户"))
    goal, short = Fraction(hundredths, 10_000), standing.short
    assert ratio(target) == goal
    assert short is not None
    assert Fraction(part + short, whole) >= goal
    assert short == 0 or Fraction(part + short - 1, whole) < goal
    assert (short == 0) is standing.reached


def test_the_instant_of_a_report() -> None:
    assert instant_in(None, MAY, ZONE) is MAY
    assert instant_in(2024, MAY, ZONE) is MAY
    assert instant_in(2023, MAY, ZONE) == datetime(2023, 12, 31, 15, 59, 59, tzinfo=UTC)


def test_progress_by_workflow_and_state(year: Path) -> None:
    (found,) = done("report", "progress", "--year", "2024", "--json", home=year).json()["workflows"]
    assert (found["opened"], found["closed"], found["open"], found["late"]) == (6, 4, 2, 0)
    assert found["states"] == {"待检查": 2, "已归档": 4}
    said = done("report", "progress", "--year", "2024", home=year)
    assert "抽查检查\t启动 6\t办结 4\t在办 2\t逾期 0\n" in said.out
    assert "  待检查\t2/6\n" in said.out
    assert done("report", "progress", "--year", "2021", home=year).out == ""


def test_what_supervision_asks(year: Path) -> None:
    store = open_deployment_store(find_home(str(year)))
    with store.write() as transaction:
        suspended = replace(case(4), suspended_at=MAY, rev=2)
        transaction.cases.save(suspended, 1)
    store.close()
    found = {
        f["id"]: f
        for f in done("report", "supervision", "--year", "2024", "--json", home=year).json()["findings"]
    }
    assert (found["published_late"]["count"], found["published_late"]["whole"]) == (1, 2)
    assert found["published_late"]["cases"] == ["inspection-1"]
    assert (found["suspended"]["count"], found["suspended"]["cases"]) == (1, ["inspection-4"])
    said = done("report", "supervision", "--year", "2024", home=year)
    assert "逾期公示\t1/2\tinspection-1\n" in said.out
    assert said.err == ""
    own = done("report", "supervision", "--year", "2024", "--as", "clerk-market", home=year)
    assert (own.out, own.err) == (said.out, "")
    other = done("report", "supervision", "--year", "2024", "--as", "clerk-training", home=year)
    assert "逾期公示\t1/2\t-\n" in other.out
    assert "inspection-" not in other.out
    assert other.err == "件数是全局的；其他股室的案件没有列出。\n"
    body = done(
        "report", "supervision", "--year", "2024", "--json", "--as", "clerk-training", home=year
    ).json()
    hidden = {one["id"]: one.get("hidden") for one in body["findings"]}
    assert (hidden["published_late"], hidden["suspended"]) == (1, 1)


def test_whole_histories(home: Path) -> None:
    done("case", "start", "batch", "--title", "示例期", "--as", "leading", home=home)
    said = done("audit", "verify", home=home)
    assert said.out == ""
    assert "完整无误" in said.err
    body = done("audit", "verify", "batch-1", "--json", home=home).json()
    assert (body["streams"], body["findings"]) == (1, [])
    assert body["events"] >= 1
    assert ssj("audit", "verify", "absent", home=home).code == 1


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE event SET actor = 'somebody' WHERE stream = 'batch-1' AND seq = 1", "batch-1 第 1 条"),
        ("UPDATE \"case\" SET title = '改过' WHERE id = 'batch-1'", "案件现状与历史不符"),
        ("DELETE FROM event WHERE stream = 'batch-1'", "历史被整体删除"),
    ],
)
def test_what_was_meddled_with_is_named(home: Path, statement: str, said: str) -> None:
    done("case", "start", "batch", "--title", "示例期", "--as", "leading", home=home)
    connection = sqlite3.connect(database_file(find_home(str(home))))
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f'DROP TRIGGER "{name}"')
    connection.execute(statement)
    connection.commit()
    connection.close()
    for words in ([], ["batch-1"]):
        found = ssj("audit", "verify", *words, home=home)
        assert found.code == 1
        assert said in found.out
        assert "起不可信" in found.err
    body = ssj("audit", "verify", "--json", home=home).json()
    assert body["findings"][0]["stream"] == "batch-1"
    today = datetime.now(ZONE).date().isoformat()
    assert body["findings"][0]["day"] <= today


def test_exit_codes_of_the_place(home: Path, tmp_path: Path) -> None:
    for words in (["report", "kpi"], ["audit", "verify"], ["user", "list"], ["register", "list", "objects"]):
        assert ssj(*words, home=tmp_path / "absent").code == 3
    database_file(find_home(str(home))).write_bytes(b"x" * 4096)
    said = ssj("audit", "verify", home=home)
    assert said.code == 3
    assert "ssj restore" in said.err


def test_the_commands_themselves(home: Path) -> None:
    done("case", "start", "batch", "--title", "示例期", "--as", "leading", home=home)
    (row,) = called(group, "progress", "--json", home=home).json()["workflows"]
    assert (row["opened"], row["closed"]) == (1, 0)
    lines = called(group, "progress", home=home).out.splitlines()
    assert lines[0].split("\t")[1:] == ["启动 1", "办结 0", "在办 1", "逾期 0"]
    measures = called(group, "kpi", "--json", home=home).json()["measures"]
    assert len(called(group, "kpi", home=home).out.splitlines()) == len(measures) > 0
    past = called(group, "kpi", "--year", "2020", home=home)
    assert "不是 2020 年的" in past.err
    findings = called(group, "supervision", "--json", home=home).json()["findings"]
    shown = called(group, "supervision", home=home).out.splitlines()
    assert sum(not line.startswith(" ") for line in shown) == len(findings) > 0
    assert called(group, "kpi", "--year", "1999", home=home).code == 2
