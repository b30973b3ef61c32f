"""Papers as a template lists them: those in force, with the date under the seal and the day of service."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from engine.app.ports.papers import PaperFact, PaperRecord, PaperState
from engine.documents.filed_papers import filed_papers, void_papers

AT = datetime(2026, 3, 1, tzinfo=UTC)


def paper(kind: str, *facts: tuple[PaperState, int], number: str | None = None) -> PaperRecord:
    made = tuple(PaperFact(state, date(2026, 3, day), AT, "p") for state, day in facts)
    return PaperRecord(
        id=f"case-1/{kind}/1", case="case-1", kind=kind, document="", facts=made, number=number
    )


def test_a_void_paper_is_left_out_and_the_others_have_their_dates() -> None:
    draft, numbered, served, void = (
        PaperState.DRAFTED,
        PaperState.NUMBERED,
        PaperState.SERVED,
        PaperState.VOID,
    )
    found = filed_papers(
        [
            paper("notice", (draft, 1), (numbered, 2), (served, 4), number="示〔2026〕1号"),
            paper("record", (draft, 5)),
            paper("order", (draft, 5), (void, 6)),
        ],
        {"notice": "通知书"},
    )
    assert [one["kind"] for one in found] == ["notice", "record"]
    assert found[0] == {
        "kind": "notice",
        "title": "通知书",
        "number": "示〔2026〕1号",
        "dated": date(2026, 3, 2),
        "made_at": AT,
        "served_on": date(2026, 3, 4),
    }
    assert (found[1]["title"], found[1]["number"], found[1]["dated"], found[1]["served_on"]) == (
        "record",
        "",
        date(2026, 3, 5),
        None,
    )


def test_papers_that_were_served_and_are_void_are_told_with_why_and_what_is_in_their_place() -> None:
    draft, served, void = PaperState.DRAFTED, PaperState.SERVED, PaperState.VOID
    old = paper("order", (draft, 1), (served, 2), (void, 3), number="示〔2026〕1号")
    old = replace(old, facts=(*old.facts[:-1], replace(old.facts[-1], note="写错")))
    new = paper("order", (draft, 3), number="示〔2026〕2号")
    draft_only = paper("notice", (draft, 1), (void, 3))
    assert void_papers([old, draft_only], {"order": "责令"}) == [
        {
            "kind": "order",
            "title": "责令",
            "number": "示〔2026〕1号",
            "served_on": date(2026, 3, 2),
            "void_on": date(2026, 3, 3),
            "reason": "写错",
            "instead": "",
        }
    ]
    assert [one["instead"] for one in void_papers([old, new], {})] == ["示〔2026〕2号"]
