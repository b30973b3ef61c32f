"""Destroying the personal answers of cases whose file is past its term, or was destroyed, and the documents that print them.

Documents that print private values of registers go with them.

The term is that of the file the case belongs to: its own, else that of the nearest case above with one. What belongs to
no file, and what is kept for ever, is never destroyed here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.app.history.refusal_texts import REFUSED, ids_of_texts
from engine.app.papers.files_due import cases_due, leave_queue, papers_to_forget
from engine.app.papers.paper_values import ValuesOf, no_values, printed_forms
from engine.app.ports.audit.personal_values import DestroyedKey
from engine.app.ports.papers import PaperState
from engine.app.session.unit_of_work import UnitOfWork
from engine.kernel.file_types import ENDINGS
from engine.lifecycle.case import EventKind
from engine.lifecycle.command import ENGINE
from engine.lifecycle.forms.personal import FORGOTTEN, FORGOTTEN_TEXTS, NOTHING_KEPT, ids_in, in_clear

if TYPE_CHECKING:
    from datetime import datetime

    from engine.app.ports.papers import PaperNumber, PaperRecord
    from engine.app.ports.store import Transaction
    from engine.app.services import Services

#: What is left of a document that printed a text which is destroyed.
REPLACED_DOCUMENT = '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>已销毁</title><p>本文书含有过了留存期限的个人信息，正文已销毁；原文的摘要在案件历史里。</p></html>\n'
#: The keys of entries with what somebody remarked, and the facts of papers that have such a remark.
_REMARKS = ("device", "name", "note", "reason")
_REMARKED = (PaperState.NUMBERED, PaperState.SIGNED, PaperState.SERVED, PaperState.VOID)
#: What the subjects in the list of destroyed keys begin with, where they are cases.
CASE = "case/"


def past_their_file(
    services: Services, now: datetime, days: int, values_of: ValuesOf = no_values
) -> Sequence[DestroyedKey]:
    """Return the cases with personal answers whose file is destroyed, or was to be kept until more than `days` days ago."""
    return [
        DestroyedKey(f"{CASE}{one.id}", one.last_event_at)
        for one in cases_due(services, now, days, values_of)
    ]


def destroy_answers(
    services: Services,
    transaction: Transaction,
    now: datetime,
    keys: Sequence[DestroyedKey],
    limit: int,
    values_of: ValuesOf = no_values,
) -> int:
    """Destroy the personal answers of at most `limit` of these cases, and enter it in their histories; return how many cases had any."""
    uow = UnitOfWork(services, transaction, now)
    count = 0
    for key in keys:
        if count == limit:
            break
        case = uow.case(key.subject.removeprefix(CASE))
        if case is None or case.last_event_at > key.until:
            continue
        texts = case.personal.texts if case.personal is not None else {}
        papers = papers_to_forget(transaction, case, values_of)
        if not texts and not papers:
            leave_queue(transaction, case.id)
            continue
        body: dict[str, Any] = {"title": "个人信息过了留存期限，已销毁", FORGOTTEN_TEXTS: len(texts)}
        if left := in_clear(uow.process(case).workflow.forms, case.forms):
            # Given before the field was marked: the history has them for good.
            body["in_clear"] = left
        entered = transaction.events.of(case.id)
        # A remark or a device may be a word that any document has: of those no document is destroyed.
        beside = {one for event in entered for name in _REMARKS for one in ids_in(event.body.get(name))}
        printed = [text for name, text in texts.items() if name not in beside]
        if gone := _destroy_documents(transaction, case.id, printed, papers):
            body["documents"] = gone
        refused = [event.body for event in entered if event.kind == REFUSED]
        transaction.personal_values.destroy(ids_of_texts(refused))
        _destroy_remarks(transaction, case.id)
        leave_queue(transaction, case.id)
        after = case if case.personal is None else replace(case, personal=NOTHING_KEPT)
        uow.record(after, EventKind.RECORDED.value, ENGINE, body)
        count += 1
    uow.flush()
    return count


def _destroy_remarks(transaction: Transaction, case: str) -> None:
    """Put a sentence in the place of what was remarked on the papers of a case, of why their numbers are void, and of the names of its kept files."""
    for file in transaction.papers.files(case):
        ending = ENDINGS.get(file.type, ("bin",))[0]
        transaction.papers.call_file(file.id, FORGOTTEN, f"{FORGOTTEN}.{ending}")
    for paper in transaction.papers.of_case(case):
        facts = tuple(
            fact if fact.note is None or fact.state not in _REMARKED else replace(fact, note=FORGOTTEN)
            for fact in paper.facts
        )
        if facts != paper.facts:
            transaction.papers.put(replace(paper, facts=facts))
        for number in _numbers_of(transaction, paper):
            if number.reason is not None:
                transaction.papers.set_number(replace(number, reason=FORGOTTEN), number.status)


def _numbers_of(transaction: Transaction, paper: PaperRecord) -> list[PaperNumber]:
    """Return the numbers a paper has and had: where one was given by hand, another may be void for it."""
    if paper.fact(PaperState.NUMBERED) is None:
        found = transaction.papers.number_of(paper.id)
        return [] if found is None else [found]
    years = {fact.on.year for fact in paper.facts}
    return [
        one for year in sorted(years) for one in transaction.papers.numbers(year) if one.paper == paper.id
    ]


def _destroy_documents(
    transaction: Transaction, case: str, texts: Iterable[str], papers: Collection[str]
) -> dict[str, str]:
    """Put a sentence in the place of each of `papers`, and of each other document that prints one of these texts; return their digests of before."""
    printed = printed_forms(texts)
    gone = {}
    for document in transaction.records.documents(case):
        if document.id in papers or any(form in document.content for form in printed):
            gone[document.id] = document.sha256
            content = REPLACED_DOCUMENT.encode()
            digest = hashlib.sha256(content).hexdigest()
            transaction.records.put_document(replace(document, content=content, sha256=digest))
    return gone
