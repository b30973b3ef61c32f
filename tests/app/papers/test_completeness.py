"""What the file of a case lacks is named piece by piece, a missing signature by whose it is."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from paper_fixtures import NOON, TODAY, case_of

from engine.app.papers.completeness import piece_states
from engine.app.ports.papers import PaperFact, PaperRecord, PaperState
from engine.app.ports.records import Document, Publication, RegisterEntry
from engine.app.ports.signatures import SignatureRecord, SigningWay
from engine.definition.expressions import parse_condition
from engine.kernel.instants import to_text
from engine.lifecycle.case import Case
from engine.lifecycle.chain import GENESIS, Event, follow
from engine.lifecycle.expressions.condition import Condition
from engine.lifecycle.model.archive_rule import ArchivePiece, ArchiveRule
from engine.lifecycle.model.workflow import Effect, Transition
from engine.store.memory.store import MemoryStore

CASE = replace(
    case_of(),
    parties={"inspectors": ("i-1", "i-2")},
    forms={"visit": {"signed_by": ["i-1"], "seen": False}},
)


def missing(*pieces: ArchivePiece, case: Case = CASE, **more: Any) -> list[str]:
    """Return what is missing of the pieces, in their order, on a store that `more` fills."""
    store = MemoryStore()
    with store.write() as transaction:
        transaction.registers.put([RegisterEntry("inspectors", "i-2", "乙", None, {})], NOON)
        for one in more.get("papers", ()):
            transaction.papers.put(one)
            digest, content = hashlib.sha256(b"<p>").hexdigest(), more.get("written", b"<p>")
            if content is not None:
                made = Document(one.document, case.id, one.kind, "01-notice.html", digest, content, NOON)
                transaction.records.put_document(made)
        for one in more.get("publications", ()):
            transaction.records.put_publication(one)
        for one in more.get("signatures", ()):
            transaction.signatures.add(one)
        rule = None if more.get("no_rule") else ArchiveRule(contents=pieces)
        steps = tuple(more.get("steps", ()))
        workflow = SimpleNamespace(
            archive=rule,
            forms={},
            start_form=None,
            states={"there": None} if steps else {},
            transitions=steps,
            leaving=lambda state: steps,
        )
        events = more.get("events") or history_of(case, more.get("signatures", ()))
        people = SimpleNamespace(entries=transaction.registers.some)
        uow: Any = SimpleNamespace(
            transaction=transaction,
            services=SimpleNamespace(files=None),
            process=lambda _: SimpleNamespace(workflow=workflow),
            people=people,
            entered=lambda _: events,
            flush=lambda: None,
        )
        scope = {"case": {"outcome": "visited"}, "forms": case.forms}
        states = piece_states(uow, case, scope, with_papers=more.get("with_papers", True))
        assert [state.complete for state in states] == [not state.missing for state in states]
        assert [state.number for state in states] == list(range(1, len(states) + 1))
        more.get("seen", []).extend(state.title for state in states)
        return [str(message) for state in states for message in state.missing]


def history_of(
    case: Case, signatures: Sequence[SignatureRecord] = (), together: Sequence[dict[str, str]] = ()
) -> list[Event]:
    """Return a history in which each form of the case was given by one step, and `signatures` were entered.

    `together` are those who signed the steps.
    """
    more = {"signatures": together} if together else {}
    events = [follow(case.id, 1, NOON, "a", "started", {"version": 1}, GENESIS)]

    def add(kind: str, actor: str, body: dict[str, Any]) -> None:
        events.append(follow(case.id, len(events) + 1, NOON, actor, kind, body, events[-1].hash))

    for form, answers in case.forms.items():
        add("advanced", "a", {"form": form, "answers": answers, **more})
    for one in signatures:
        body = {"signature": one.id, "record": one.record, "sha256": one.sha256, "signer": one.person}
        add("recorded", one.by, {**body, "way": one.way.value, "device": one.device})
    return events


def paper(*states: PaperState) -> PaperRecord:
    facts = tuple(PaperFact(state, TODAY, NOON, "a") for state in (PaperState.DRAFTED, *states))
    return PaperRecord(
        id="inspection-1/notice/1",
        case=CASE.id,
        kind="notice",
        document="d",
        facts=facts,
        number="〔2026〕1号",
    )


def signature(content: bytes) -> SignatureRecord:
    digest = hashlib.sha256(content).hexdigest()
    return SignatureRecord(
        id="inspection-1/S1",
        case=CASE.id,
        record="visit",
        sha256=digest,
        person="i-2",
        way=SigningWay.SCAN,
        device="d",
        at=NOON,
        by="a",
    )


def test_a_paper_must_be_there_and_have_come_so_far() -> None:
    piece = ArchivePiece(title="通知书", paper="notice", becomes="served", basis="甲")
    assert missing(piece) == ["缺少：通知书（甲）"]
    assert missing(piece, with_papers=False) == []
    assert missing(piece, papers=[paper(PaperState.APPROVED)]) == ["“通知书”（〔2026〕1号）还没有送达"]
    assert missing(piece, papers=[paper(PaperState.APPROVED, PaperState.SERVED)]) == []
    assert missing(piece, papers=[paper(PaperState.VOID)]) == ["缺少：通知书（甲）"]


def test_a_missing_signature_is_named_by_whose_it_is() -> None:
    piece = ArchivePiece(title="记录", form="visit", signed="signed_by", party="inspectors")
    assert missing(piece) == ["“记录”缺少签名：乙（i-2）"]
    right = b'{"seen":false,"signed_by":["i-1"]}\n'
    assert missing(piece, signatures=[signature(right)]) == []
    assert missing(piece, signatures=[signature(b"other")]) == [
        "“记录”上乙（i-2）的签名已失效：签后内容被改动"
    ]
    assert missing(replace(piece, party=None), case=replace(CASE, forms={"visit": {}})) == ["“记录”缺少签名"]


def test_a_signature_that_was_lost_is_missing_although_the_record_names_who_gave_it() -> None:
    piece = ArchivePiece(title="记录", form="visit", signed="signed_by", party="inspectors")
    case = replace(CASE, forms={"visit": {"signed_by": ["i-1", "i-2"]}})
    assert missing(piece, case=case) == []
    lost = signature(b"as it was signed")
    assert missing(piece, case=case, signatures=[lost]) == ["“记录”上乙（i-2）的签名已失效：签后内容被改动"]
    # Given again for what is there now, it holds.
    again = replace(lost, id="inspection-1/S2", sha256=signature(b'{"signed_by":["i-1","i-2"]}\n').sha256)
    assert missing(piece, case=case, signatures=[lost, again]) == []


def test_who_signed_with_the_step_has_signed_and_who_is_only_named_has_not() -> None:
    piece = ArchivePiece(title="记录", form="visit", signed="signed_by", party="inspectors")
    case = replace(CASE, forms={"visit": {"signed_by": ["i-1", "i-2"]}})
    one = {"person": "i-1", "at": to_text(NOON)}
    both = history_of(case, (), [one, {**one, "person": "i-2"}])
    assert missing(piece, case=case, events=both) == []
    assert missing(piece, case=case, events=history_of(case, (), [one])) == ["“记录”缺少签名：乙（i-2）"]
    # Rewritten in the row, beside its history.
    forged = replace(case, forms={"visit": {"signed_by": ["i-1", "i-2"], "staff": 1}})
    found = missing(piece, case=forged, events=both)
    assert found[0] == "《visit》的staff与历史不符：在办理以外被改动"
    assert found[1:] == [
        "“记录”上i-1（i-1）的签名已失效：签后内容被改动",
        "“记录”上乙（i-2）的签名已失效：签后内容被改动",
    ]
    # Corrected by a step of its own: what was signed is an earlier version.
    corrected = {"form": "visit", "answers": forged.forms["visit"]}
    later = [*both, follow(case.id, 3, NOON, "a", "corrected", corrected, both[-1].hash)]
    assert all("更正或换版以前的内容" in one for one in missing(piece, case=forged, events=later))


def test_a_form_that_is_no_piece_is_named_where_it_was_changed_beside_the_history() -> None:
    other = replace(CASE, forms={**CASE.forms, "other": {"a": 1}})
    forged = replace(CASE, forms={**CASE.forms, "other": {"a": 2}})
    assert missing(case=forged, events=history_of(other)) == ["《other》的a与历史不符：在办理以外被改动"]
    assert missing(case=forged, events=history_of(other), no_rule=True) == [
        "《other》的a与历史不符：在办理以外被改动"
    ]
    assert missing(case=CASE, events=history_of(other)) == ["《other》与历史不符：整张表单在办理以外被增删"]


def test_a_form_and_its_field_must_be_answered() -> None:
    assert missing(ArchivePiece(title="记录", form="none")) == ["缺少：记录"]
    assert missing(ArchivePiece(title="已看", form="visit", field="seen")) == ["缺少：已看"]
    assert missing(ArchivePiece(title="记录", form="visit")) == []


def test_a_publication_must_stand() -> None:
    one = Publication(id="p", kind="result", case=CASE.id, title="t", body={}, published_at=NOON)
    piece = ArchivePiece(title="公示", publication="result")
    assert missing(piece) == ["缺少：公示"]
    assert missing(piece, publications=[one]) == []
    gone = replace(one, withdrawn_at=NOON + timedelta(days=1), withdrawn_because="x")
    assert missing(piece, publications=[gone]) == ["缺少：公示"]


def test_all_missing_pieces_are_named_in_their_order_until_the_file_is_complete() -> None:
    stands = Publication(id="p", kind="result", case=CASE.id, title="t", body={}, published_at=NOON)
    pieces = (
        ArchivePiece(title="通知书", paper="notice", basis="甲"),
        ArchivePiece(title="记录", form="record"),
        ArchivePiece(title="公示", publication="result"),
        ArchivePiece(title="声明", form="declaration", field="none"),
    )
    assert missing(*pieces) == ["缺少：通知书（甲）", "缺少：记录", "缺少：公示", "缺少：声明"]
    assert missing(*pieces, papers=[paper()]) == ["缺少：记录", "缺少：公示", "缺少：声明"]
    filled = replace(CASE, forms={"record": {"seen": True}, "declaration": {"none": True}})
    assert missing(*pieces, case=filled, papers=[paper()], publications=[stands]) == []


@pytest.mark.parametrize(
    ("when", "needed"),
    [("case.outcome == 'visited'", True), ("case.outcome == 'gone'", False), ("forms.visit.other", False)],
)
def test_a_piece_only_some_cases_need(when: str, needed: bool) -> None:
    expression = parse_condition(when, None).expression
    assert expression is not None
    piece = ArchivePiece(title="记录", form="none", when=Condition(expression))
    assert bool(missing(piece)) == needed


def step(form: str | None, *effects: tuple[str, str]) -> Transition:
    """Return a step that gives a form and makes papers and publications."""
    then = tuple(Effect(kind=kind, arguments={kind: name}) for kind, name in effects)
    return Transition(id=f"do_{form}", title="t", sources=("there",), target=None, form=form, then=then)


def test_the_pieces_are_what_the_steps_have_given_and_made_in_the_order_of_the_process() -> None:
    steps = (
        step("first", ("render", "notice"), ("publish", "result")),
        step("second", ("draw", "objects")),
        step("third"),
    )
    case = replace(CASE, forms={"second": {"a": 1}, "first": {"a": 1}, "odd": {}})
    events = history_of(case)
    effects = {"rendered": ["notice"], "published": ["result"], "drawn": {}}
    events.append(
        follow(case.id, len(events) + 1, NOON, "a", "advanced", {"effects": effects}, events[-1].hash)
    )
    seen: list[str] = []
    lacking = missing(case=case, events=events, steps=steps, seen=seen, no_rule=True)
    assert seen == ["first", "notice", "公示（result）", "second", "抽取的承诺、记录和验证包", "odd"]
    assert lacking == ["缺少：notice", "缺少：公示（result）", "缺少：抽取的承诺、记录和验证包"]
    # A paper that was made void is in the file as such.
    void = missing(case=case, events=events, steps=steps, papers=[paper(PaperState.VOID)])
    assert void == lacking[1:]
    assert missing(case=case, events=events, steps=steps, with_papers=False) == lacking[1:]


def test_a_written_piece_keeps_its_place_and_the_others_follow_what_they_come_after() -> None:
    case = replace(CASE, forms={"a": {}, "b": {}, "c": {}, "d": {}})
    steps = tuple(step(form) for form in "abcd")
    seen: list[str] = []
    written = (ArchivePiece(title="丙", form="c"), ArchivePiece(title="甲", form="a"))
    assert missing(*written, case=case, steps=steps, seen=seen) == []
    assert seen == ["丙", "d", "甲", "b"]


def test_a_lost_signature_is_named_of_every_form_and_document_and_of_no_earlier_record() -> None:
    one = {"person": "i-1", "at": to_text(NOON)}
    both = history_of(CASE, (), [one, {**one, "person": "i-2"}])
    assert missing(events=both, no_rule=True) == []
    forged = replace(CASE, forms={"visit": {"signed_by": []}})
    found = missing(case=forged, events=both, no_rule=True)
    assert found[1:] == [
        "“visit”上i-1（i-1）的签名已失效：签后内容被改动",
        "“visit”上乙（i-2）的签名已失效：签后内容被改动",
    ]
    # Given again by another: what the first signed is another record.
    body = {"form": "visit", "answers": {"a": 1}, "signatures": [one]}
    again = [*both, follow(CASE.id, 3, NOON, "i-1", "advanced", body, both[-1].hash)]
    assert missing(case=replace(CASE, forms={"visit": {"a": 1}}), events=again, no_rule=True) == []
    # On a document, and on what the case does not have.
    for record in ("d", "elsewhere"):
        lost = replace(signature(b"as it was signed"), record=record)
        found = missing(papers=[paper()], signatures=[lost], no_rule=True)
        assert len(found) == 1
        assert "乙（i-2）的签名已失效" in found[0]


def test_a_document_that_is_gone_or_another_is_named() -> None:
    assert missing(papers=[paper()], no_rule=True, written=b"<i>") == [
        "“01-notice.html”（d）的内容与制作时不同"
    ]
    assert missing(papers=[paper()], no_rule=True, written=None) == ["“notice”（〔2026〕1号）的正文不在了"]
