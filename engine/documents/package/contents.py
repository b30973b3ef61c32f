"""What is in the package of a case: for the office everything, for the firm what concerns it and nothing of others."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from engine.app.ports.case_file import Addressee
from engine.app.ports.papers import PaperState
from engine.documents.archive import case_json, event_json, line_of, publication_json
from engine.documents.archive_index import index_page
from engine.documents.package import tables, verify
from engine.documents.package.bag import bag_of
from engine.files.pictures import camera_data
from engine.kernel.file_names import folded, safe_file_name
from engine.kernel.file_types import ENDINGS
from engine.kernel.instants import to_text
from engine.language import SOURCE_LANGUAGE, Message, say

if TYPE_CHECKING:
    from engine.app.ports.case_file import CaseFile
    from engine.app.ports.records import Document
    from engine.app.ports.signatures import SignatureState

#: The number of a document that is no piece of the file; the table of contents says why.
LAST = 99
#: Makes the PDF/A of a document made on a day; None where that is not installed.
ToPdf = Callable[[bytes, date], bytes | None]


def package_of(
    found: CaseFile,
    kept: Mapping[str, bytes],
    *,
    addressee: Addressee = Addressee.OFFICE,
    to_pdf: ToPdf = lambda content, made_on: None,
) -> dict[str, bytes]:
    """Return the files of the package of a case by name; `kept` are the bytes of its kept files by their digest."""
    firm = addressee is Addressee.FIRM
    payload: dict[str, bytes] = {}
    order = {piece.paper: piece.number for piece in reversed(found.pieces) if piece.paper}
    papers = _documents(found, firm)
    zone = ZoneInfo(found.timezone)
    for document in sorted(papers, key=lambda one: (order.get(one.kind, 999), one.made_at, one.id)):
        stem = f"{order.get(document.kind, LAST):02d}-{document.name.removesuffix('.html') or document.kind}"
        name = _free(payload, "documents", f"{stem}.html")
        payload[name] = document.content
        pdf = to_pdf(document.content, _day(document.made_at, zone))
        if pdf is not None:
            payload[_free(payload, "documents", f"{name.rpartition('/')[2].removesuffix('.html')}.pdf")] = pdf
    for publication in found.publications:
        name = _free(payload, "publications", f"{publication.id.replace('/', '-')}.json")
        payload[name] = _pretty(publication_json(publication))
    for name, content in found.draw.items():
        payload[f"data/draw/{safe_file_name(name)}"] = content
    if firm:
        payload |= _firm_data(found)
    else:
        payload |= _office_data(found, kept, payload)
    missing = [message for piece in found.pieces if piece.needed for message in piece.missing]
    # Where the process names no pieces, nothing else says it.
    missing += [message for message in found.altered if message not in missing]
    information = {
        "Bag-Software-Agent": "shuangsuiji",
        "External-Identifier": found.case.id,
        "External-Description": found.case.title,
        "Source-Organization": found.case.section or "-",
        "Package-Format": verify.FORMAT,
        "Addressee": addressee.value,
        "Complete": "no" if missing else "yes",
    }
    if not firm:
        head = found.events[-1].hash if found.events else verify.GENESIS
        information |= {"Chain-Head": head, "Event-Count": str(len(found.events))}
    index = index_page(found, papers, payload, addressee, () if firm else missing)
    return bag_of(found.case.id, payload, information, index)


def package_name(case: str, addressee: Addressee) -> str:
    """Return what a package is called."""
    return safe_file_name(f"{case}.zip" if addressee is Addressee.OFFICE else f"{case}-{addressee.value}.zip")


def _documents(found: CaseFile, firm: bool) -> list[Document]:
    """Return the documents of a package: all, or the texts of what was served on the firm or is its copy."""
    if not firm:
        return list(found.documents)
    theirs = {piece.paper for piece in found.pieces if piece.for_firm}
    handed = {
        paper.document
        for paper in found.papers
        if paper.state is not PaperState.VOID
        and (paper.kind in theirs or paper.fact(PaperState.SERVED) is not None)
    }
    return [one for one in found.documents if one.id in handed]


def _office_data(
    found: CaseFile, kept: Mapping[str, bytes], payload: Mapping[str, bytes]
) -> dict[str, bytes]:
    made: dict[str, bytes] = {
        "data/case.json": _pretty(case_json(found.case)),
        verify.HISTORY: b"".join(line_of(event_json(event)) for event in found.events),
        verify.ANSWERS: _pretty({name: dict(said) for name, said in sorted(found.case.forms.items())}),
        verify.PERSONAL: _pretty(_personal(found)),
        "data/papers.json": _pretty([paper.as_json() for paper in found.papers]),
        "data/answers.csv": tables.table("answers.csv", tables.answer_rows(found)),
        "data/history.csv": tables.table("history.csv", tables.history_rows(found)),
        "data/papers.csv": tables.table("papers.csv", tables.paper_rows(found)),
        "data/contents.csv": tables.table("contents.csv", _piece_rows(found)),
        "data/dictionary.csv": tables.table(
            "dictionary.csv", tables.dictionary_rows(found.forms, tables.forms_answered(found))
        ),
    }
    rows = []
    for file in found.files:
        name = f"data/evidence/{file.sha256}.{ENDINGS.get(file.type, ('bin',))[0]}"
        made[name] = kept[file.sha256]
        at = to_text(file.at)
        camera = camera_data(kept[file.sha256])
        seen = (camera.get("taken"), camera.get("place"), camera.get("device"))
        rows.append((file.id, file.title, file.name, name, file.size, file.sha256, file.by, at, *seen))
    made["data/evidence.csv"] = tables.table("evidence.csv", rows)
    if found.signatures:
        made |= _signatures(found, {**payload, **made})
    return made


def _personal(found: CaseFile) -> dict[str, Any]:
    """Return the personal texts by the ids the history has of them, with the key of their digests."""
    kept = found.case.personal
    return {"key": "", "texts": {}} if kept is None else kept.as_json()


def _signatures(found: CaseFile, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the signatures, and each form that was signed as the bytes that were signed."""
    made: dict[str, bytes] = {}
    rows = []
    documents = {one.id: one for one in found.documents}
    for state in found.signatures:
        one = state.signature
        if state.waiting:
            continue
        if one.record in documents:
            name = next((name for name, there in files.items() if there == documents[one.record].content), "")
            title = documents[one.record].name
        else:
            name = f"data/signed/{safe_file_name(one.record)}-{state.version}-{one.sha256[:8]}.json"
            made[name] = state.content or line_of(dict(found.case.forms.get(one.record, {})))
            title = found.forms[one.record].title if one.record in found.forms else one.record
        who = found.names.get(one.person, one.person)
        words = state.words.render(SOURCE_LANGUAGE)
        more = {"file": name, "title": title, "name": who, "remark": words, "earlier": _earlier(state)}
        rows.append({**state.as_json(), **more})
    return {**made, verify.SIGNATURES: _pretty(rows)}


