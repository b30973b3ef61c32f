"""What a firm does itself: it opens its page by the code on the slip, and answers there. It has no account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.app.access.caller import Caller
from engine.app.access.command import require_steady_clock
from engine.app.access.identity_use_case import before_access
from engine.app.access.text_check import why_unfit
from engine.app.history.credential import proven
from engine.app.history.retry import retry_on_conflict
from engine.app.papers.files import NewFile
from engine.app.ports.store import ConflictError
from engine.app.rectification import entry as entering
from engine.app.rectification.entry import FirmEntered, open_entry
from engine.app.rectification.feedback import FIRM_CODE
from engine.app.rectification.firm_code import case_of_code, is_open
from engine.app.session.refused import CommandRefused
from engine.app.session.unit_of_work import UnitOfWork
from engine.app.sign_in import web_sessions
from engine.app.sign_in.attempts import Locked, judge_attempt, of_origin, plain_name
from engine.app.sign_in.passwords import limits
from engine.app.sign_in.sign_in import NotSignedIn, too_often
from engine.kernel.clean_text import clean_code
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say
from engine.lifecycle.command import FIRM

if TYPE_CHECKING:
    from datetime import datetime

    from engine.app.access.command import StoreAndClock
    from engine.app.ports.store import Transaction
    from engine.app.services import Services

__all__ = [
    "FirmEntered",
    "NewFile",
    "NotSignedIn",
    "OpenedFirmPage",
    "close_firm_page",
    "enter_own",
    "open_firm_page",
]


@dataclass(frozen=True, slots=True)
class OpenedFirmPage:
    """The page of one case that was opened. `secret` is not kept."""

    secret: str = field(repr=False)
    case: str


@before_access("firm.page")
def open_firm_page(
    services: Services, firm: str, code: str, *, origin: str | None = None
) -> OpenedFirmPage | NotSignedIn:
    """Open the page of a case for whoever has the code of its slip and the credit code of its firm.

    What does not fit is counted for that credit code and that origin, as failures to sign in are; the answer does not say
    which of the two was wrong, nor whether there is such a firm.
    """
    if not is_open(services.settings):
        return NotSignedIn(say("本局没有开通企业办理页面；请持文书到本局办理"))
    if (unfit := why_unfit({"firm": firm, "code": code})) is not None:
        return NotSignedIn(unfit.message)
    firm = plain_name(clean_code(firm).upper())
    keys = {f"firm:{firm}": int(limits()["failures"]), **of_origin(origin)}

    def let_in(transaction: Transaction, now: datetime) -> OpenedFirmPage | None:
        found = case_of_code(transaction, firm, code, now)
        if found is None:
            return None
        secret, session = web_sessions.open_firm_session(transaction, now, *found)
        return OpenedFirmPage(secret, web_sessions.case_of_visitor(session))

    body = {"verb": "firm-page", "about": firm, "origin": plain_name(origin) if origin else None}
    outcome = judge_attempt(services, keys, let_in, FIRM, body)
    if isinstance(outcome, Locked):
        return too_often(services, outcome)
    return outcome or NotSignedIn(say("统一社会信用代码或办理码不对，或办理码已停用、已过期"))


@before_access("firm.page")
def enter_own(
    services: Services, secret: str, act: str, answers: Mapping[str, Any], files: Sequence[NewFile] = ()
) -> FirmEntered | Refusal | None:
    """Enter what the firm says on its page; None where the page is not open any more."""
    if not is_open(services.settings):
        return None
    if (unfit := why_unfit({"act": act, "answers": answers, "files": list(files)}, Caller(FIRM))) is not None:
        return Refusal(None, "", (unfit,))

    def transact() -> FirmEntered | None:
        with services.store.write() as transaction, proven(FIRM, FIRM_CODE):
            transaction.serialize()
            session = web_sessions.find(transaction, web_sessions.FIRM, secret, services.clock.now())
            if session is None:
                return None
            require_steady_clock(services, transaction)
            uow = UnitOfWork(services, transaction, services.clock.now())
            case = uow.case(web_sessions.case_of_visitor(session))
            if case is None:
                return None
            return entering.enter_for_firm(open_entry(uow, case, FIRM), act, answers, files)

    try:
        return retry_on_conflict(transact)
    except CommandRefused as no:
        return no.refusal
    except ConflictError:
        message = say("数据库同时在写同一处，本次没有保存任何内容；请重试")
        return Refusal(None, "", (RefusalReason("conflict", message),))


@before_access("firm.page")
def close_firm_page(services: StoreAndClock, secret: str) -> bool:
    """Close the page; tell whether it was open."""

    def transact() -> bool:
        now = services.clock.now()
        with services.store.write() as transaction:
            found = web_sessions.find(transaction, web_sessions.FIRM, secret, now)
            return found is not None and web_sessions.end(transaction, now, found, FIRM)

    return retry_on_conflict(transact)
