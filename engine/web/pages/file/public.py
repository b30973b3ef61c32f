"""What the public sees of a case, and the three ways to correct it, each apart in right, reason and public effect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.app.queries.cases import show_case
from engine.app.queries.papers.archive import read_case_file
from engine.kernel.refusal import Refusal
from engine.language import Message, say
from engine.web.pages.cases import by_one
from engine.web.rendering import page, refused
from engine.web.visit import Answer, PageVisit, address_of

if TYPE_CHECKING:
    from engine.app.queries.cases import TaskView


@dataclass(frozen=True, slots=True)
class CorrectionWay:
    """One way to correct: what it is, who may, what the public notices; where it is done, or why it cannot be."""

    title: Message
    what: Message
    who: Message
    public: Message
    address: str | None
    why_not: Message | None


def show(visit: PageVisit) -> Answer:
    """Show every publication of a case as the public reads it."""
    found = read_case_file(visit.workbench.application, visit.person, visit.parts["case"])
    if isinstance(found, Refusal):
        return refused(visit, found)
    alone = bool(by_one(visit, [found.case]))
    return page(visit, "public.html", case=found.case, publications=found.publications, alone=alone)


def correct(visit: PageVisit) -> Answer:
    """Show the three ways to correct something of a case."""
    application, person = visit.workbench.application, visit.person
    view = show_case(application, person, visit.parts["case"], as_person=person)
    if isinstance(view, Refusal):
        return refused(visit, view)
    return page(visit, "correct.html", view=view, ways=ways(view))


def ways(view: TaskView) -> list[CorrectionWay]:
    """Return the three ways, with where each is done now or why it cannot be."""
    case = view.case
    withdrawing = [
        step
        for step in view.steps
        if any(
            effect.kind == "withdraw"
            for transition in view.process.manual_steps(case.state).get(step.id, ())
            for effect in transition.then
        )
    ]
    back = [name for name in ("return", "withdraw") if name in view.process.state(case.state).verbs]
    add = CorrectionWay(
        say("补充材料"),
        say("往案卷里补一份附件，写明名称；已有的内容一字不动。案件结束以后也可以。"),
        say("看得到这件案件的工作人员"),
        say("公众看不到附件，公示的内容不变。"),
        address_of("cases", case.id, "evidence"),
        None,
    )
    obstacle = next((reason.message for step in withdrawing for reason in step.obstacles), None)
    result = CorrectionWay(
        say("更正一项结果"),
        say("原公示撤下并写明理由，重新录入后再公示；历史里两次都在。"),
        say("由{who}办理", who=withdrawing[0].who) if withdrawing else say("由流程定义规定"),
        say("公示网站写明原公示已撤回和理由，更正后的另行公示。"),
        address_of("cases", case.id, "steps", withdrawing[0].id)
        if withdrawing and obstacle is None
        else None,
        obstacle
        if withdrawing
        else say("现在的环节没有撤回公示的步骤；有人提出异议的，在本件下新建一件公示异议，已归档的也可以"),
    )
    again = CorrectionWay(
        say("退回重办"),
        say("案件回到以前的环节重新办理，时限按流程规定重新计算。"),
        say("由流程定义规定"),
        say("已经公示的不因此改变；重办以后结果有变的，再更正。"),
        address_of("cases", case.id, "verbs", back[0]) if back and case.open else None,
        None
        if back and case.open
        else say("案件已结束的，不能退回")
        if not case.open
        else say("现在的环节没有规定退回"),
    )
    return [add, result, again]
