"""What a template of a document may ask for, made of a case, the bureau and the people in it."""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from engine.app.ports.documents import FormGiven
from engine.app.ports.papers import KeptFile, PaperRecord
from engine.app.ports.records import RegisterEntry
from engine.app.ports.signatures import SignatureState
from engine.documents.duties import Duties
from engine.documents.filed_papers import filed_papers, void_papers
from engine.documents.qr import QrCode, draw_code, paper_address, visit_code
from engine.language import say
from engine.lifecycle.case import Case
from engine.lifecycle.deadlines.period_text import describe_period
from engine.lifecycle.forms.answers import ROW_ANSWERS
from engine.lifecycle.forms.in_words import shown_answers
from engine.lifecycle.forms.item_results import DrawnItem, item_results, rows_by_item
from engine.lifecycle.forms.item_rows import form_of_items
from engine.lifecycle.forms.row_parts import ROW_PARTS, article_of
from engine.lifecycle.model.bureau import Bureau
from engine.lifecycle.model.form import CheckRow, FieldType, Form
from engine.lifecycle.model.paper_series import OFFICE
from engine.lifecycle.model.workflow import Workflow
from engine.value import Later

#: Types whose answers find room in half a line.
_SHORT_ANSWERS = ("integer", "decimal", "money", "ratio", "date", "time", "boolean", "yes-no-na")


class Values(dict[str, Any]):
    """Values for a template by their names; what is made later is made where it is asked for by its name."""

    def __getitem__(self, name: str) -> Any:
        """Return a value."""
        found = super().__getitem__(name)
        return found.value if type(found) is Later else found

    def items(self) -> ItemsView[str, Any]:  # type: ignore[override]
        """Return all names with their values, each of them made."""
        return {name: self[name] for name in self}.items()


def document_context(
    case: Case,
    bureau: Bureau,
    people: Sequence[RegisterEntry],
    *,
    workflow: Workflow,
    today: date,
    number: str = "",
    dated: date | None = None,
    internal: str = "",
    items: Sequence[RegisterEntry] = (),
    named_items: Sequence[RegisterEntry] = (),
    draw: Mapping[str, Any] | None = None,
    texts: Mapping[str, Sequence[str]] | None = None,
    duties: Duties | None = None,
    papers: Sequence[PaperRecord] = (),
    above: Sequence[PaperRecord] = (),
    files: Sequence[KeptFile] = (),
    titles: Mapping[str, str] | None = None,
    firm: Mapping[str, Any] | None = None,
    made_by: str = "",
    given: Sequence[FormGiven] = (),
    signatures: Callable[[], Sequence[SignatureState]] = tuple,
) -> Values:
    """Return the values for the templates of one case; what costs, and few templates show, is made where one asks for it.

    `people` are the register rows of everybody in a party of the case, `items` those of its inspection items, `named_items` those that rows of its answers name,
    `draw` what is public of its draw, `texts` the blocks of `read_texts`, `duties` what `read_duties` found, `today` the day
    it is made, `number` and `dated` the 文号 and the date under the seal, `internal` what the foot names it by,
    `papers` and `files` what is in the file of the case, `above` the papers of the case above it,
    `firm` what the register says of the firm now where that is not what the case keeps, `made_by` who had the paper made, `given` who gave which form, `signatures` tells who signed what of it, `titles` what each template is called.

    ``forms`` holds the answers as they are kept, ``shown`` the same as people read them; both have an entry for
    every form of the workflow, so that ``shown.notice.place | default('')`` works before the form is filled.
    """
    zone = ZoneInfo(bureau.timezone)
    rows = {entry.id: entry for entry in people}
    parties = {
        party: [
            _person(bureau, rows.get(person), person, party, title) for person in case.parties.get(party, ())
        ]
        for party, title in workflow.parties.items()
    }
    everybody = [person for members in parties.values() for person in members]
    names = {person["id"]: person["name"] for person in everybody} | {e.id: e.name for e in people}
    drawn = drawn_items(items)
    certificates = [str(p["cert_no"]) for p in parties.get("inspectors", []) if p["cert_no"]]
    if draw:
        code = draw_code(case.id, int(draw["number"]), str(draw["commitment_sha256"]))
    else:
        code = visit_code(case.id, str(case.subject.get("id", "")), [item.id for item in items], certificates)
    office = {**dict.fromkeys(OFFICE, ""), **bureau.papers.office}
    return Values({
        "bureau": {"id": bureau.id, "title": bureau.title},
        "case": {
            "id": case.id,
            "title": case.title,
            "state": case.state,
            "workflow": case.workflow,
            "workflow_title": workflow.title,
            "section": case.section,
            "section_title": bureau.sections.get(case.section or "", case.section or ""),
            "opened_on": case.opened_at.astimezone(zone).date(),
            "head": case.head,
            "kept_for": _kept_for(workflow, case),
            # Who is named in a fact of the case, by name.
            "people": {
                name: [names.get(person, person) for person in _several(case.fields[name])]
                for name, asked in workflow.fields.items()
                if asked.type in (FieldType.PERSON, FieldType.PERSONS) and case.fields.get(name)
            },
            "fields": {
                **case.fields,
                **{
                    asked.alias: case.fields[name]
                    for name, asked in workflow.fields.items()
                    if asked.alias is not None and name in case.fields
                },
            },
        },
        "subject": {"id": "", "name": "", "address": "", **case.subject, **(firm or {})},
        "forms": {
            name: both_names(form, case.forms[name]) if name in case.forms else {}
            for name, form in workflow.forms.items()
        },
        # A process may use eighty forms, a case has answered few of them.
        "shown": {
            name: both_names(form, shown_answers(form, case.forms[name], names, zone))
            if name in case.forms
            else {}
            for name, form in workflow.forms.items()
        },
        "made_by": names.get(made_by, made_by),
        "given": {
            one.form: {
                "by": names.get(one.by, one.by),
                "principal": names.get(one.principal, one.principal),
                "on": one.on,
                "number": one.number,
            }
            for one in given
        },
        "checked": [row for answers in case.forms.values() for row in _checked(workflow, answers)],
        "people": everybody,
        "everybody": {entry.id: _person(bureau, entry, entry.id, "", "") for entry in people},
        "sections": dict(bureau.sections),
        "parties": parties,
        "items": Later(lambda: _listed(workflow, bureau, items, case)),
        "item_names": {item.id: item.name for item in (*items, *named_items)},
        "check_forms": Later(
            lambda: [
                {**_asked(form), "groups": _groups(form, drawn, bureau.sections)}
                for form in _item_forms(workflow, items)
            ]
        ),
        "base_form": Later(lambda: _base_form(workflow)),
        "draw": dict(draw) if draw else None,
        "office": office,
        "papers": filed_papers(papers, titles or {}),
        "papers_above": filed_papers(above, titles or {}),
        "void_papers": void_papers(papers, titles or {}),
        "files": [
            {"title": file.title or file.name, "kept_on": file.at.astimezone(zone).date()} for file in files
        ],
        "signatures": Later(lambda: [_signature(one, workflow, names, zone) for one in signatures()]),
        "texts": {name: list(lines) for name, lines in (texts or {}).items()},
        "duties": duties or Duties(),
        "today": today,
        "number": number,
        "dated": dated or today,
        "internal": internal or case.id,
        "code": code,
        "qr": QrCode(paper_address(office["site"], code), say("任务二维码").render()),
    })  # fmt: skip


