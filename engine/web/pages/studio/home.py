"""The home page of a definition: what is needed before publishing, what else belongs to it, each with its state and one link."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.app.queries.people.proposals import list_proposals
from engine.definition.condition_rows.choosing import forms_filled
from engine.kernel.refusal import Refusal
from engine.language import Message, say
from engine.web.pages.studio.conditions import files_with_conditions
from engine.web.pages.studio.stories import played, stories_of, tested_key
from engine.web.pages.studio.texts import WorkingTexts, drop_texts, working_texts
from engine.web.rendering import page, refused
from engine.web.visit import Answer, PageVisit, address_of, go_to

if TYPE_CHECKING:
    from engine.lifecycle.model.bureau import Bureau
    from engine.lifecycle.model.workflow import Workflow

#: State of a tile -> the class of its mark.
MARKS = {"todo": "soon", "wrong": "late", "done": "later", "plain": "none"}


@dataclass(frozen=True, slots=True)
class Tile:
    """One thing about a definition: what it is, how it is with it, and where it is seen to."""

    title: Message
    #: ``todo``, ``wrong``, ``done`` or ``plain``.
    state: str
    words: Message
    address: str
    link: Message

    @property
    def mark(self) -> str:
        """Return the class of its mark."""
        return MARKS[self.state]


def show(visit: PageVisit) -> Answer:
    """Show the tiles; by POST play the stories, or forget what is not published."""
    workflow = visit.parts["workflow"]
    working = working_texts(visit, workflow)
    if isinstance(working, Refusal):
        return refused(visit, working)
    if visit.method == "POST":
        if visit.typed.one("do") == "drop":
            drop_texts(visit, workflow)
        elif not working.errors:
            played(visit, workflow, working.loaded)
        return go_to("studio", workflow)
    sound = working.loaded.workflows.get(workflow)
    return page(
        visit,
        "studio_home.html",
        workflow=workflow,
        working=working,
        title=sound.title if sound is not None else workflow,
        needed=list(_needed(visit, working)),
        further=list(_further(working, sound)),
        testable=not working.errors and bool(stories_of(visit, workflow)),
    )


def _needed(visit: PageVisit, working: WorkingTexts) -> Iterator[Tile]:
    edit = address_of("studio", working.workflow, "edit")
    wrong, remarks = len(working.errors), len(working.loaded.problems) - len(working.errors)
    if wrong:
        words, state = say("{count} 处要改", count=wrong), "wrong"
    elif remarks:
        words, state = say("没有错；{count} 处提醒", count=remarks), "done"
    else:
        words, state = say("检查通过"), "done"
    yield Tile(say("检查"), state, words, edit, say("打开编辑"))
    yield _tested(visit, working, edit)
    yield _agreed(visit, working, edit)


def _tested(visit: PageVisit, working: WorkingTexts, edit: str) -> Tile:
    count = len(stories_of(visit, working.workflow))
    key = tested_key(visit, working.workflow, working.loaded)
    result = visit.workbench.tested(key)
    trial = address_of("studio", working.workflow, "trial")
    if not count:
        return Tile(say("故事"), "todo", say("还没有故事"), trial, say("试办一件，存成故事"))
    if result is None:
        return Tile(
            say("故事"),
            "todo",
            say("有 {count} 个文件的故事，对现在的文字还没有试过", count=count),
            edit,
            say("到编辑里试"),
        )
    passed, failed = result
    if failed:
        return Tile(
            say("故事"), "wrong", say("{failed} 处与故事所写的不符", failed=failed), edit, say("到编辑里看")
        )
    return Tile(
        say("故事"), "done", say("{passed} 个故事照所写的办完", passed=passed), trial, say("再试办一件")
    )


def _agreed(visit: PageVisit, working: WorkingTexts, edit: str) -> Tile:
    title = say("一人提请、另一人确认")
    found = list_proposals(visit.workbench.application, visit.person)
    ours = [
        one
        for one in (() if isinstance(found, Refusal) else found)
        if one.use_case == "definition.publish" and working.workflow in (one.summary.get("versions") or {})
    ]
    if any(one.status == "confirmed" for one in ours):
        return Tile(title, "done", say("已有另一人确认，可以发布"), edit, say("去发布"))
    if ours:
        return Tile(title, "todo", say("已提请，等另一人确认"), "/proposals", say("看提请"))
    if working.changed:
        return Tile(title, "todo", say("还没有提请"), edit, say("去提请"))
    return Tile(title, "plain", say("没有要发布的改动"), "/proposals", say("看提请"))


def _further(working: WorkingTexts, sound: Workflow | None) -> Iterator[Tile]:
    workflow = working.workflow
    count = sum(one[1] for one in files_with_conditions(working))
    conditions = address_of("studio", workflow, "conditions")
    yield Tile(say("条件"), "plain", say("{count} 条", count=count), conditions, say("按行看、按行改"))
    preview = address_of("studio", workflow, "preview")
    if sound is not None:
        forms, papers = len(forms_filled(sound)), len(papers_of(sound))
        yield Tile(say("表单"), "plain", say("{count} 张", count=forms), preview, say("看各处的样子"))
        words = say("{count} 种", count=papers) if papers else say("不制作文书")
        yield Tile(say("文书模板"), "plain", words, f"{preview}#papers", say("看样张"))
        messages = sum(effect.kind == "notify" for step in sound.transitions for effect in step.then)
        yield Tile(
            say("消息"),
            "plain",
            say("{count} 处通知", count=messages),
            address_of("studio", workflow, "edit"),
            say("在文字里看"),
        )
        yield _measures(working.loaded.bureau, workflow)
    trial = address_of("studio", workflow, "trial")
    yield Tile(say("试办"), "plain", say("以假设的人和日期，不作数"), trial, say("试办一件"))
    versions = address_of("studio", workflow, "versions")
    yield Tile(
        say("版本"), "plain", say("现行第 {number} 版", number=working.version), versions, say("版本、换版")
    )
    yield Tile(
        say("关联"),
        "plain",
        say("环节、栏目、角色各由谁用"),
        address_of("studio", workflow, "impact"),
        say("谁在用"),
    )


def _measures(bureau: Bureau | None, workflow: str) -> Tile:
    measures = bureau.measures.values() if bureau is not None else ()
    count = sum(
        any(part is not None and part.cases == workflow for part in (one.part, one.whole)) for one in measures
    )
    words = say("{count} 项指标数它的案件", count=count) if count else say("没有指标数它的案件")
    return Tile(say("指标"), "plain", words, "/figures", say("看指标"))


def papers_of(workflow: Workflow) -> list[str]:
    """Return the templates of the papers a workflow makes, each once."""
    found = [
        str(effect.arguments["render"])
        for step in workflow.transitions
        for effect in step.then
        if effect.kind == "render"
    ]
    return list(dict.fromkeys(found))
