"""The made-up case a template is tried on: what the file of paper tests says, and by type what it does not say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from engine.app.ports.documents import FormGiven
from engine.app.ports.papers import PaperFact, PaperRecord, PaperState
from engine.app.ports.records import RegisterEntry
from engine.app.ports.signatures import SignatureRecord, SignatureState, SigningWay
from engine.documents.context import document_context
from engine.documents.duties import DutyFileError, read_duties
from engine.documents.parts.paper_tests import PaperKind, PaperTests
from engine.documents.render import RenderError, render
from engine.documents.template_folder import read_texts, template_titles
from engine.lifecycle.case import Case
from engine.lifecycle.model.bureau import Bureau
from engine.lifecycle.model.form import Field, FieldType, Form
from engine.lifecycle.model.workflow import Workflow

#: What the made-up case is called in the bureau's own records.
INTERNAL = "sample-1"
_NUMBER = 5
_FILES = (FieldType.FILE, FieldType.FILES, FieldType.PHOTO, FieldType.PHOTOS, FieldType.SIGNATURE)


def made_up_document(
    kind: PaperKind,
    workflow: Workflow,
    bureau: Bureau,
    tests: PaperTests,
    folders: Sequence[Path],
    drafts: Mapping[str, str] | None = None,
) -> bytes:
    """Return the document of a template for the made-up case, as UTF-8 HTML; `drafts` as in `render`. Raises RenderError."""
    context = made_up_context(kind, workflow, bureau, tests, folders)
    return render(kind.template, context, folders, drafts=drafts)


def made_up_context(
    kind: PaperKind, workflow: Workflow, bureau: Bureau, tests: PaperTests, folders: Sequence[Path]
) -> dict[str, Any]:
    """Return the values a template is given for the made-up case. Raises RenderError for a file of duties that cannot be read."""
    try:
        duties = read_duties(folders)
    except DutyFileError as problem:
        raise RenderError(problem.message) from None
    example = tests.example
    people = [_entry("inspectors", row) for row in example.get("people", ())]
    ids = tuple(person.id for person in people)
    at = datetime.combine(tests.day, time(9), ZoneInfo(bureau.timezone)).astimezone(UTC)
    given = {**example.get("answers", {}), **kind.answers}
    case = Case(
        id=INTERNAL,
        workflow=workflow.id,
        version=1,
        state=workflow.initial,
        rev=1,
        head="0" * 64,
        title=str(example.get("title", "")),
        section=example.get("section"),
        opened_at=at,
        entered_at=at,
        subject=example.get("subject", {}),
        fields=example.get("fields", {}),
        forms={
            name: _without_empty({**_answers(form, tests, ids), **given.get(name, {})})
            for name, form in workflow.forms.items()
        },
        parties=dict.fromkeys(workflow.parties, ids[:2]),
    )
    papers = [_paper(name, bureau, case, tests, at, served=True) for name in kind.papers]
    papers += [_void(_paper(name, bureau, case, tests, at, served=True), tests, at) for name in kind.void]
    numbered = _paper(kind.template, bureau, case, tests, at, served=False)
    return document_context(
        case,
        bureau,
        people,
        workflow=workflow,
        today=tests.day,
        number=numbered.number or "",
        dated=tests.day,
        internal=INTERNAL,
        items=[_entry("items", row) for row in example.get("items", ())],
        draw=example.get("draws", {}).get(kind.template),
        texts=read_texts(folders),
        duties=duties,
        papers=papers,
        above=papers,
        made_by=next(iter(ids), ""),
        # All by one entry: which of two forms is the later is nothing the made-up case says.
        given=[FormGiven(name, next(iter(ids), ""), tests.day, 1) for name in case.forms],
        titles=template_titles(folders),
        signatures=lambda: [
            _signature(case.id, number, row, at)
            for number, row in enumerate(example.get("signatures", ()), 1)
        ],
    )


def _entry(register: str, row: Mapping[str, Any]) -> RegisterEntry:
    data = {name: value for name, value in row.items() if name not in ("id", "name", "section")}
    return RegisterEntry(register, str(row["id"]), str(row["name"]), row.get("section"), data)


def _signature(case: str, number: int, row: Mapping[str, Any], at: datetime) -> SignatureState:
    signed = SignatureRecord(
        id=f"{case}/S{number}",
        case=case,
        record=str(row["record"]),
        sha256="",
        person=str(row["person"]),
        way=SigningWay(str(row["way"])),
        device=str(row.get("device", "")),
        at=at,
        by=str(row["person"]),
    )
    return SignatureState(signed, bool(row.get("holds", True)))


def _paper(
    kind: str, bureau: Bureau, case: Case, tests: PaperTests, at: datetime, *, served: bool
) -> PaperRecord:
    series = bureau.papers.series_of(kind)
    states = [PaperState.DRAFTED, PaperState.APPROVED]
    states += [PaperState.NUMBERED] if series is not None else []
    states += [PaperState.SERVED] if served else []
    return PaperRecord(
        id=f"{case.id}/{kind}/1",
        case=case.id,
        kind=kind,
        document="",
        facts=tuple(PaperFact(state, tests.day, at, "sample") for state in states),
        number=None if series is None else bureau.papers.text(series, case.section, tests.day.year, _NUMBER),
    )


def _void(paper: PaperRecord, tests: PaperTests, at: datetime) -> PaperRecord:
    """Return a paper that was made void on the day of the example, for the reason the example has."""
    reason = str(tests.example.get("void_because", ""))
    return replace(
        paper, facts=(*paper.facts, PaperFact(PaperState.VOID, tests.day, at, "sample", reason or None))
    )


def _without_empty(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers without those the file leaves empty: what was not asked on the made-up case."""
    return {name: value for name, value in answers.items() if value not in ("", None)}


def _answers(form: Form, tests: PaperTests, people: Sequence[str]) -> dict[str, Any]:
    return {
        asked.name: _answer(asked, tests, people)
        for asked in form.fields
        if asked.computed is None and asked.type is not FieldType.NOTE
    }


def _answer(asked: Field, tests: PaperTests, people: Sequence[str]) -> Any:
    if asked.columns:
        return [{column.name: _answer(column, tests, people) for column in asked.columns}]
    if asked.choices:
        first = next(iter(asked.choices))
        return [first] if asked.type is FieldType.CHOICES else first
    if asked.type in (FieldType.PERSON, FieldType.PERSONS):
        return list(people) if asked.type is FieldType.PERSONS else next(iter(people), asked.title)
    by_type: dict[FieldType, Any] = {
        FieldType.BOOLEAN: True,
        FieldType.DATE: tests.day.isoformat(),
        FieldType.DATETIME: datetime.combine(tests.day, time(1), UTC).isoformat(),
        FieldType.INTEGER: 1,
        FieldType.DECIMAL: "1000",
        FieldType.MONEY: "1000",
        FieldType.RATIO: "5%",
        FieldType.LIST: [asked.title],
        **dict.fromkeys(_FILES),
    }
    return by_type.get(asked.type, f"（{asked.title}）")
