"""What must not be done is refused, with the rule and its basis; what is late is put before the deputy head."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from acceptance_fixtures import (
    CHIEF,
    PUBLICATION,
    RESULT,
    REVIEWED,
    REVIEWER,
    Bureau,
    check_rows,
    copy_of,
    open_bureau,
    to_the_visit,
    visit,
)

from engine.app.registers.import_entries import import_entries

DAY = "2024-03-04"
#: All certificates and the time for visits end on this day.
LAST = "2024-04-12"
CASE = "inspection-1"
COLLEAGUES = ("insp-01", "insp-04", "insp-07")
"""Inspectors of the section, one more than a team has."""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, datetime]:
    """A deployment in which the first inspection waits for its visit."""
    with pytest.MonkeyPatch.context() as patch:
        bureau = open_bureau(tmp_path_factory.mktemp("prepared"), patch, DAY)
        application = bureau.application()
        with application.store.read() as transaction:
            entries = transaction.registers.all("inspectors")
        ending = [replace(entry, data={**entry.data, "cert_valid_to": LAST}) for entry in entries]
        import_entries(application, "inspectors", ending, "registrar", source="test")
        application.store.close()
        to_the_visit(bureau, (1, 39))
    return bureau.home, bureau.clock.now()


@pytest.fixture
def bureau(prepared: tuple[Path, datetime], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bureau:
    return copy_of(*prepared, tmp_path, monkeypatch)


def test_a_wrong_person_is_told_whose_step_it_is_and_by_which_rule(bureau: Bureau) -> None:
    team = bureau.team(CASE)
    record = visit(bureau, team, check_rows(bureau.show(CASE)))
    # Of the section: to others the case does not exist, and the draw decides who is in the team.
    colleague = next(person for person in COLLEAGUES if person not in team)
    for person in (colleague, "leading", CHIEF):
        said = bureau.refused(CASE, "finish_visit", person, record)
        assert f"“{person}”不能办理“完成检查”：该步骤由检查人员（{'、'.join(team)}）办理" in said
        assert "（依据：优化营商环境条例 第五十四条）" in said
    # Who has approved the visit is refused for that already.
    said = bureau.refused(CASE, "finish_visit", "head", record)
    assert "“head”已在本件办过“批准检查”，不能再办“完成检查”（依据：本局内部控制要求）" in said
    stranger = bureau.ssj("task", "advance", CASE, "finish_visit", "--as", "nobody-01")
    assert (stranger.code, stranger.out) == (1, "")
    assert "nobody-01" in stranger.err


def test_only_a_reviewer_of_the_section_reviews(bureau: Bureau) -> None:
    team = bureau.team(CASE)
    bureau.signed(CASE, "finish_visit", team, visit(bureau, team, check_rows(bureau.show(CASE))))
    bureau.takes(CASE, "enter_result", team[1], RESULT)
    for inspector in team:
        said = bureau.refused(CASE, "pass_review", inspector, REVIEWED)
        done = f"“{inspector}”已在本件办过“完成检查”，不能再办“审核通过”"
        assert f"{done}（依据：本局内部控制要求）" in said
    colleague = next(person for person in COLLEAGUES if person not in team)
    said = bureau.refused(CASE, "pass_review", colleague, REVIEWED)
    assert "该步骤由劳动监察大队的审核员办理（依据：本局内部控制要求）" in said
    said = bureau.hidden(CASE, "pass_review", "reviewer-market", REVIEWED)
    assert f"没有案件“{CASE}”，或它属于其他股室" in said
    assert bureau.takes(CASE, "pass_review", REVIEWER, REVIEWED) == "to_publish"


def test_a_missing_signature(bureau: Bureau) -> None:
    team = bureau.team(CASE)
    rows = check_rows(bureau.show(CASE))
    said = bureau.refused(CASE, "finish_visit", team[0], visit(bureau, team[:1], rows))
    assert "至少两名检查人员签字（依据：劳动保障监察条例 第十六条；行政处罚法 第四十二条）" in said
    unsigned = visit(bureau, team, rows)
    del unsigned["signed_by"]
    assert "签字的检查人员" in bureau.refused(CASE, "finish_visit", team[0], unsigned)
    forged = visit(bureau, [team[0], "leading"], rows)
    said = bureau.refused(CASE, "finish_visit", team[0], forged)
    assert "签字人中有人不是抽取确定的检查人员（依据：优化营商环境条例 第五十四条）" in said
    assert bureau.signed(CASE, "finish_visit", team, visit(bureau, team, rows)) == "to_enter"


def test_a_certificate_that_was_valid_at_the_draw_and_expired_on_the_day_of_the_visit(bureau: Bureau) -> None:
    team = bureau.team(CASE)
    rows = check_rows(bureau.show(CASE))
    bureau.until("2024-04-15")
    said = bureau.refused(
        CASE, "finish_visit", team[0], visit(bureau, team, rows, day_changed="四月八日电话告知改期")
    )
    assert "检查当日执法证件有效并签字的检查人员不足两人（依据：劳动保障监察条例 第十六条）" in said
    on_its_last_day = {
        "visited_on": LAST,
        "arrived_at": f"{LAST}T09:00+08:00",
        "left_at": f"{LAST}T10:00+08:00",
    }
    assert (
        bureau.signed(
            CASE,
            "finish_visit",
            team,
            visit(bureau, team, rows, day_changed="四月八日电话告知改期", **on_its_last_day),
        )
        == "to_enter"
    )


def said_of_cases(bureau: Bureau, person: str) -> list[str]:
    """Return the messages of a person but those of new tasks, and what whoever acts in the draw is told of its registers."""
    return [
        text for text in bureau.messages(person) if not text.startswith(("新待办", "承诺前 90 天内，名录有 "))
    ]


def test_an_entry_three_days_late_goes_to_the_deputy_head_and_is_published_as_late(bureau: Bureau) -> None:
    team = bureau.team(CASE)
    bureau.until("2024-03-06")
    bureau.signed(CASE, "finish_visit", team, visit(bureau, team, check_rows(bureau.show(CASE))))
    # 20 working days after 2024-03-06; three more are 2024-04-09, for Qingming is in between.
    bureau.until("2024-04-08", hour=23)
    assert CASE not in bureau.work_items("deputy")
    assert not said_of_cases(bureau, "deputy")
    for person in (*team, CHIEF):
        assert any(
            "逾期" in text and "（依据：实施方案 二（四））" in text for text in bureau.messages(person)
        )
    bureau.until("2024-04-09")
    duty = bureau.work_items("deputy")[CASE]
    assert (duty["due_on"], duty["late"]) == ("2024-04-03", True)
    assert f"{CASE}\t待录入结果\t2024-04-03【逾期】\t" in bureau.done("task", "list", "--as", "deputy")
    (told,) = said_of_cases(bureau, "deputy")
    assert told.startswith(f"升级督办：“{duty['title']}”（{CASE}）的“录入并公示时限”")
    assert told.endswith(
        "应于2024-04-03办结，已逾期，现处“待录入结果”，请办理“录入检查结果”（依据：实施方案 二（四））"
    )
    assert [event["kind"] for event in bureau.history(CASE)][-3:] == ["overdue", "reminded", "escalated"]

    bureau.takes(CASE, "enter_result", team[1], RESULT)
    bureau.takes(CASE, "pass_review", REVIEWER, REVIEWED)
    said = bureau.refused(CASE, "publish_result", team[0], PUBLICATION)
    assert "须写明逾期公示的理由，随结果公开（依据：实施方案 二（四））" in said
    why = "录入系统停机三天，恢复后补录"
    assert bureau.takes(CASE, "publish_result", team[0], {**PUBLICATION, "late_reason": why}) == "closed"
    bureau.done("site", "build", "--as", "leading")
    page = (bureau.home / "public/results/inspection-1-1.html").read_text(encoding="utf-8")
    assert "逾期" in page
    assert why in page
    listed = (bureau.home / "public/results/list.csv").read_text(encoding="utf-8-sig")
    header, row = list(csv.reader(listed.splitlines()))
    assert dict(zip(header, row, strict=True))["是否逾期"] == "逾期公示"
