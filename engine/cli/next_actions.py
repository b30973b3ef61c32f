"""What somebody who was refused can do next, as commands of the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from engine.kernel.clean_text import quoted, quoted_text
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.kernel.refusal import NextAction, Refusal, RefusalReason

#: Name of a next action -> the sentence that names its command.
SENTENCES: Mapping[str, Callable[[Mapping[str, str]], Message]] = {
    "list_people": lambda _: say("用 ssj user list 查看"),
    "list_staff": lambda _: say("用 ssj register list people 查看"),
    "publish_definitions": lambda _: say("请先运行 ssj workflow publish"),
    "set_up_system": lambda a: say(
        "请在 settings.yaml 的 channels 下写 {system}：kind: call，以及 url 和 secret_env", system=a["system"]
    ),
    "name_who_acts": lambda _: say("请用 --as 写明由谁办理"),
    "import_people": lambda _: say("用 --as system（ssj register import people）"),
    "list_register": lambda a: say("用 ssj register list {kind} 查看", kind=a["kind"]),
    "list_snapshots": lambda a: say("用 ssj register snapshot {kind} 查看", kind=a["kind"]),
    "release_first": lambda _: say("退回用 --release"),
    "change_person": lambda a: say(
        "改动请用 ssj register import people，查看用 ssj user show {id}", id=a["id"]
    ),
    "list_proposals": lambda _: say("用 ssj proposal list 查看"),
    "confirm_proposal": lambda a: say("确认用 ssj proposal confirm {id} --as 另一人", id=a["id"]),
    "withdraw_proposal": lambda a: say("原提请用 ssj proposal withdraw {id} 撤回", id=a["id"]),
    "use_password": lambda _: say("用 SSJ_PASSWORD_FILE 指明口令文件，或在终端输入口令"),
    "set_password": lambda a: say("用 ssj user password {person} --as {person} 设口令", person=a["person"]),
    "list_tokens": lambda _: say("用 ssj user token list 查看"),
    "name_encoding": lambda _: say(
        "若确是 GB18030（GBK）编码，请加 --encoding gb18030；否则请另存为 CSV UTF-8"
    ),
    "name_sheet": lambda _: say("请用 --sheet 指明一个，或分成几个文件"),
    "answer_hidden": lambda _: say(
        "要一并导入请加 --hidden include，不导入请加 --hidden leave-out（答复记入名录历史）"
    ),
    "confirm_days": lambda _: say("核对无误的用 --confirm 日期 确认，并以 --reason 写明理由"),
    "confirm_value": lambda a: say(
        "核对无误的用 --confirm '{value}' 确认，并以 --reason 写明理由", value=a["value"]
    ),
    "see_unusual": lambda _: say("可以确认的内容，不带 --confirm 运行即逐一列出"),
    "list_cases": lambda _: say("用 ssj case list 查看"),
    "list_draws": lambda _: say("用 ssj draw list 查看"),
    "commit_first": lambda _: say("先办 ssj draw commit，再产生公开随机源"),
    "export_anchor": lambda _: say("日志头见 ssj draw anchor 批次 --export 文件"),
    "show_task": lambda a: say("用 ssj task show {case} 查看可办的步骤", case=a["case"]),
    "list_inbox": lambda a: say("用 ssj inbox list --as {person} 查看", person=a["person"]),
    "check_definitions": lambda _: say("先用 ssj workflow check 查看并改正"),
    "list_definitions": lambda _: say("用 ssj workflow list 查看"),
    "list_papers": lambda a: say("用 ssj paper list {case} 查看", case=a["case"]),
    "make_anew": lambda a: say(
        "由管文书的人用 ssj paper void {paper} --reason 理由 --anew 重新制作", paper=a["paper"]
    ),
    "list_numbers": lambda _: say("用 ssj paper series 查看"),
    "check_archive": lambda a: say("用 ssj archive check {case} 查看卷内材料", case=a["case"]),
    "list_jobs": lambda _: say("用 ssj job list 查看"),
    "list_documents": lambda a: say("用 ssj document list {case} 查看", case=a["case"]),
    "seal": lambda _: say("用 ssj audit seal，或开着 ssj serve 每天自动封存"),
    "show_head": lambda _: say("用 ssj audit head 查看现有条数"),
    "sign_head": lambda _: say("用 ssj audit sign，或开着 ssj serve 每天自动留存"),
    "seal_first": lambda _: say("它可能在那以后才开始，先运行 ssj audit seal"),
    "give_seal_file": lambda _: say("应为 ssj audit root --export 所写，或公示网站上的 seals.json"),
    "confirm_or_mend_clock": lambda _: say(
        "核对时钟无误后用 ssj incident retry clock --as ID 放行，或改正时钟"
    ),
    "give_reason": lambda _: say("用 --reason 写明"),
    "retry_incident": lambda a: say("请排除原因后用 ssj incident retry {id} --as ID 重试", id=a["id"]),
    "settle_timer": lambda a: say(
        "先按错误说明排除原因（用 ssj case show {case} 查看案件），再用 ssj incident retry {id} --as ID 重试；其他时限不受影响",
        case=a["case"],
        id=a["id"],
    ),
    "settle_message": lambda a: say(
        "核对收件人地址与渠道“{channel}”的设置，再用 ssj incident retry {id} --as ID 重试一次；不必再送的，用 ssj incident dismiss {id} --reason 理由 --as ID 关闭",
        channel=a["channel"],
        id=a["id"],
    ),
    "settle_clock": lambda _: say(
        "核对本机日期和时间。时钟错了：改正后自动继续。时钟没错（系统确实停了这么久）：用 ssj incident retry clock --as ID 放行，积压的到期事项随即依次处理"
    ),
    "settle_audit": lambda _: say(
        "用 ssj audit verify 查看全部问题，查明谁改了数据库；用备份改正，或用 ssj incident dismiss audit --reason 理由 --as ID 关闭"
    ),
    "settle_register": lambda a: say(
        "用 ssj register history objects（补录的检查用 visits）查看谁改、谁改回；查实的在“{case}”申请作废抽取，有依据的用 ssj incident dismiss {id} --reason 理由 --as ID 关闭",
        case=a["case"],
        id=a["id"],
    ),
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
    return quoted(SENTENCES[action.name](action.arguments))


def refusal_text(refusal: Refusal) -> str:
    """Return a refusal as the command line prints it."""
    reasons = [reason_text(reason) for reason in refusal.reasons]
    if not refusal.attempt:
        return "\n".join(reasons)
    head = str(say("不能办理“{attempt}”：", attempt=quoted_text(refusal.attempt)))
    return "\n".join([head, *(f"  - {reason}" for reason in reasons)])