def _listed(
    workflow: Workflow, bureau: Bureau, items: Sequence[RegisterEntry], case: Case
) -> list[dict[str, Any]]:
    """Return the items of a case with what was found of each."""
    results = _results(workflow, drawn_items(items), case.forms)
    return [
        {
            **item.data,
            "code": item.id,
            "title": item.name,
            "section_title": bureau.sections.get(item.section or "", item.section or ""),
            **results[item.id],
        }
        for item in items
    ]


def both_names(form: Form, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return answers under the names they are kept under, and those of renamed questions under the names of their file too."""
    found = dict(answers)
    for asked in form.fields:
        if asked.alias is not None and asked.name in answers:
            found[asked.alias] = answers[asked.name]
        columns = {one.alias: one.name for one in asked.columns if one.alias is not None}
        rows = found.get(asked.written)
        if columns and isinstance(rows, list):
            found[asked.written] = found[asked.name] = [
                {**row, **{alias: row[name] for alias, name in columns.items() if name in row}}
                for row in rows
            ]
    return found


def _several(people: Any) -> list[str]:
    """Return one or several people as a list; a fact that holds several now may have been kept when it held one."""
    return [people] if isinstance(people, str) else [str(person) for person in people]


def _kept_for(workflow: Workflow, case: Case) -> str:
    """Return how long the file of a case is kept, in words: with the case above where its process says nothing of filing."""
    if workflow.archive is None and case.parent is not None:
        return say("随所属案件").render()
    # For ever where no period is named.
    period = None if workflow.archive is None else workflow.archive.retention.keep
    return (say("永久") if period is None else describe_period(period)).render()


def _signature(
    one: SignatureState, workflow: Workflow, names: Mapping[str, str], zone: ZoneInfo
) -> dict[str, Any]:
    """Return a signature as people read it: who signed what, how, when, on whose device, and whether it still holds."""
    signed = one.signature
    at = signed.at.astimezone(zone)
    form = workflow.forms.get(signed.record)
    return {
        "person": names.get(signed.person, signed.person),
        "record": signed.record,
        "title": signed.record if form is None else form.title,
        "way": signed.way.words.render(),
        "device": signed.device,
        "at": f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}",
        "noted_by": names.get(signed.by, signed.by),
        "holds": one.holds,
    }


def _person(
    bureau: Bureau, entry: RegisterEntry | None, person: str, party: str, title: str
) -> dict[str, Any]:
    data = entry.data if entry else {}
    section = (entry.section if entry else None) or ""
    return {
        "id": person,
        "name": entry.name if entry else person,
        "section": section,
        "section_title": bureau.sections.get(section, section),
        "cert_no": data.get("cert_no") or "",
        "cert_valid_to": data.get("cert_valid_to") or "",
        "party": party,
        "party_title": title,
    }


def _item_forms(workflow: Workflow, items: Sequence[RegisterEntry]) -> Iterable[Form]:
    ids = dict.fromkeys(str(item.data.get("form") or "") for item in items)
    codes = [item.id for item in items]
    return (form_of_items(workflow.forms[name], codes) for name in ids if name in workflow.forms)


def _asked(form: Form) -> dict[str, Any]:
    """Return a form as it is printed to be filled by hand: questions and rows, and no answers."""
    fields = [
        {
            "name": asked.name,
            "title": asked.title,
            "type": asked.type.value,
            "unit": asked.unit or "",
            "choices": list(asked.choices.values()),
        }
        for asked in form.fields
        if asked.computed is None
    ]
    short = [field for field in fields if not field["choices"] and field["type"] in _SHORT_ANSWERS]
    return {
        "id": form.id,
        "title": form.title,
        "basis": form.basis or "",
        "fields": fields,
        # Beside each other in twos: questions whose answers are short.
        "pairs": [short[at : at + 2] for at in range(0, len(short), 2)],
        "long": [field for field in fields if field not in short],
        "rows": [_row(row) for row in form.rows],
    }


def _row(row: CheckRow) -> dict[str, str]:
    return {"title": row.title, "points": row.points, "basis": row.basis, "method": row.method or ""}


def _base_form(workflow: Workflow) -> dict[str, Any] | None:
    """Return the form that is filled in beside those of the items, once for all of them."""
    named = next((step.form for step in workflow.transitions if step.item_forms and step.form), None)
    return None if named is None or named not in workflow.forms else _asked(workflow.forms[named])


def drawn_items(items: Sequence[RegisterEntry]) -> tuple[DrawnItem, ...]:
    """Return register rows of items as what a sheet asks of each of them."""
    return tuple(
        DrawnItem(item.id, item.name, item.section or "", str(item.data.get("form") or "")) for item in items
    )


def _groups(form: Form, items: Sequence[DrawnItem], sections: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the rows of a form under the item and the section they are of."""
    return [
        {
            "code": group.item.code if group.item else "",
            "title": group.item.name if group.item else say("各事项共同的检查内容").render(),
            "section_title": sections.get(group.item.section, group.item.section) if group.item else "",
            "rows": [_row(row) for row in group.rows],
        }
        for group in rows_by_item(form, items)
    ]


def _results(
    workflow: Workflow, items: Sequence[DrawnItem], answered: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Return code of an item -> what was found of it, in words; empty before the visit."""
    forms = [step.form for step in workflow.transitions if step.item_forms and step.form]
    answers = next((answered[form] for form in forms if form in answered), {})
    return {
        one.item.code: {
            "result": ROW_ANSWERS.get(one.answer or "", ""),
            "problems": [
                {
                    "title": problem["title"],
                    "basis": article_of(problem),
                    **{part.name: str(problem.get(part.name, "")) for part in ROW_PARTS},
                }
                for problem in one.problems
            ],
        }
        for one in item_results(workflow.forms, items, answers)
    }


def _checked(workflow: Workflow, answers: Mapping[str, Any]) -> Iterable[dict[str, str]]:
    """Yield the check rows that have been answered, those of item forms too."""
    for form_id, item in (answers.get("items") or {}).items():
        form = workflow.forms.get(form_id)
        for row in form.rows if form else ():
            given = (item.get("rows") or {}).get(row.id)
            if form and given:
                yield {
                    "form": form.title,
                    "title": row.title,
                    "basis": row.basis,
                    "answer": ROW_ANSWERS[given["answer"]],
                    **{part.name: str(given.get(part.name) or "") for part in ROW_PARTS},
                }
