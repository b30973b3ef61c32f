"""A made-up case file for the tests of packages."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from document_factories import AT, definitions, inspection

from engine.app.ports.case_file import CaseFile, PieceState
from engine.app.ports.papers import KeptFile, PaperFact, PaperRecord, PaperState
from engine.app.ports.records import Document, Publication
from engine.app.ports.signatures import SignatureRecord, SignatureState, SigningWay
from engine.documents.archive import line_of
from engine.language import say
from engine.lifecycle.chain import GENESIS, Event, follow

CASE = inspection()
PHOTO = b"\xff\xd8\xff photo"
OTHER = b"%PDF-1.7 scan"


def chain(signatures: Sequence[SignatureState] = (), files: Sequence[KeptFile] = ()) -> list[Event]:
    """Return a whole chain of events: its start, a step for each form, the files kept and the signatures entered."""
    events: list[Event] = []

    def add(kind: str, body: dict[str, Any], at: datetime | None = None, by: str = "P01") -> None:
        seq = len(events) + 1
        previous = events[-1].hash if events else GENESIS
        at = at or AT + timedelta(hours=seq)
        events.append(follow(CASE.id, seq, at, by, kind, body, previous))

    add("started", {"title": CASE.title, "version": CASE.version})
    for name, answers in CASE.forms.items():
        add("advanced", {"step": f"give_{name}", "title": name, "form": name, "answers": dict(answers)})
    for file in files:
        body = {"title": "存入附件", "file": file.id, "name": file.name, "sha256": file.sha256}
        add("recorded", body, file.at, file.by)
    for one in (state.signature for state in signatures):
        body = {"title": "签名", "signature": one.id, "record": one.record, "sha256": one.sha256}
        body |= {"signer": one.person, "way": one.way.value, "device": one.device}
        if one.picture is not None:
            body["picture"] = one.picture
        add("recorded", body, one.at, one.by)
    return events


def document(number: int, kind: str, content: bytes) -> Document:
    """Return a document of the case."""
    digest = hashlib.sha256(content).hexdigest()
    return Document(f"{CASE.id}/{number}", CASE.id, kind, f"{number:02d}-{kind}.html", digest, content, AT)


def paper(number: int, kind: str, *states: PaperState) -> PaperRecord:
    """Return a paper that has come so far."""
    facts = tuple(PaperFact(state, date(2024, 9, 14), AT, "P01") for state in (PaperState.DRAFTED, *states))
    return PaperRecord(
        id=f"{CASE.id}/{kind}/1", case=CASE.id, kind=kind, document=f"{CASE.id}/{number}", facts=facts
    )


def kept(number: int, content: bytes, kind: str, name: str = "照片.jpg") -> KeptFile:
    """Return a kept file of the case."""
    digest = hashlib.sha256(content).hexdigest()
    return KeptFile(
        id=f"{CASE.id}/F{number}",
        case=CASE.id,
        title="=照片",
        name=name,
        sha256=digest,
        size=len(content),
        type=kind,
        at=AT,
        by="P01",
    )


def signed(
    record: str, content: bytes, *, number: int = 1, holds: bool = True, picture: str | None = None
) -> SignatureState:
    """Return a signature on bytes."""
    signature = SignatureRecord(
        id=f"{CASE.id}/S{number}",
        case=CASE.id,
        record=record,
        sha256=hashlib.sha256(content).hexdigest(),
        person="P01",
        way=SigningWay.PAD,
        device="检查员乙的手机",
        at=AT,
        by="P02",
        picture=picture,
    )
    return SignatureState(signature, holds, content=content)


def case_file() -> CaseFile:
    """Return a case file with a bit of everything."""
    forms = definitions()[0]["inspection"].forms
    documents = [
        document(1, "record", b"<p>record</p>"),
        document(2, "notice", b"<p>notice</p>"),
        document(3, "approval", b"<p>inside</p>"),
    ]
    publication = Publication(
        id=f"{CASE.id}/result/1",
        kind="result",
        case=CASE.id,
        title="结果",
        body={"facts": []},
        published_at=AT,
    )
    answers = line_of(dict(CASE.forms["onsite_check"]))
    signatures = [
        signed("onsite_check", answers, picture=f"{CASE.id}/F1"),
        signed(f"{CASE.id}/1", b"<p>record</p>", number=2),
    ]
    files = [kept(1, PHOTO, "jpeg"), kept(2, OTHER, "pdf", "照片.jpg")]
    return CaseFile(
        CASE,
        "抽查检查",
        chain(signatures, files),
        documents,
        [publication],
        files,
        papers=[paper(2, "notice", PaperState.APPROVED, PaperState.SERVED), paper(3, "approval")],
        forms=forms,
        states={CASE.state: "检查中"},
        names={"P01": "检查员甲"},
        pieces=[
            PieceState(number=1, title="通知书", needed=True, paper="notice", for_firm=True),
            PieceState(number=2, title="笔录", needed=True, paper="record", for_firm=True),
            PieceState(
                number=3,
                title="回避声明",
                needed=True,
                form="x",
                missing=(say("缺少：{name}", name="回避声明"),),
            ),
        ],
        draw={"commitment.json": b"{}"},
        signatures=signatures,
    )


def bytes_of(found: CaseFile) -> dict[str, bytes]:
    """Return the bytes of its kept files by their digest."""
    return {hashlib.sha256(one).hexdigest(): one for one in (PHOTO, OTHER)}
