"""After one answer was corrected: what is public says the new one, papers that were made are named, and children get a message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from engine.app.execution.effects.publish import public_body
from engine.app.ports.papers import PaperState
from engine.app.session.child_cases import children_in_order
from engine.language import SOURCE_LANGUAGE, Message, say

if TYPE_CHECKING:
    from engine.app.ports.records import Publication
    from engine.app.session.unit_of_work import UnitOfWork
    from engine.lifecycle.case import Case
    from engine.lifecycle.decision import Decision

#: So many children are named.
MOST_NAMED = 50


def publish_corrected(uow: UnitOfWork, case: Case, decision: Decision) -> list[Message]:
    """Publish again what is public of a case and has an answer that was corrected; return a sentence for each.

    `case` is as it is with the correction. The former publication is taken back with what was corrected and why, and stays
    listed; the new one is on time or late as that was. Nothing else of it is made anew.
    """
    corrected = decision.change
    found = []
    for former in uow.transaction.records.publications(case_id=case.id):
        if former.withdrawn_at is not None:
            continue
        process = uow.process(case)
        now = public_body(uow, process, case, former.kind, former.due_on, former.late)
        anew = {
            (fact["form"], fact["name"]): fact
            for fact in now["facts"]
            if fact["form"] == corrected.form or (fact["form"] == "case" and fact["name"] in corrected.fields)
        }
        facts = [anew.get((fact["form"], fact["name"]), fact) for fact in former.body["facts"]]
        if facts != former.body["facts"]:
            reason = say("{title}；理由：{reason}", title=decision.title, reason=decision.reason or "")
            found.append(put_in_place(uow, case, former, {**former.body, "facts": facts}, reason))
    return found


def put_in_place(
    uow: UnitOfWork, case: Case, former: Publication, body: Mapping[str, Any], reason: Message
) -> Message:
    """Publish `body` in the place of a publication, which is taken back with the reason; return a sentence that says so."""
    records = uow.transaction.records
    records.put_publication(
        replace(former, withdrawn_at=uow.now, withdrawn_because=reason.render(SOURCE_LANGUAGE))
    )
    number = len(records.publications(kind=former.kind, case_id=case.id)) + 1
    new = replace(former, id=f"{case.id}/{former.kind}/{number}", body=body, published_at=uow.now)
    records.put_publication(new)
    uow.send(case, "site", "site", None, {"publication": new.id})
    return say(
        "公示已随之更正：{title}（{id}）；原公示撤下并写明更正的内容和理由", title=new.title, id=new.id
    )


def left_to_correct(uow: UnitOfWork, case: str) -> list[Message]:
    """Return a sentence for the papers of a case in force: each is what it was when it was made, and only a person can say whether the answer is in it."""
    papers = [one for one in uow.transaction.papers.of_case(case) if one.state is not PaperState.VOID]
    if not papers:
        return []
    names = [one.number or one.id for one in papers]
    return [say("文书不随之改动：{papers}；印有原值的，另行制作，原件作废", papers=names)]


def message_children(uow: UnitOfWork, case: Case, decision: Decision) -> list[Message]:
    """Tell those who have the children of a case that what these could read of it is otherwise; return a sentence that says so.

    Only of children whose process reads the case above; what a child has done with the fact of before only a person can judge.
    """
    process = uow.process(case)
    shared = [process.workflow.fields[name] for name in process.shared if name in decision.change.fields]
    if not shared:
        return []
    children = [one for one in children_in_order(uow, case.id) if "parent" in uow.process(one).root_names]
    if not children:
        return []
    titles = [asked.title for asked in shared]
    message = say(
        "上级件“{case}”更正后，本件看得到的“{facts}”已随之改动；已按原来的办过的，请核对是否要重办",
        case=case.title,
        facts=titles,
    )
    for child in children[:MOST_NAMED]:
        uow.tell(child, uow.holders_of(child), message, decision.kind.value)
    return [
        say(
            "子件看得到的“{facts}”随之改动，子件已按原来的办过的不随之改动，请核对：{children}",
            facts=titles,
            children=[one.id for one in children[:MOST_NAMED]],
        )
    ]
