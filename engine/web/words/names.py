"""What ids and codes are called on a page: people, sections, roles, channels, columns of registers, sources of randomness."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from engine.app.queries.definitions import show_bureau
from engine.draw.entropy import LOTTERIES
from engine.kernel.refusal import Refusal
from engine.language import Message, say
from engine.lifecycle.command import ENGINE, FIRM, SYSTEM
from engine.register.profile import KINDS, built_in
from engine.web.forms.shown import names_of_people

if TYPE_CHECKING:
    from engine.lifecycle.model.bureau import Bureau
    from engine.register.columns import RegisterColumn
    from engine.web.visit import PageVisit

#: Who acts and is nobody.
_NOBODY: Mapping[str, Message] = {ENGINE: say("系统"), SYSTEM: say("系统"), FIRM: say("企业")}
_CHANNELS: Mapping[str, Message] = {
    "inbox": say("收件箱"),
    "log": say("日志"),
    "site": say("公示网站"),
    "mail": say("电子邮件"),
}
_CHANGES: Mapping[str, Message] = {
    "imported": say("导入"),
    "undone": say("撤销变动"),
    "firm-changed": say("企业变更"),
    "claimed": say("领用"),
    "released": say("放回"),
}
_LOTTERY = re.compile(rf"\b({'|'.join(LOTTERIES)})(?::([0-9]{{7}})\b(:?))?", re.ASCII)


class PageNames:
    """The names of one page, looked up when the first of a kind is asked for; what has none is shown as it is."""

    def __init__(self, visit: PageVisit) -> None:
        self._visit = visit

    @cached_property
    def _people(self) -> Mapping[str, str]:
        return names_of_people(self._visit)

    @cached_property
    def _bureau(self) -> Bureau | None:
        found = show_bureau(self._visit.workbench.application, self._visit.person)
        return None if isinstance(found, Refusal) else found

    def person(self, who: str | None) -> str:
        """Return the name of a person, or of what acts by itself."""
        if not who:
            return "–"
        return str(_NOBODY[who]) if who in _NOBODY else self._people.get(who) or who

    def people(self, ids: Any) -> str:
        """Return the names of people, in one text."""
        return str(say("{items}", items=[self.person(one) for one in ids]))

    def section(self, code: str | None) -> str:
        """Return the title of a section."""
        if not code:
            return "–"
        return self._bureau.sections.get(code, code) if self._bureau is not None else code

    def role(self, code: str) -> str:
        """Return the title of a role."""
        known = self._bureau.roles.get(code) if self._bureau is not None else None
        return known.title if known is not None else code

    def channel(self, name: str) -> str:
        """Return what a channel is called; the bureau's own names stay."""
        return str(_CHANNELS.get(name, name))

    def change(self, kind: str) -> str:
        """Return what an entry of the history of a register is called."""
        return str(_CHANGES.get(kind, kind))

    def column(self, kind: str, name: str) -> str:
        """Return the title of a column of a register."""
        known = _columns(kind).get(name)
        return known.title if known is not None else str(_LISTS.get(name, name))

    def columns(self, kind: str, names: Any) -> list[str]:
        """Return the titles of columns of a register."""
        return [self.column(kind, name) for name in names]

    def cell(self, kind: str, name: str, value: Any) -> str:
        """Return a value of a column of a register as people read it."""
        if isinstance(value, list | tuple):
            return str(say("{items}", items=[self.cell(kind, name, one) for one in value])) if value else "–"
        if isinstance(value, Mapping):
            parts = [f"{self.column(kind, key)} {self.cell(kind, key, one)}" for key, one in value.items()]
            return str(say("{items}", items=parts))
        if value is True or value is False:
            return str(say("是") if value else say("否"))
        if value in (None, ""):
            return "–"
        known = _columns(kind).get(name)
        if name == "section" or (known is not None and known.codes == "sections"):
            return self.section(str(value))
        if known is not None and known.codes == "roles":
            return self.role(str(value))
        words = known.choices.get(str(value), ()) if known is not None else ()
        return words[0] if words else str(value)


#: What several columns of a file make together.
_LISTS: Mapping[str, Message] = {
    "labels": say("标签"),
    "ratings": say("信用风险等级"),
    "licences": say("许可"),
    "scheme": say("分级办法"),
    "class": say("等级"),
    "from": say("起"),
    "to": say("止"),
}


def _columns(kind: str) -> Mapping[str, RegisterColumn]:
    return built_in(kind).columns if kind in KINDS else {}


def named(visit: PageVisit, message: Any) -> str:
    """Return a sentence in which the visitor is called by name where it has their id."""
    visitor = visit.visitor
    if not isinstance(message, Message) or visitor is None or not visitor.actor.name:
        return str(message)
    own = {name: visitor.actor.name for name, value in message.values.items() if value == visitor.actor.id}
    return str(replace(message, values={**message.values, **own}) if own else message)


def sources_in_words(text: Any) -> str:
    """Return a rule or a result of public randomness with its lotteries by name: ``ssq:2026023:08`` is 双色球第 2026023 期：08."""
    return _LOTTERY.sub(_lottery_in_words, str(text))


def _lottery_in_words(found: re.Match[str]) -> str:
    lottery = LOTTERIES[found[1]].title
    if found[2] is None:
        return str(lottery)
    return str(say("{lottery}第 {issue} 期", lottery=lottery, issue=found[2])) + ("：" if found[3] else "")
