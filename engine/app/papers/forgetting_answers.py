"""Destroying the personal answers of cases whose file is past its term, or was destroyed, and the documents that print them.

The term is that of the file the case belongs to: its own, else that of the nearest case above with one. What belongs to
no file, and what is kept for ever, is never destroyed here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING

from engine.app.history.refusal_texts import REFUSED, ids_of_texts
from engine.app.papers.files_due import cases_due, leave_queue
from engine.app.ports.audit.personal_values import DestroyedKey
from engine.app.session.unit_of_work import UnitOfWork
from engine.lifecycle.case import EventKind
from engine.lifecycle.command import ENGINE
from engine.lifecycle.forms.personal import FORGOTTEN_TEXTS, NOTHING_KEPT, in_clear

if TYPE_CHECKING:
    from datetime import datetime

    from engine.app.ports.store import Transaction
    from engine.app.services import Services

#: A line of fewer characters is not looked for in documents: every document has it.
FEWEST_CHARACTERS = 2
#: What is left of a document that printed a text which is destroyed.
REPLACED_DOCUMENT = '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>已销毁</title><p>本文书含有过了留存期限的个人信息，正文已销毁；原文的摘要在案件历史里。</p></html>\n'
#: What the subjects in the list of destroyed keys begin with, where they are cases.
CASE = "case/"


def past_their_file(services: Services, now: datetime, days: int) -> Sequence[DestroyedKey]:
    """Return the cases with personal answers whose file is destroyed, or was to be kept until more than `days` days ago."""
    return [DestroyedKey(f"{CASE}{one.id}", one.last_event_at) for one in cases_due(services, now, days)]


def destroy_answers(
    services: Services, transaction: Transaction, now: datetime, keys: Sequence[DestroyedKey], limit: int
) -> int:
    """Destroy the personal answers of at most `limit` of these cases, and enter it in their histories; return how many cases had any."""
    uow = UnitOfWork(services, transaction, now)
    count = 0
    for key in keys:
        if count == limit:
            break
        case = uow.case(key.subject.removeprefix(CASE))
        if case is None or case.personal is None or not case.personal.texts or case.last_event_at > key.until:
            continue
        body = {"title": "个人信息过了留存期限，已销毁", FORGOTTEN_TEXTS: len(case.personal.texts)}
        if left := in_clear(uow.process(case).workflow.forms, case.forms):
            # Given before the field was marked: the history has them for good.
            body["in_clear"] = left
        if gone := _destroy_documents(transaction, case.id, case.personal.texts.values()):
            body["documents"] = gone
        refused = [event.body for event in transaction.events.of(case.id) if event.kind == REFUSED]
        transaction.personal_values.destroy(ids_of_texts(refused))
        leave_queue(transaction, case.id)
        uow.record(replace(case, personal=NOTHING_KEPT), EventKind.RECORDED.value, ENGINE, body)
        count += 1
    uow.flush()
    return count


def _in_html(line: str) -> bytes:
    """Return a line as templates write it."""
    return escape(line, quote=False).replace('"', "&#34;").replace("'", "&#39;").encode()


def _destroy_documents(transaction: Transaction, case: str, texts: Iterable[str]) -> dict[str, str]:
    """Put a sentence in the place of each document of a case that prints one of these texts; return their digests of before."""
    printed = {
        form
        for text in texts
        for line in map(str.strip, text.splitlines())
        if len(line) >= FEWEST_CHARACTERS
        for form in (line.encode(), _in_html(line))
    }
    gone = {}
    for document in transaction.records.documents(case):
        if any(form in document.content for form in printed):
            gone[document.id] = document.sha256
            content = REPLACED_DOCUMENT.encode()
            digest = hashlib.sha256(content).hexdigest()
            transaction.records.put_document(replace(document, content=content, sha256=digest))
    return gone
