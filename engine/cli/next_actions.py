"""What somebody who was refused can do next, as commands of the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from engine.language import Message, say

if TYPE_CHECKING:
    from engine.kernel.refusal import NextAction, Refusal, RefusalReason

#: Name of a next action -> the sentence that names its command.
SENTENCES: Mapping[str, Callable[[Mapping[str, str]], Message]] = {
    "list_people": lambda _: say("用 ssj user list 查看"),
    "list_staff": lambda _: say("用 ssj register list people 查看"),
    "publish_definitions": lambda _: say("请先运行 ssj workflow publish"),
    "name_who_acts": lambda _: say("请用 --as 写明由谁办理"),
    "import_people": lambda _: say("用 --as system（ssj register import people）"),
    "list_register": lambda a: say("用 ssj register list {kind} 查看", kind=a["kind"]),
    "list_snapshots": lambda a: say("用 ssj register snapshot {kind} 查看", kind=a["kind"]),
    "release_first": lambda _: say("退回用 --release"),
    "change_person": lambda a: say(
        "改动请用 ssj register import people，查看用 ssj user show {id}", id=a["id"]
    ),
    "list_tokens": lambda _: say("用 ssj user token list 查看"),
    "name_encoding": lambda _: say(
        "若确是 GB18030（GBK）编码，请加 --encoding gb18030；否则请另存为 CSV UTF-8"
    ),
    "name_sheet": lambda _: say("请用 --sheet 指明一个，或分成几个文件"),
    "list_cases": lambda _: say("用 ssj case list 查看"),
    "list_draws": lambda _: say("用 ssj draw list 查看"),
    "commit_draw": lambda _: say("先办 ssj draw commit，再产生公开随机源"),
    "export_anchor": lambda _: say("日志头见 ssj draw anchor 批次 --export 文件"),
    "show_task": lambda a: say("用 ssj task show {case} 查看可办的步骤", case=a["case"]),
    "list_inbox": lambda a: say("用 ssj inbox list --as {person} 查看", person=a["person"]),
    "list_incidents": lambda _: say("用 ssj incident list 查看"),
}


def reason_text(reason: RefusalReason) -> str:
    """Return a reason with the command that comes next, where there is one."""
    text = str(reason)
    if reason.next is None:
        return text
    return str(say("{reason}；{next}", reason=text, next=next_text(reason.next)))


def next_text(action: NextAction) -> Message:
    """Return the sentence of a next action. Raises KeyError for one the command line does not know."""
    return SENTENCES[action.name](action.arguments)


def refusal_text(refusal: Refusal) -> str:
    """Return a refusal as the command line prints it."""
    reasons = [reason_text(reason) for reason in refusal.reasons]
    if not refusal.attempt:
        return "\n".join(reasons)
    head = str(say("不能办理“{attempt}”：", attempt=refusal.attempt))
    return "\n".join([head, *(f"  - {reason}" for reason in reasons)])
