"""Forms of a case to fill in without a network: the file to take along, and the file it has saved, brought back."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from engine.app.commands import Caller
from engine.app.queries.cases import show_case
from engine.app.queries.papers.offline import offline_forms
from engine.documents.offline.brought_back import compared, keep_as_draft, notes_on, take_step
from engine.documents.offline.kit import kit_page
from engine.documents.offline.record import OfflineRecordError, read_record
from engine.kernel.refusal import Refusal
from engine.language import Message, say
from engine.web.rendering import page, refused, status_of
from engine.web.visit import Answer, PageVisit, go_to

if TYPE_CHECKING:
    from engine.app.queries.papers.offline import RecordComparison
    from engine.documents.offline.record import OfflineRecord


def show(visit: PageVisit) -> Answer:
    """Say which steps the file is for; by POST bring back what it has saved, as a draft or to take the step at once."""
    return _brought(visit) if visit.method == "POST" else _page(visit)


def take_along(visit: PageVisit) -> Answer:
    """Give the file with the forms of the open steps, to be saved."""
    found = offline_forms(visit.workbench.application, visit.person, visit.parts["case"], visit.person)
    if isinstance(found, Refusal):
        return refused(visit, found)
    name = quote(f"{found.case.id}.html", safe="")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Answer(body=kit_page(found), type="application/octet-stream", headers=headers)


def _page(
    visit: PageVisit,
    *,
    status: int = 200,
    wrong: list[Message] | None = None,
    said: list[Message] | None = None,
    found: RecordComparison | None = None,
) -> Answer:
    """Show the page; with `found` what is kept and what the file says, side by side."""
    application, person, case_id = visit.workbench.application, visit.person, visit.parts["case"]
    view = show_case(application, person, case_id, as_person=person)
    if isinstance(view, Refusal):
        return refused(visit, view)
    forms = offline_forms(application, person, case_id, person)
    steps = () if isinstance(forms, Refusal) else forms.steps
    return page(
        visit,
        "offline.html",
        status=status,
        view=view,
        steps=steps,
        wrong=wrong or [],
        said=said or [],
        differing=found.differing if found else (),
    )


def _brought(visit: PageVisit) -> Answer:
    """Take up the file that was chosen."""
    chosen = visit.typed.files.get("file", ())
    if not chosen or not chosen[0].content:
        return _page(visit, status=422, wrong=[say("请选择离线表单保存的文件")])
    try:
        record = read_record(chosen[0].content)
    except OfflineRecordError as problem:
        return _page(visit, status=422, wrong=[problem.message])
    case_id = visit.parts["case"]
    if record.case != case_id:
        message = say("这个文件是“{other}”的，请到那件案件里交回", other=record.case[:80])
        return _page(visit, status=422, wrong=[message])
    found = compared(visit.workbench.application, visit.person, record)
    if isinstance(found, Refusal):
        return refused(visit, found)
    if found.imported:
        return _page(visit, said=[say("这个文件此前已导入，没有改动。")])
    if not found.current and found.same:
        return _page(visit, said=[say("案件里已是同样的内容，没有改动。")])
    if not found.current:
        message = say("这一步在此期间已经办过或不再需要，文件没有导入。不同之处列在下面。")
        return _page(visit, status=409, wrong=[message], found=found)
    return _handed_in(visit, record, found)


def _handed_in(visit: PageVisit, record: OfflineRecord, found: RecordComparison) -> Answer:
    """Keep a record as a draft to be looked at, or take its step, as was chosen."""
    application, by, case_id = visit.workbench.application, Caller(visit.person), visit.parts["case"]
    said = notes_on(record, found, visit.person)
    if visit.typed.one("do") == "take":
        outcome = take_step(application, by, record, found)
        if isinstance(outcome, Refusal):
            return _page(visit, status=status_of(outcome), wrong=_sentences(outcome), said=said)
        if not said:
            return go_to("cases", case_id, "receipt", query=f"number={outcome.rev}")
        return _page(visit, said=[*said, say("已办理，回执号 {number}", number=f"{case_id}-{outcome.rev}")])
    # A draft of one's own is not written over: whoever has one looks at it first.
    kept = keep_as_draft(application, by, record, found, if_saved_at="")
    if isinstance(kept, Refusal) and kept.reasons[0].code == "conflict":
        message = say("您在这一步另有一份草稿，没有用文件代替它。请先打开那一步，办完或删去草稿")
        return _page(visit, status=409, wrong=[message], said=said)
    if isinstance(kept, Refusal):
        return _page(visit, status=status_of(kept), wrong=_sentences(kept), said=said)
    if not said and not kept:
        return go_to("cases", case_id, "steps", record.step)
    return _page(visit, wrong=list(kept), said=[*said, say("已存为您的草稿，请打开这一步核对后办理")])


def _sentences(refusal: Refusal) -> list[Message]:
    said = [reason.message for reason in refusal.reasons]
    return [*said, *dict.fromkeys(reason.hint for reason in refusal.reasons if reason.hint is not None)]
