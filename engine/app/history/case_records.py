"""What the history of a case says of its documents, papers, publications and firm, and where the records say something else.

The audit holds every row of the deployment against its statement. Here one case is held against its own entries, which go
into its package: whoever files, packs or opens it needs nothing of the deployment.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.app.history.replay import in_history, other_facts, replay
from engine.app.ports.papers import PaperState
from engine.kernel.instants import to_text
from engine.language import Message, say
from engine.lifecycle.chain import breaks, canonical
from engine.lifecycle.forms.personal import texts_unlike, without_texts
from engine.value import named_value

if TYPE_CHECKING:
    from engine.app.ports.papers import PaperRecord
    from engine.app.ports.records import Document, Publication
    from engine.lifecycle.case import Case
    from engine.lifecycle.chain import Event


@named_value
class RecordsSaid:
    """What the entries of a case say of its records."""

    #: Document -> its digest, as of when the firm had it or the case was filed.
    documents: Mapping[str, str]
    #: Publication -> its digest as it was published; "" in entries of before these had digests.
    publications: Mapping[str, str]
    #: Paper -> its number.
    numbers: Mapping[str, str]
    #: Paper -> state -> the day a step has entered for it.
    days: Mapping[str, Mapping[str, str]]
    #: Whom the case is about, with ids in the place of personal texts; None where no entry says it.
    subject: Mapping[str, Any] | None


def publication_digest(publication: Publication, *, as_published: bool = False) -> str:
    """Return the digest of a publication; `as_published` leaves out that it was withdrawn."""
    body: list[Any] = [
        publication.kind,
        publication.case,
        publication.title,
        publication.body,
        to_text(publication.published_at),
        publication.due_on.isoformat() if publication.due_on else None,
        publication.late,
    ]
    if publication.withdrawn_at and not as_published:
        body += [to_text(publication.withdrawn_at), publication.withdrawn_because]
    return hashlib.sha256(canonical(body).encode()).hexdigest()


def records_said(events: Iterable[Event]) -> RecordsSaid:
    """Return what the entries of a case say of its records, the last word of each."""
    documents: dict[str, str] = {}
    publications: dict[str, str] = {}
    numbers: dict[str, str] = {}
    days: dict[str, dict[str, str]] = {}
    subject: Mapping[str, Any] | None = None
    for event in events:
        body = event.body
        if isinstance(body.get("subject"), Mapping):
            subject = body["subject"]
        effects = body.get("effects") or {}
        for kind in effects.get("rendered", ()):
            for paper, there in days.items():
                # One that was not served is made again: what had happened to the text before does not count for it.
                if paper.split("/")[-2:-1] == [kind] and PaperState.SERVED.value not in there:
                    there.clear()
        numbers |= effects.get("numbers") or {}
        for paper, what in (effects.get("papers") or {}).items():
            days.setdefault(paper, {})[what["state"]] = what["on"]
        if body.get("paper") and body.get("number"):
            numbers[body["paper"]] = body["number"]
        if body.get("paper") and body.get("becomes"):
            days.setdefault(body["paper"], {})[body["becomes"]] = body["on"]
        receipt = body.get("firm") or {}
        if receipt.get("document") and receipt.get("sha256"):
            documents[receipt["document"]] = receipt["sha256"]
        filed = effects.get("archive") or {}
        documents |= filed.get("documents") or {}
        listed = filed.get("publications") or {}
        publications |= listed if isinstance(listed, Mapping) else dict.fromkeys(listed, "")
    return RecordsSaid(
        documents=documents, publications=publications, numbers=numbers, days=days, subject=subject
    )


def records_unlike(
    said: RecordsSaid,
    case: Case,
    documents: Iterable[Document],
    papers: Iterable[PaperRecord],
    publications: Iterable[Publication],
) -> Iterator[Message]:
    """Yield a sentence for each record of a case that is not there, or is other than its history says."""
    texts, rows = {one.id: one for one in documents}, {one.id: one for one in papers}
    for name, digest in said.documents.items():
        text = texts.get(name)
        if text is None:
            yield say("历史所记的文书“{document}”的正文不在了", document=name)
        elif hashlib.sha256(text.content).hexdigest() != digest:
            yield say("文书“{document}”（{name}）的内容与历史所记的摘要不符", document=name, name=text.name)
    for name in dict.fromkeys((*said.numbers, *said.days)):
        paper = rows.get(name)
        if paper is None:
            yield say("历史所记的文书“{paper}”的登记不在了", paper=name)
            continue
        number = said.numbers.get(name, paper.number)
        if paper.number != number:
            yield say(
                "文书“{paper}”的文号与历史不符：历史记的是“{said}”，现为“{seen}”",
                paper=name, said=number, seen=paper.number or "-",
            )  # fmt: skip
        yield from _other_days(paper, said.days.get(name, {}))
    there = {one.id: one for one in publications}
    for name, digest in said.publications.items():
        published = there.get(name)
        if published is None:
            yield say("历史所记的公示“{publication}”不在了", publication=name)
        elif digest and publication_digest(published, as_published=True) != digest:
            yield say("公示“{publication}”的内容与历史所记的摘要不符", publication=name)
    if said.subject is not None and without_texts(dict(case.subject)) != dict(said.subject):
        yield say("案件的检查对象与历史不符：在办理以外被改动")


def texts_changed(case: Case, events: Iterable[Event]) -> Iterator[Message]:
    """Yield a sentence for each entry whose personal texts are not those the case keeps beside it."""
    for number in texts_unlike([(event.seq, event.body) for event in events], case.personal):
        yield say("第 {number} 条的个人信息不是写入时的：与该条所记的摘要不符", number=number)


def case_unlike(case: Case, events: Sequence[Event]) -> Iterator[Message]:
    """Yield a sentence for each entry of a case that was changed, and one for what the case itself says otherwise than they do.

    Of whom it is about `records_unlike` has it; of its answers a package says itself which are not those of the history.
    """
    for number, problem in breaks(events):
        yield say("历史第 {number} 条：{problem}", number=number, problem=problem)
    yield from texts_changed(case, events)
    # A history whose beginning was taken away makes no case: its chain says so.
    if events and "workflow" in events[0].body:
        differing = [
            name
            for name in other_facts(replay(list(events)), in_history(case))
            if name not in {"subject", "forms"}
        ]
        if differing:
            yield say("案件现状与历史不符：{fields}", fields=differing)


def _other_days(paper: PaperRecord, days: Mapping[str, str]) -> Iterator[Message]:
    for state, day in days.items():
        fact = paper.fact(PaperState(state))
        seen = "-" if fact is None else fact.on.isoformat()
        if seen != day:
            yield say(
                "文书“{paper}”的“{state}”日期与历史不符：历史记的是 {said}，现为 {seen}",
                paper=paper.number or paper.id, state=PaperState(state).words, said=day, seen=seen,
            )  # fmt: skip
