"""Questions nobody has answered: whoever was asked is reminded before the last day, and after it others get word too."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from engine.app.execution.escalate import ABOUT, first_filled_role
from engine.app.ports.records import CaseFilter
from engine.app.session.facts import person_rows
from engine.app.session.measures import each_case
from engine.app.session.unit_of_work import UnitOfWork
from engine.kernel.instants import from_text
from engine.language import say
from engine.lifecycle.verbs.asking.ask import ASK, WANTED, answer_due
from engine.worktime.arithmetic import add_working_days

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.app.services import Services
    from engine.lifecycle.case import Case


def remind_asked(services: Services) -> int:
    """Send word of questions whose last day is near or past, each once; return how many these are.

    On the working day before the last day and on that day whoever was asked; after it, whoever asked too, and the first role
    that somebody holds of those a task goes up to on which nobody has done anything.
    """
    now = services.clock.now()
    today = now.astimezone(services.definitions.time.zone).date()
    found = 0
    with services.store.write() as transaction:
        uow = UnitOfWork(services, transaction, now)
        for case in each_case(transaction, CaseFilter(open=True)):
            words = case.asked.get(ASK.word)
            if words is not None and case.suspended_at is None:
                found += _remind(uow, case, words, today)
        uow.flush()
    return found


def _remind(uow: UnitOfWork, case: Case, words: Mapping[str, str], today: date) -> bool:
    process = uow.process(case)
    at = from_text(words["at"])
    due = date.fromisoformat(words["due"]) if "due" in words else answer_due(process, at)
    if due is None or today < add_working_days(process.time.calendar, due, -1):
        return False
    late = today > due
    answer = words.get("answer")
    people = [words["to"] if answer is None else words["by"]]
    if late:
        rule = process.bureau.untouched
        chain = () if rule is None else rule.escalate
        role = first_filled_role(uow, case, chain) if chain else None
        people += [words["to"], words["by"], *(uow.people.recipients(process, case, role) if role else ())]
    named = person_rows(uow, [words["to"]]).get(words["to"]) or {}
    text = say(
        "“{case}”（{id}）自 {since} 起等“{person}”{what}，{day} 前答复{late}：{reason}",
        case=case.title,
        id=case.id,
        since=at.astimezone(process.time.zone).date().isoformat(),
        person=named.get("name") or words["to"],
        what=WANTED[words["what"]],
        day=due.isoformat(),
        late=say("，已过期") if late else "",
        reason=words["reason"],
    )
    if answer is not None:
        text = say(
            "{question}；已答复“{answer}”而没有更正，等征询的人答复认可，或者等其更正",
            question=text,
            answer=answer,
        )
    mark = f"{case.id}:question:{words['at']}:{'late' if late else 'near'}"
    uow.tell(case, list(dict.fromkeys(people)), text, ABOUT, mark, personal=True, urgent=late)
    return True
