"""What a firm sees of its case, for whoever has opened its page; and the same for the office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.app.access.identity_use_case import before_access
from engine.app.access.query import QueryContext, query
from engine.app.access.visible_case import note_answers, visible_case
from engine.app.history.replay import history
from engine.app.ports.papers import PaperState
from engine.app.rectification.feedback import (
    FirmCaseView,
    ProblemState,
    ProblemView,
    ReleasedPaper,
    entries_of,
    moves_term,
    view_of,
)
from engine.app.rectification.firm_code import is_open
from engine.app.sign_in import web_sessions
from engine.kernel.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from engine.app.access.query import QuerySource
    from engine.app.ports.records import Document
    from engine.app.ports.store import Transaction

__all__ = [
    "FirmCaseView",
    "FirmFeedback",
    "ProblemState",
    "ProblemView",
    "ReleasedPaper",
    "firm_document",
    "firm_page",
    "firm_page_is_open",
    "show_feedback",
]


@before_access("firm.page")
def firm_page_is_open(settings: Mapping[str, Any]) -> bool:
    """Tell whether the bureau lets firms use their page."""
    return is_open(settings)


@before_access("firm.page")
def firm_page(source: QuerySource, secret: str, settings: Mapping[str, Any]) -> FirmCaseView | None:
    """Return the case a firm has opened the page of; None where the page is not open."""
    with source.store.read() as transaction:
        return _opened(source, transaction, secret, settings)


@before_access("firm.page")
def firm_document(
    source: QuerySource, secret: str, settings: Mapping[str, Any], paper: str
) -> Document | None:
    """Return the document of a paper the firm may read; None for any other."""
    with source.store.read() as transaction:
        view = _opened(source, transaction, secret, settings)
        if view is None:
            return None
        found = next((one.paper for one in view.papers if one.paper.id == paper), None)
        if found is None:
            return None
        documents = transaction.records.documents(view.case)
        return next((one for one in documents if one.id == found.document), None)


def _opened(
    source: QuerySource, transaction: Transaction, secret: str, settings: Mapping[str, Any]
) -> FirmCaseView | None:
    now = source.clock.now()
    session = web_sessions.find(transaction, web_sessions.FIRM, secret, now) if is_open(settings) else None
    case = transaction.cases.get(web_sessions.case_of_visitor(session)) if session is not None else None
    if case is None:
        return None
    process = source.definitions.get(transaction, case.workflow, case.version)
    return view_of(transaction, process, case, entries_of(history(transaction, case.id)), now)


@dataclass(frozen=True, slots=True)
class FirmFeedback:
    """What a firm sees and has said, for the office; and the papers that may be shown to it."""

    view: FirmCaseView
    #: id and title of each paper that is approved and in force.
    papers: Sequence[tuple[str, str]]
    #: Whether granting the firm more time extends its term at once.
    moves_term: bool


@query("firm.read")
def show_feedback(context: QueryContext, case_id: str) -> FirmFeedback | Refusal:
    """Return what the firm of a case sees and has said."""
    case = visible_case(context, case_id)
    if isinstance(case, Refusal):
        return case
    note_answers(context, case)
    transaction = context.transaction
    process = context.source.definitions.get(transaction, case.workflow, case.version)
    view = view_of(transaction, process, case, entries_of(history(transaction, case_id)), context.now)
    if view.phone or view.contact:
        context.shows_personal(f"objects/{view.firm}", ("contact", "phone"), 1)
    documents = {one.id: one for one in transaction.records.documents(case_id)}
    papers = [
        (
            one.id,
            (document.title if (document := documents.get(one.document)) else "") or one.number or one.kind,
        )
        for one in transaction.papers.of_case(case_id)
        if one.state is not PaperState.VOID and one.fact(PaperState.APPROVED) is not None
    ]
    return FirmFeedback(view, papers, moves_term(process, case, view))
