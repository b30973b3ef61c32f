"""After a correction what is public says the new answer, and papers that hold the old one are named and not changed."""

from __future__ import annotations

import json
from datetime import date, timedelta

from bureau_factories import BUREAU, Bureau
from visit_bureau import unit

from engine.app.execution.correction import left_to_correct
from engine.app.history.replay import history
from engine.app.ports.case_file import Addressee
from engine.app.ports.papers import PaperFact, PaperRecord, PaperState
from engine.app.queries.papers.archive import read_archive
from engine.documents.package.contents import package_of
from engine.kernel.refusal import Refusal

FORM = """
form: note
title: 记录
fields:
  - on: {title: 检查日期, type: date, public: true}
  - staff: {title: 人数, type: integer, public: true, optional: true}
  - half: {title: 一半, type: decimal, computed: "first_filled(form.staff, 0) / 2", public: true}
  - place: {title: 地点, optional: true}
"""
VISIT = """
workflow: visit
title: 检查
about: object
initial: open
start: {by: clerk}
states:
  open: {title: 待办, for: clerk, no deadline: 试}
  shown: {title: 已公示, for: clerk, no deadline: 试二, verbs: [correct]}
  done: {title: 办结, final: true}
transitions:
  - {do: show, title: 公示, from: open, to: shown, form: note, then: [{publish: result, title: 检查结果}]}
  - {do: finish, title: 办结, from: shown, to: done}
"""


def test_the_old_value_stays_in_the_history_and_what_was_published_is_published_anew() -> None:
    bureau = Bureau(BUREAU, FORM, VISIT)
    case = bureau.start("visit", subject={"id": "E1"})
    bureau.take(case, "show", answers={"on": "2024-08-30"})
    outcome = bureau.application.correct(case, "anna", "note.on", "2024-08-29", reason="打错了")
    assert [str(one) for one in outcome.warnings] == [  # type: ignore[union-attr] # of a test
        f"公示已随之更正：检查结果（{case}/result/2）；原公示撤下并写明更正的内容和理由"
    ]
    assert bureau.case(case).forms["note"]["on"] == "2024-08-29"
    with bureau.look() as transaction:
        entries = list(history(transaction, case))
    assert [entry.kind for entry in entries] == ["started", "advanced", "corrected"]
    assert [entry.body["answers"]["on"] for entry in entries[1:]] == ["2024-08-30", "2024-08-29"]
    assert entries[2].body["title"] == "更正《记录》的“检查日期”：2024-08-30 改为 2024-08-29"
    assert entries[2].body["reason"] == "打错了"


def _packed(bureau: Bureau, case: str) -> dict[str, bytes]:
    found = read_archive(bureau.application, "anna", case, Addressee.OFFICE)
    assert not isinstance(found, Refusal), found
    made = package_of(found, {}, addressee=Addressee.OFFICE, to_pdf=lambda html, on: None)
    return {name.removeprefix(f"{case}/"): content for name, content in made.items()}


def test_a_package_made_after_a_correction_has_it_and_the_old_value_in_its_history() -> None:
    bureau = Bureau(BUREAU, FORM, VISIT)
    case = bureau.start("visit", subject={"id": "E1"})
    bureau.take(case, "show", answers={"on": "2024-08-30"})
    before = _packed(bureau, case)
    bureau.application.correct(case, "anna", "note.on", "2024-08-29", reason="打错了")
    after = _packed(bureau, case)
    assert "2024-08-30" in before["data/answers.json"].decode()
    assert "2024-08-29" in after["data/answers.json"].decode()
    told = [json.loads(line) for line in after["data/history.jsonl"].splitlines()]
    assert any("2024-08-30" in json.dumps(one) for one in told)
    assert any("打错了" in json.dumps(one, ensure_ascii=False) for one in told)


def test_what_is_public_of_a_corrected_answer_is_never_other_than_the_answer() -> None:
    bureau = Bureau(BUREAU, FORM, VISIT)
    case = bureau.start("visit", subject={"id": "E1"})
    bureau.take(case, "show", answers={"on": "2024-08-30", "staff": 42, "place": "一楼"})

    def public() -> list[tuple[str, dict[str, str], str | None]]:
        with bureau.look() as transaction:
            return [
                (
                    one.id,
                    {fact["name"]: fact["text"] for fact in one.body["facts"]},
                    one.withdrawn_because,
                )
                for one in transaction.records.publications(case_id=case)
            ]

    # What nobody sees changes nothing of it.
    bureau.application.correct(case, "anna", "note.place", "二楼", reason="打错了")
    assert [(name, why) for name, _, why in public()] == [(f"{case}/result/1", None)]
    bureau.clock.advance(timedelta(days=3))
    bureau.application.correct(case, "anna", "note.staff", "44", reason="数错两人")
    bureau.application.correct(case, "anna", "note.on", "2024-08-29", reason="打错了")
    first, second, third = public()
    assert first[1:] == (
        {"on": "2024-08-30", "staff": "42", "half": "21"},
        "更正《记录》的“人数”：42 改为 44；理由：数错两人",
    )
    assert second[1:] == (
        {"on": "2024-08-30", "staff": "44", "half": "22"},
        "更正《记录》的“检查日期”：2024-08-30 改为 2024-08-29；理由：打错了",
    )
    assert third == (f"{case}/result/3", {"on": "2024-08-29", "staff": "44", "half": "22"}, None)
    sent = [one.payload for one in bureau.outbox("site")]
    assert {"publication": f"{case}/result/3"} in sent


def test_papers_that_are_void_are_left_alone() -> None:
    bureau = Bureau(BUREAU, FORM, VISIT)
    case = bureau.start("visit", subject={"id": "E1"})
    with unit(bureau) as uow:
        assert left_to_correct(uow, case) == []
    bureau.take(case, "show", answers={"on": "2024-08-30"})
    with unit(bureau) as uow:
        now, day = uow.now, date(2024, 9, 2)
        for number, state in ((1, PaperState.SIGNED), (2, PaperState.VOID)):
            fact = PaperFact(state, day, now, "anna")
            uow.transaction.papers.put(
                PaperRecord(
                    id=f"{case}/notice/{number}", case=case, kind="notice", document="d", facts=(fact,)
                )
            )
        (papers,) = left_to_correct(uow, case)
    assert str(papers) == f"文书不随之改动：{case}/notice/1；印有原值的，另行制作，原件作废"