def _earlier(state: SignatureState) -> bool:
    """Tell whether what was signed was changed in the way the law has for it, which a package is no worse for."""
    return not state.holds and not state.damaged and state.remark is not None and bool(state.version)


def _firm_data(found: CaseFile) -> dict[str, bytes]:
    """Return what the firm may keep of its case as data: the public answers, and when each step was taken."""
    case, zone = found.case, ZoneInfo(found.timezone)
    public = {
        name: {
            asked.name: answers[asked.name] for asked in form.fields if asked.public and asked.name in answers
        }
        for name, answers in sorted(case.forms.items())
        if (form := found.forms.get(name)) is not None
    }
    steps = [
        {"on": _day(event.at, zone).isoformat(), "step": str(event.body["title"])}
        for event in found.events
        if event.kind == "advanced" and event.body.get("title")
    ]
    said = {
        "id": case.id,
        "title": case.title,
        "state": found.states.get(case.state, case.state),
        "subject": {key: case.subject[key] for key in ("id", "name") if key in case.subject},
        "answers": {name: answers for name, answers in public.items() if answers},
        "steps": steps,
    }
    return {"data/case.json": _pretty(said)}


def _piece_rows(found: CaseFile) -> Iterable[Sequence[object]]:
    """Yield the pieces in their order, then each kind of document that is none of them, with why it comes last."""
    for piece in found.pieces:
        state: Message = say("齐全") if piece.complete else say("缺少")
        missing = "；".join(str(message) for message in piece.missing) if piece.needed else ""
        yield piece.number, piece.title, str(state if piece.needed else say("不需要")), missing
    placed = {piece.paper for piece in found.pieces}
    for kind in dict.fromkeys(one.kind for one in found.documents if one.kind not in placed):
        title = next(one.title or one.name for one in found.documents if one.kind == kind)
        yield (
            LAST,
            title,
            str(say("卷内材料以外")),
            str(say("本件的流程没有把这种文书列入卷内材料，排在最后")),
        )


def _free(files: Mapping[str, bytes], folder: str, name: str) -> str:
    """Return a name in a folder of ``data/`` that every system can unpack and nothing else has."""
    inside = f"data/{folder}/"
    taken = {folded(other.removeprefix(inside)) for other in files if other.startswith(inside)}
    return inside + safe_file_name(name, taken)


def _pretty(value: Any) -> bytes:
    """Return JSON people can read, always in the same bytes."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1)
    return (text + "\n").encode("utf-8", "backslashreplace")


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()
