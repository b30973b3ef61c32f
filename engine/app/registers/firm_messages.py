"""Whoever has open cases of a firm whose entry was changed, or has left the register, is sent word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.app.papers.firm import OBJECTS
from engine.app.ports.records import CaseFilter
from engine.app.registers.changes import stream_of
from engine.app.session.measures import each_case
from engine.app.session.messages import SINGLE
from engine.app.session.unit_of_work import UnitOfWork
from engine.language import Message, say

if TYPE_CHECKING:
    from datetime import datetime

    from engine.app.ports.store import Transaction
    from engine.app.services import Services
    from engine.lifecycle.case import Case

#: What a paper or a step rests on, of the columns of a firm.
WATCHED = ("id", "name", "address", "business_address", "legal_rep", "status")
#: So many changed firms are looked up one by one; of more, every open case is looked at once.
FEW = 200


def tell_of_changed_firms(
    services: Services,
    transaction: Transaction,
    now: datetime,
    changes: Mapping[str, Any],
    by: str,
    moved: Mapping[str, str] | None = None,
) -> None:
    """Send word to whoever has open cases of firms that were changed or have left the register.

    `changes` are those of `engine.app.registers.changes.changes_between`; `moved` are codes of firms that go on under another.
    The message names the columns and no value: the new name of a firm is not for every channel.
    """
    moved = moved or {}
    what: dict[str, tuple[str, ...]] = {
        code: tuple(column for column in WATCHED if column in columns)
        for code, columns in changes["changed"].items()
    }
    what |= {code: ("id",) if code in moved else ("removed",) for code in changes["removed"]}
    what = {code: columns for code, columns in what.items() if columns}
    if not what:
        return
    uow = UnitOfWork(services, transaction, now)
    # The case has no entry of this in its history: the message is named by that of the register.
    last = transaction.events.last(stream_of(OBJECTS))
    change = last.seq if last is not None else 0
    found: dict[str, list[tuple[Case, Message]]] = defaultdict(list)
    for case in _open_cases(transaction, what):
        for person in uow.concerned_by(case):
            if person != by:
                found[person].append((case, _text(case, what[str(case.subject["id"])])))
    uow.tell_of_each(found, _of_many, lambda case: f"{case.id}:{OBJECTS}:{change}")
    uow.flush()


def _open_cases(transaction: Transaction, firms: Mapping[str, object]) -> Iterable[Case]:
    if len(firms) <= FEW:
        for code in firms:
            yield from each_case(transaction, CaseFilter(subject=code, open=True))
        return
    for case in each_case(transaction, CaseFilter(open=True)):
        if str(case.subject.get("id") or "") in firms:
            yield case


def _of_many(cases: Sequence[Case]) -> Message:
    named = [say("“{title}”（{id}）", title=case.title, id=case.id) for case in cases[:SINGLE]]
    return say(
        "名录变更，涉及你的在办件 {count} 件：{cases}等；以后制作的文书印名录现在的内容，请逐件核对",
        count=len(cases),
        cases=named,
    )


def _text(case: Case, columns: tuple[str, ...]) -> Message:
    words = {"title": case.title, "id": case.id}
    if columns == ("removed",):
        return say(
            "“{title}”（{id}）的检查对象已从名录移除：请核实主体是否存续（注销、吊销、迁出、合并），再决定怎样办理",
            **words,
        )
    titles = {
        "id": say("统一社会信用代码"),
        "name": say("名称"),
        "address": say("住所"),
        "business_address": say("生产经营地址"),
        "legal_rep": say("法定代表人"),
        "status": say("登记状态"),
    }
    return say(
        "“{title}”（{id}）的检查对象在名录中有变更：{columns}。以后制作的文书印现在的内容，名称、代码变更的注明原名称、原代码；已送达的不变，请核对是否须重新告知",
        columns=[titles[column] for column in columns], **words,
    )  # fmt: skip
