"""What was sent and what was not, and a test message on each channel."""

from __future__ import annotations

from engine.app.commands import Caller
from engine.app.commands.keeping.delivery import send_test_message
from engine.app.queries.keeping.delivery import STATUSES, list_deliveries
from engine.kernel.refusal import Refusal
from engine.language import say
from engine.web.rendering import page, refused
from engine.web.visit import Answer, PageVisit, go_to

#: Lines on the page.
MAX_SHOWN = 200
TITLES = {
    "waiting": say("等待送出"),
    "sent": say("已送出"),
    "incident": say("没有送出去"),
    "dismissed": say("已关闭"),
}


def show(visit: PageVisit) -> Answer:
    """List the deliveries; by POST send oneself a test message."""
    application = visit.workbench.application
    if visit.method == "POST":
        sent = send_test_message(application, Caller(visit.person), visit.typed.one("channel"))
        if isinstance(sent, Refusal):
            return refused(visit, sent)
        return go_to("administration", "deliveries", query="done=1")
    status = visit.query.get("status", "")
    found = list_deliveries(application, visit.person, status=status or None, limit=MAX_SHOWN)
    if isinstance(found, Refusal):
        return refused(visit, found)
    return page(
        visit,
        "deliveries.html",
        found=found,
        chosen=status if status in STATUSES.split() else "",
        titles=TITLES,
        most=MAX_SHOWN,
    )
