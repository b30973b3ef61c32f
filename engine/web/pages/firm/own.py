"""The page a firm opens by the code of its slip: what was found, what is asked until when, its answers, its papers."""

from __future__ import annotations

from engine.app.commands.rectification.firm import NotSignedIn, close_firm_page, enter_own, open_firm_page
from engine.app.queries.rectification.firm import firm_document, firm_page, firm_page_is_open
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import Message, say
from engine.web.pages.firm.typed import DO, masked, typed_act
from engine.web.rendering import page, sentence, status_of
from engine.web.visit import Answer, PageVisit, go_to

COOKIE, VISIT_COOKIE = "ssj_firm", "ssj_visit"


def enter(visit: PageVisit) -> Answer:
    """Ask for the credit code and the code on the slip; open the page where they are right."""
    application = visit.workbench.application
    if not firm_page_is_open(application.settings):
        return sentence(
            visit,
            404,
            say("没有开通"),
            say("本局没有开通企业办理页面；请持文书到本局办理，或按文书上的电话联系。"),
        )
    wrong: Message | None = None
    if visit.method == "POST":
        outcome = open_firm_page(
            application, visit.typed.one("firm"), visit.typed.one("code"), origin=visit.origin or None
        )
        if not isinstance(outcome, NotSignedIn):
            # The mark of the visit before is given up, as at signing in.
            return go_to("firm", "case", cookies={COOKIE: outcome.secret})
        wrong = outcome.message
    return page(
        visit,
        "firm_entry.html",
        status=200 if wrong is None else 422,
        wrong=wrong,
        closed=False,
        firm=visit.typed.one("firm") or visit.query.get("firm", ""),
    )


def show(visit: PageVisit) -> Answer:
    """Show the case of the firm; by POST take in what it says."""
    application = visit.workbench.application
    if visit.method == "POST" and visit.typed.one(DO) == "leave":
        close_firm_page(application, visit.firm_secret)
        return go_to("firm", cookies={COOKIE: None, VISIT_COOKIE: None})
    reasons: tuple[RefusalReason, ...] = ()
    status = 200
    if visit.method == "POST":
        outcome = enter_own(application, visit.firm_secret, *typed_act(visit))
        if outcome is None:
            return _closed(visit)
        if not isinstance(outcome, Refusal):
            return go_to("firm", "case", query=f"receipt={outcome.number}&done={outcome.act}")
        reasons, status = outcome.reasons, status_of(outcome)
    view = firm_page(application, visit.firm_secret, application.settings)
    if view is None:
        return _closed(visit)
    return page(
        visit, "firm_case.html", status=status, view=view, reasons=reasons, phone=masked(view.phone), own=True
    )


def paper(visit: PageVisit) -> Answer:
    """Give one paper to the firm, to be kept."""
    application = visit.workbench.application
    found = firm_document(application, visit.firm_secret, application.settings, visit.parts["paper"])
    if found is None:
        return sentence(visit, 404, say("没有这份文书"), say("请从企业办理页面重新打开。"))
    name = "".join(char for char in found.id if char.isascii() and (char.isalnum() or char in "-_"))
    return Answer(
        body=found.content,
        type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{name}.html"'},
    )


def _closed(visit: PageVisit) -> Answer:
    """Ask for the codes again: the page is not open, or was closed."""
    answer = page(visit, "firm_entry.html", wrong=None, firm="", closed=bool(visit.firm_secret))
    return Answer(body=answer.body, cookies={COOKIE: None} if visit.firm_secret else {})
