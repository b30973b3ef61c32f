"""A signature holds for the bytes that were signed, and for no others, in whatever way it was given."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from paper_fixtures import NOON, case_of

from engine.app.papers.form_versions import digest, form_histories
from engine.app.papers.signing import bytes_to_sign, signature_states, signed_bytes
from engine.app.ports.records import Document
from engine.app.ports.signatures import SignatureRecord, SigningWay
from engine.kernel.instants import to_text
from engine.lifecycle.case import Case
from engine.lifecycle.chain import GENESIS, Event, follow
from engine.lifecycle.forms.personal import MARK, TEXTS_DIGEST, KeptTexts, PersonalText, texts_digest
from engine.lifecycle.forms.signature import Signature, Signing
from engine.store.memory.store import MemoryStore

CASE = replace(case_of(), forms={"visit": {"a": 1}})


def history_of(*entries: tuple[str, dict[str, Any]]) -> list[Event]:
    """Return the history of a case that was begun, with these entries."""
    events = [follow(CASE.id, 1, NOON, "p", "started", {"version": 1}, GENESIS)]
    for kind, body in entries:
        events.append(follow(CASE.id, len(events) + 1, NOON, "p", kind, body, events[-1].hash))
    return events


def given(answers: dict[str, Any], *people: str, **more: Any) -> tuple[str, dict[str, Any]]:
    """Return the entry of a step that gave the form, signed by `people`."""
    signed = [{"person": one, "at": to_text(NOON)} for one in people]
    return "advanced", {"form": "visit", "answers": answers, "signatures": signed, **more}


def entered(record: str, sha256: str) -> tuple[SignatureRecord, tuple[str, dict[str, Any]]]:
    """Return a signature entered by itself, and its entry."""
    one = SignatureRecord(
        id=f"{CASE.id}/S1",
        case=CASE.id,
        record=record,
        sha256=sha256,
        person="p",
        way=SigningWay.SYSTEM,
        device="d",
        at=NOON,
        by="p",
    )
    body = {"signature": one.id, "record": record, "sha256": sha256, "signer": "p", "way": "system"}
    return one, ("recorded", {**body, "device": "d"})


def held(events: list[Event], case: Case = CASE, *rows: SignatureRecord) -> list[tuple[str, bool, str]]:
    """Return who signed, whether it holds, and in words what of it."""
    with MemoryStore().write() as transaction:
        for row in rows:
            transaction.signatures.add(row)
        found = signature_states(transaction, case, events)
        return [(one.counts_for, one.holds, str(one.words)) for one in found]


def test_one_given_with_a_step_is_lost_with_the_first_changed_answer() -> None:
    events = history_of(given({"a": 1}, "anna", "bert"))
    assert held(events) == [("anna", True, "有效"), ("bert", True, "有效")]
    for forged in ({"a": 2}, {}, {"a": 1, "b": 1}):
        lost = "已失效：签后内容被改动"
        assert held(events, replace(CASE, forms={"visit": forged})) == [
            ("anna", False, lost),
            ("bert", False, lost),
        ]


def test_one_entered_by_itself_is_held_against_the_same_bytes() -> None:
    one, entry = entered("visit", digest(b'{"a":1}\n'))
    before = history_of(given({"a": 1}))
    (version,) = form_histories(before, CASE)["visit"].versions
    events = history_of(given({"a": 1}), entry)
    # As signatures were bound before a form had versions.
    assert held(events, CASE, one) == [("p", True, "有效")]
    now, entry = entered("visit", digest(bytes_to_sign(version, CASE)))
    events = history_of(given({"a": 1}), entry)
    assert held(events, CASE, now) == [("p", True, "有效")]
    assert held(events, replace(CASE, forms={"visit": {"a": 2}}), now)[0][1:] == (
        False,
        "已失效：签后内容被改动",
    )
    # Its row was taken away, rewritten with what was signed, or put there by hand.
    assert held(events, CASE) == [("p", False, "已失效：签名的登记被删除")]
    assert held(events, CASE, replace(now, sha256="0" * 64))[0][2] == "已失效：签名的登记与历史不符"
    assert held(before, CASE, now)[0][2] == "已失效：签名没有进入历史"


def test_a_lawful_change_makes_it_one_on_an_earlier_version() -> None:
    changed = replace(CASE, forms={"visit": {"a": 2}})
    first, corrected = given({"a": 1}, "anna"), ("corrected", {"form": "visit", "answers": {"a": 2}})
    found = held(history_of(first, corrected), changed)
    assert found == [("anna", False, "签的是更正或换版以前的内容（第 1 次），对现在的内容无效")]
    migrated = ("migrated", {"version": 2, "forms": {"visit": {"a": 2}}})
    assert "换版以前" in held(history_of(first, migrated), changed)[0][2]
    again = held(history_of(first, given({"a": 2}, "bert")), changed)
    assert [(who, holds) for who, holds, _ in again] == [("anna", False), ("bert", True)]
    assert "重填以前" in again[0][2]


def test_it_covers_the_personal_answers() -> None:
    kept = KeptTexts("k", {"i": "138"})
    body = {"a": {MARK: "i"}}
    bound = {TEXTS_DIGEST: texts_digest("k", kept.texts)}
    case = replace(CASE, forms={"visit": {"a": PersonalText("138", "i")}}, personal=kept)
    events = history_of(given(body, "anna", **bound))
    assert held(events, case) == [("anna", True, "有效")]
    rewritten = replace(case, personal=KeptTexts("k", {"i": "139"}))
    assert held(events, rewritten)[0][1] is False
    assert form_histories(events, rewritten)["visit"].altered == ("a",)
    # Of an entry from before there was a digest, nothing can be said of its texts.
    old = history_of(given(body, "anna"))
    assert "无从核对" in held(old, case)[0][2]
    gone = replace(
        case, forms={"visit": {"a": PersonalText("x", "i", destroyed=True)}}, personal=KeptTexts("", {})
    )
    forgotten = history_of(given(body, "anna", **bound), ("recorded", {"forgotten": 1}))
    assert held(forgotten, gone) == [("anna", True, "所签的个人信息已过留存期限销毁，无从核对")]


def test_one_that_waits_for_others_is_there() -> None:
    signing = Signing(signed=(Signature("anna", NOON),), answers={"a": 1})
    events = history_of(("signed", {"signing": {"visit_done": signing.as_json()}}))
    waiting = replace(CASE, forms={}, signing={"visit_done": signing})
    assert held(events, waiting) == [("anna", True, "已签，待其他人签署")]
    forged = replace(waiting, signing={"visit_done": replace(signing, answers={"a": 2})})
    assert held(events, forged)[0][1] is False


def test_a_document_is_signed_as_its_bytes_are() -> None:
    case = case_of()
    with MemoryStore().write() as transaction:
        name = f"{case.id}/1"
        transaction.records.put_document(Document(name, case.id, "notice", "n", "", b"<p>", NOON))
        assert signed_bytes(transaction, case, name, {}) == b"<p>"
        assert signed_bytes(transaction, case, "none", {}) is None
        one, entry = entered(name, digest(b"<p>"))
        transaction.signatures.add(one)
        assert [state.holds for state in signature_states(transaction, case, history_of(entry))] == [True]
        transaction.records.put_document(Document(name, case.id, "notice", "n", "", b"<i>", NOON))
        assert [state.holds for state in signature_states(transaction, case, history_of(entry))] == [False]
