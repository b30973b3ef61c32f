"""Personal answers go when the file they belong to is past its term or destroyed, with the papers that print them."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

from filed_cases import BEGIN, NAME, closed, office

from engine.app.audit.verify_deployment import verify
from engine.app.commands.application import Application
from engine.app.history.paged_reading import PagedReading
from engine.app.papers.forgetting_answers import CASE, REPLACED_DOCUMENT, destroy_answers, past_their_file
from engine.app.ports.audit.personal_values import DestroyedKey
from engine.app.ports.papers import NumberStatus, PaperFact, PaperNumber, PaperRecord, PaperState
from engine.app.ports.records import Document
from engine.app.ports.retention import RetentionRecord, RetentionState
from engine.lifecycle.forms.personal import FORGOTTEN


def findings(application: Application) -> list[object]:
    with PagedReading(application.store) as pages:
        return list(verify(pages))


def test_the_day_after_the_term_and_what_belongs_to_no_file() -> None:
    application = office()
    filed, loose = closed(application, "filed"), closed(application, "loose")
    child = closed(application, "loose", filed)
    assert past_their_file(application, BEGIN + timedelta(days=365 + 9), 10) == []
    now = BEGIN + timedelta(days=365 + 11)
    found = past_their_file(application, now, 10)
    assert {one.subject for one in found} == {CASE + filed, CASE + child}
    printed = f"<p>{NAME}</p>".replace("<甲>", "&lt;甲&gt;").encode()
    papers = [
        Document(f"{filed}/{n}", filed, "sheet", "x.html", hashlib.sha256(text).hexdigest(), text, BEGIN)
        for n, text in enumerate((printed, b"<p>nothing</p>"), 1)
    ]
    with application.store.write() as transaction:
        for one in papers:
            transaction.records.put_document(one)
    with application.store.write() as transaction:
        assert destroy_answers(application, transaction, now, found, 1) == 1
    with application.store.write() as transaction:
        assert destroy_answers(application, transaction, now, found, 9) == 1
        assert destroy_answers(application, transaction, now, found, 9) == 0
    with application.store.read() as transaction:
        names = [transaction.cases.many([one])[one].forms["note"]["name"] for one in (filed, child, loose)]
        assert names == [FORGOTTEN, FORGOTTEN, NAME]
        kept = [one.content for one in transaction.records.documents(filed)]
        assert kept == [REPLACED_DOCUMENT.encode(), b"<p>nothing</p>"]
        last = transaction.events.last(filed)
        assert last is not None
        assert (last.body["forgotten"], last.body["documents"]) == (1, {f"{filed}/1": papers[0].sha256})
    assert findings(application) == []
    assert past_their_file(application, now, 10) == []


def test_why_a_number_was_given_by_hand_goes_with_the_file() -> None:
    """The fact of the paper, the number it has, and the one that is void for it, each have the reason somebody typed."""
    application = office()
    filed = closed(application, "filed")
    day, reason = date(2026, 3, 2), "当事人欧阳某来电要求"
    numbered = PaperFact(PaperState.NUMBERED, day, BEGIN, "anna", note=reason)
    paper = PaperRecord(
        id=f"{filed}/P1", case=filed, kind="notice", document="", facts=(numbered,), number="五号"
    )
    given, void = (
        PaperNumber(series="letter", year=2026, number=n, text=f"{n}号", status=status, paper=paper.id, on=day, by="anna", reason=reason)
        for n, status in ((5, NumberStatus.GIVEN), (1, NumberStatus.VOID))
    )  # fmt: skip
    with application.store.write() as transaction:
        transaction.papers.put(paper)
        for one in (given, void):
            transaction.papers.add_number(one)
    now = BEGIN + timedelta(days=365 + 11)
    keys = past_their_file(application, now, 10)
    with application.store.write() as transaction:
        assert destroy_answers(application, transaction, now, keys, 9) == 1
    with application.store.read() as transaction:
        assert [one.reason for one in transaction.papers.numbers()] == [FORGOTTEN, FORGOTTEN]
        (kept,) = transaction.papers.of_case(filed)
        assert [fact.note for fact in kept.facts] == [FORGOTTEN]


def test_a_file_that_was_destroyed_goes_the_next_night() -> None:
    application = office()
    filed = closed(application, "filed")
    record = RetentionRecord(
        case=filed, state=RetentionState.DESTROYED, at=BEGIN, by="anna", reason="x", until=None, destroyed={}
    )
    with application.store.write() as transaction:
        transaction.retention.put(record)
    assert [one.subject for one in past_their_file(application, BEGIN, 365)] == [CASE + filed]


def test_what_a_list_names_and_is_later_or_not_there_stays() -> None:
    application = office()
    filed = closed(application, "filed")
    keys = [DestroyedKey(CASE + filed, BEGIN - timedelta(days=1)), DestroyedKey(CASE + "filed-99", BEGIN)]
    with application.store.write() as transaction:
        assert destroy_answers(application, transaction, BEGIN, keys, 9) == 0
