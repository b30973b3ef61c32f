"""The page of the office about the firm of a case: the code, what the firm said, answers, and typing for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.app.commands import Caller
from engine.app.commands.rectification.office import (
    IssuedCode,
    answer_extension,
    answer_feedback,
    end_firm_code,
    enter_for_firm,
    issue_firm_code,
)
from engine.app.queries.cases import show_case
from engine.app.queries.rectification.firm import firm_page_is_open, show_feedback
from engine.documents.qr import qr_svg
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say
from engine.web.forms.shown import names_of_people
from engine.web.pages.firm.typed import DO, masked, typed_act
from engine.web.rendering import page, refused, status_of
from engine.web.visit import Answer, PageVisit, go_to

if TYPE_CHECKING:
    from engine.app.commands.rectification.office import FirmEntered


def show(visit: PageVisit) -> Answer:
    """Show what the firm sees and has said; by POST issue a code, answer, or type for the firm."""
    application, person, case_id = visit.workbench.application, visit.person, visit.parts["case"]
    view = show_case(application, person, case_id, as_person=person)
    if isinstance(view, Refusal):
        return refused(visit, view)
    reasons: tuple[RefusalReason, ...] = ()
    status = 200
    issued: IssuedCode | None = None
    if visit.method == "POST":
        outcome = _done(visit, case_id)
        if isinstance(outcome, Refusal):
            reasons, status = outcome.reasons, status_of(outcome)
        elif isinstance(outcome, IssuedCode):
            issued = outcome
        else:
            return go_to("cases", case_id, "firm", query=f"receipt={outcome.number}&done={outcome.act}")
    found = show_feedback(application, person, case_id)
    if isinstance(found, Refusal):
        return refused(visit, found)
    if issued is not None:
        address = f"{visit.host}/firm?firm={found.view.firm}"
        return page(
            visit,
            "firm_code.html",
            view=found.view,
            issued=issued,
            address=address,
            qr=qr_svg(address, str(say("打开企业办理页面"))),
        )
    return page(
        visit,
        "firm_office.html",
        status=status,
        case=view.case,
        process=view.process,
        view=found.view,
        papers=found.papers,
        moves=found.moves_term,
        reasons=reasons,
        phone=masked(found.view.phone),
        names=names_of_people(visit),
        is_open=firm_page_is_open(application.settings),
        own=False,
        extends="extend" in view.process.state(view.case.state).verbs,
    )


def _done(visit: PageVisit, case_id: str) -> FirmEntered | IssuedCode | Refusal:
    """Do what was chosen."""
    application, caller, typed = visit.workbench.application, Caller(visit.person), visit.typed
    match typed.one(DO):
        case "code":
            return issue_firm_code(application, caller, case_id, typed.all("papers"))
        case "code-ended":
            return end_firm_code(application, caller, case_id)
        case "feedback-good" | "feedback-back":
            number = typed.one("problem")
            return answer_feedback(
                application,
                caller,
                case_id,
                int(number) if number.isascii() and number.isdecimal() and len(number) < 6 else 0,
                typed.one("note").strip(),
                accepted=typed.one(DO) == "feedback-good",
            )
        case "grant" | "refuse":
            return answer_extension(
                application, caller, case_id, typed.one("note").strip(), accepted=typed.one(DO) == "grant"
            )
        case _:
            return enter_for_firm(application, caller, case_id, *typed_act(visit))
