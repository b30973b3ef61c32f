"""The histories that belong to no case, searched for who did what."""

from __future__ import annotations

from urllib.parse import urlencode

from engine.app.queries.keeping.journal import JOURNALS, search_journal
from engine.kernel.refusal import Refusal
from engine.language import say
from engine.lifecycle.chain import canonical
from engine.web.rendering import page, refused
from engine.web.visit import Answer, PageVisit

TITLES = {
    "office": say("办理与运行"),
    "sign-in": say("登录与令牌"),
    "definitions": say("流程定义"),
    "calendar": say("放假安排"),
    "message-preferences": say("消息偏好"),
    "head": say("日志头"),
    "register:people": say("工作人员名录"),
    "register:inspectors": say("执法检查人员名录库"),
    "register:objects": say("检查对象名录库"),
    "register:items": say("抽查事项清单"),
    "register:experts": say("专家库"),
    "register:visits": say("检查台账"),
}
#: Characters of the content of an entry that are shown.
_MAX_TEXT = 400


def show(visit: PageVisit) -> Answer:
    """Show a page of the entries that fit."""
    journal = visit.query.get("journal", "office")
    text = visit.query.get("text", "")[:100]
    before = visit.query.get("before", "")
    number = int(before) if before.isascii() and before.isdecimal() and len(before) < 10 else None
    found = search_journal(visit.workbench.application, visit.person, journal, text, number)
    if isinstance(found, Refusal):
        return refused(visit, found)
    lines = [(event, canonical(dict(event.body))[:_MAX_TEXT]) for event in found.entries]
    more = urlencode({"journal": journal, "text": text, "before": str(found.before)}) if found.before else ""
    return page(
        visit,
        "journals.html",
        lines=lines,
        journal=journal,
        journals=[(name, TITLES.get(name, name)) for name in JOURNALS.split()],
        text=text,
        more=more,
    )
