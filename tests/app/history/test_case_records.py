"""Documents, papers, publications and the firm of a case are held against what its history says of them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from bureau_of_sections import open_sections

from engine.app.history.case_records import case_unlike, publication_digest, records_said, records_unlike
from engine.app.ports.papers import PaperFact, PaperRecord, PaperState
from engine.app.ports.records import Document, Publication
from engine.lifecycle.case import Case
from engine.lifecycle.chain import GENESIS, Event, follow

AT = datetime(2026, 3, 2, 4, tzinfo=UTC)
DAY = date(2026, 3, 2)
CASE = Case(
    id="c-1",
    workflow="inspection",
    version=1,
    state="s",
    rev=1,
    head="ab",
    title="甲",
    section=None,
    opened_at=AT,
    entered_at=AT,
    subject={"id": "9", "name": "甲公司"},
)
TEXT = Document("c-1/1", "c-1", "notice", "01-notice.html", hashlib.sha256(b"1").hexdigest(), b"1", AT)
PAPER = PaperRecord(
    id="c-1/notice/1",
    case="c-1",
    kind="notice",
    document="c-1/1",
    facts=(PaperFact(PaperState.DRAFTED, DAY, AT, "a"), PaperFact(PaperState.SERVED, DAY, AT, "a")),
    number="〔2026〕1号",
)
SHOWN = Publication(
    id="c-1/result/1", kind="result", case="c-1", title="结果", body={"facts": []}, published_at=AT
)


def chain(*bodies: dict[str, Any]) -> list[Event]:
    events: list[Event] = []
    for body in bodies:
        previous = events[-1].hash if events else GENESIS
        events.append(follow("c-1", len(events) + 1, AT, "a", "advanced", body, previous))
    return events


EVENTS = chain(
    {"subject": dict(CASE.subject)},
    {"effects": {"rendered": ["notice"], "numbers": {PAPER.id: PAPER.number}}},
    {"effects": {"papers": {PAPER.id: {"state": "served", "on": "2026-03-02"}}, "published": ["result"]}},
    {
        "effects": {
            "archive": {
                "documents": {TEXT.id: TEXT.sha256},
                "publications": {SHOWN.id: publication_digest(SHOWN, as_published=True)},
            }
        }
    },
)


def unlike(
    events: Sequence[Event] = EVENTS,
    case: Case = CASE,
    text: Document | None = TEXT,
    paper: PaperRecord | None = PAPER,
    shown: Publication | None = SHOWN,
) -> list[str]:
    records = [[] if one is None else [one] for one in (text, paper, shown)]
    return [str(one) for one in records_unlike(records_said(events), case, *records)]  # type: ignore[arg-type]


def test_what_is_as_the_history_says_is_not_named() -> None:
    assert unlike() == []
    withdrawn = replace(SHOWN, withdrawn_at=AT, withdrawn_because="x")
    assert unlike(shown=withdrawn) == []
    assert unlike(chain({"title": "x"}), text=None, paper=None, shown=None) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"text": None}, "历史所记的文书“c-1/1”的正文不在了"),
        (
            {"text": replace(TEXT, content=b"2", sha256=hashlib.sha256(b"2").hexdigest())},
            "文书“c-1/1”（01-notice.html）的内容与历史所记的摘要不符",
        ),
        ({"paper": None}, "历史所记的文书“c-1/notice/1”的登记不在了"),
        (
            {"paper": replace(PAPER, number="〔2026〕9号")},
            "文书“c-1/notice/1”的文号与历史不符：历史记的是“〔2026〕1号”，现为“〔2026〕9号”",
        ),
        (
            {"paper": replace(PAPER, facts=(PAPER.facts[0], replace(PAPER.facts[1], on=date(2026, 3, 1))))},
            "文书“〔2026〕1号”的“送达”日期与历史不符：历史记的是 2026-03-02，现为 2026-03-01",
        ),
        (
            {"paper": replace(PAPER, facts=PAPER.facts[:1])},
            "文书“〔2026〕1号”的“送达”日期与历史不符：历史记的是 2026-03-02，现为 -",
        ),
        ({"shown": None}, "历史所记的公示“c-1/result/1”不在了"),
        ({"shown": replace(SHOWN, body={"facts": [1]})}, "公示“c-1/result/1”的内容与历史所记的摘要不符"),
        (
            {"case": replace(CASE, subject={**CASE.subject, "name": "乙公司"})},
            "案件的检查对象与历史不符：在办理以外被改动",
        ),
    ],
)
def test_what_is_other_is_named(changed: dict[str, Any], said: str) -> None:
    assert unlike(**changed) == [said]


def test_a_paper_made_again_may_have_other_days_and_a_served_one_may_not() -> None:
    signed = {"effects": {"papers": {PAPER.id: {"state": "signed", "on": "2026-03-01"}}}}
    again = {"effects": {"rendered": ["notice"]}}
    assert unlike(chain(signed)) == ["文书“〔2026〕1号”的“签署”日期与历史不符：历史记的是 2026-03-01，现为 -"]
    assert unlike(chain(signed, again)) == []
    by_command = {"paper": PAPER.id, "number": PAPER.number, "on": "2026-03-01", "becomes": "served"}
    assert len(unlike(chain(by_command, again))) == 1


def test_publications_of_earlier_programs_are_named_where_they_are_gone() -> None:
    listed = chain({"effects": {"archive": {"publications": [SHOWN.id]}}})
    assert unlike(listed, shown=replace(SHOWN, body={"x": 1})) == []
    assert unlike(listed, shown=None) == ["历史所记的公示“c-1/result/1”不在了"]


def test_what_the_firm_has_received_is_held_before_the_case_is_filed() -> None:
    events = chain({"firm": {"act": "receipt", "document": TEXT.id, "sha256": TEXT.sha256}})
    assert unlike(events) == []
    assert len(unlike(events, text=replace(TEXT, content=b"2"))) == 1


def test_the_digest_of_a_publication_says_whether_it_was_withdrawn() -> None:
    withdrawn = replace(SHOWN, withdrawn_at=AT, withdrawn_because="x")
    assert publication_digest(SHOWN) == publication_digest(withdrawn, as_published=True)
    assert publication_digest(withdrawn) != publication_digest(SHOWN)


def test_a_case_is_held_against_its_entries() -> None:
    opened = open_sections()
    with opened.services.store.read() as reading:
        case = reading.cases.get(opened.case)
        (event,) = reading.events.of(opened.case)
    assert case is not None
    assert list(case_unlike(case, [event])) == []
    changes: list[dict[str, Any]] = [
        {"fields": {"class": "A"}},
        {"parties": {"team": ("carl",)}},
        {"title": "别的"},
        {"opened_by": "carl"},
    ]
    for change in changes:
        said = [str(one) for one in case_unlike(replace(case, **change), [event])]
        assert said == [f"案件现状与历史不符：{next(iter(change))}"]
    forged = replace(event, body={**event.body, "title": "别的"}, text="")
    assert [str(one) for one in case_unlike(case, [forged])] == [
        "历史第 1 条：内容与哈希不符：该条在写入后被改动",
        "案件现状与历史不符：title",
    ]
    # Somebody who computes the hash of the entry anew has another end than the case.
    again = follow(event.stream, 1, event.at, event.actor, event.kind, forged.body, GENESIS)
    assert [str(one) for one in case_unlike(case, [again])] == ["案件现状与历史不符：head、title"]
