"""What somebody who was refused can do next, as a link or a sentence of the workbench."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.language import Message, say
from engine.web.visit import address_of

if TYPE_CHECKING:
    from engine.kernel.refusal import NextAction


@dataclass(frozen=True, slots=True)
class NextLink:
    """What comes next: words, and an address where a page does it."""

    text: Message
    address: str | None = None


_Words = Mapping[str, str]
_LINKS: Mapping[str, Callable[[_Words], NextLink]] = {
    "list_cases": lambda _: NextLink(say("查找案件"), address_of("cases")),
    "show_task": lambda a: NextLink(say("查看案件 {case}", case=a["case"]), address_of("cases", a["case"])),
    "list_documents": lambda a: NextLink(
        say("查看案件 {case} 的文书", case=a["case"]), address_of("cases", a["case"])
    ),
    "list_draws": lambda _: NextLink(say("查看全部抽取"), address_of("draws")),
    "list_register": lambda a: NextLink(say("查看名录"), address_of("registers", a["kind"])),
    "list_people": lambda _: NextLink(say("查看人员名录"), address_of("registers", "people")),
    "list_staff": lambda _: NextLink(say("查看人员名录"), address_of("registers", "people")),
    "list_definitions": lambda _: NextLink(say("查看可以启动的流程"), address_of("start")),
    "list_inbox": lambda _: NextLink(say("查看收件箱"), address_of("inbox")),
    "give_reason": lambda _: NextLink(say("请写明理由")),
    "use_password": lambda _: NextLink(say("请凭口令登录"), address_of("sign-in")),
}


def next_link(action: NextAction | None) -> NextLink | None:
    """Return what comes next on the workbench; None where it is done on the machine, by the command line."""
    found = None if action is None else _LINKS.get(action.name)
    return None if found is None or action is None else found(action.arguments)
