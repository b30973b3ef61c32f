"""The published definitions, and the editor of one: the checker's markers, what differs, publishing."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.app.commands import Caller
from engine.app.commands.publish_definitions import publish
from engine.app.queries.definitions import (
    compare_definitions,
    definition_texts,
    list_definitions,
    show_definition,
)
from engine.definition.library import load_files
from engine.kernel.refusal import Refusal
from engine.language import say
from engine.web.pages.cases import unknown
from engine.web.pages.studio.stories import PlayedStories, played
from engine.web.pages.studio.texts import WorkingTexts, begin_anew, drop_texts, keep_text, working_texts
from engine.web.rendering import page, refused
from engine.web.visit import Answer, PageVisit, go_to
from engine.yamltext.problem import Severity

if TYPE_CHECKING:
    from engine.app.commands.publish_definitions import Published
    from engine.definition.library import Loaded
    from engine.yamltext.problem import Problem

#: Characters of one text, and lines of a difference that are shown.
MAX_TEXT, MAX_LINES = 400_000, 400


@dataclass(frozen=True, slots=True)
class Marker:
    """One remark of the checker, beside the line it is about."""

    problem: Problem
    line: str


def choose(visit: PageVisit) -> Answer:
    """List the published workflows with their newest versions."""
    found = list_definitions(visit.workbench.application, visit.person)
    if isinstance(found, Refusal):
        return refused(visit, found)
    newest = {version.workflow: version for version in found}
    titles = {}
    for name in newest:
        process = show_definition(visit.workbench.application, visit.person, name)
        titles[name] = name if isinstance(process, Refusal) else process.workflow.title
    return page(visit, "studio.html", newest=list(newest.values()), titles=titles)


def edit(visit: PageVisit) -> Answer:
    """Show one text of a definition; check what was typed, keep it, compare it with what is published, publish it."""
    application, workflow = visit.workbench.application, visit.parts["workflow"]
    working = working_texts(visit, workflow)
    if isinstance(working, Refusal):
        return refused(visit, working)
    earlier = _earlier(visit, workflow)
    if isinstance(earlier, Refusal):
        return refused(visit, earlier)
    file = visit.typed.one("file") or visit.query.get("file", "") or working.own
    if file not in working.published:
        return unknown(visit)
    if visit.method == "GET":
        text = earlier.get(file, working.texts[file])
        return _page(visit, working, file, text)
    if visit.typed.one("do") == "anew":
        problem = begin_anew(visit, working)
        return refused(visit, problem) if problem is not None else go_to("studio", workflow, "edit")
    text = visit.typed.one("text").replace("\r\n", "\n")[:MAX_TEXT]
    if visit.typed.one("do") == "edit":
        return _page(visit, working, file, text)
    not_kept = keep_text(visit, working, file, text, visit.typed.texts.get("seen", [None])[0])
    working = working_texts(visit, workflow)
    if isinstance(working, Refusal):
        return refused(visit, working)
    loaded = load_files({**working.texts, file: text}, partial=True)
    markers = [Marker(one, _line(text, one)) for one in loaded.problems if one.file == file]
    elsewhere = [one for one in loaded.problems if one.file != file]
    errors = any(one.severity is Severity.ERROR for one in loaded.problems)
    compared = None if errors else compare_definitions(application, visit.person, loaded)
    if isinstance(compared, Refusal):
        return refused(visit, compared)
    tested = played(visit, workflow, loaded) if visit.typed.one("do") == "test" and not errors else None
    shown = _page(
        visit,
        working,
        file,
        text,
        markers,
        elsewhere,
        compared,
        checked=True,
        tested=tested,
        not_kept=not_kept,
    )
    if visit.typed.one("do") != "publish" or errors or not_kept is not None:
        return shown
    return _publish(visit, loaded, working)


def _earlier(visit: PageVisit, workflow: str) -> Mapping[str, str] | Refusal:
    """Return the texts of the version the address asks for, to be published again; empty where it asks for none."""
    text = visit.query.get("version", "")
    if not (text.isascii() and text.isdecimal() and len(text) < 6):
        return {}
    found = definition_texts(visit.workbench.application, visit.person, workflow, int(text))
    if isinstance(found, Refusal):
        return found
    return {name: content.decode() for name, content in found[1].items()}


def _publish(visit: PageVisit, loaded: Loaded, working: WorkingTexts) -> Answer:
    note = visit.typed.one("note").strip() or None
    # Whoever began from an older version is refused where somebody has published since.
    base = {working.workflow: working.begun} if working.begun != working.version else None
    outcome = publish(visit.workbench.application, Caller(visit.person), loaded, note, base=base)
    if isinstance(outcome, Refusal):
        return refused(visit, outcome)
    drop_texts(visit, working.workflow)
    names = [f"{name} {number}" for name, number in outcome.new.items()]
    title = say("已发布") if names else say("没有变化，没有新版本")
    text = (
        say(
            "新版本：{names}。在办案件仍按原来的版本办。请把改过的文字存回部署目录的 workflows/ 或 forms/。",
            names=names,
        )
        if names
        else say("文字与已发布的相同。")
    )
    return page(visit, "sentence.html", title=title, text=text)


def _page(
    visit: PageVisit,
    working: WorkingTexts,
    file: str,
    text: str,
    markers: Sequence[Marker] = (),
    elsewhere: Sequence[Problem] = (),
    compared: Published | None = None,
    *,
    checked: bool = False,
    tested: PlayedStories | None = None,
    not_kept: Refusal | None = None,
) -> Answer:
    before = working.published[file]
    difference = list(difflib.unified_diff(before.splitlines(), text.splitlines(), lineterm="", n=2))[2:]
    return page(
        visit,
        "studio_edit.html",
        workflow=working.workflow,
        working=working,
        sources=working.published,
        file=file,
        text=text,
        markers=markers,
        elsewhere=elsewhere,
        compared=compared,
        checked=checked,
        tested=tested,
        not_kept=not_kept,
        difference=difference[:MAX_LINES],
        more=max(0, len(difference) - MAX_LINES),
        rows=min(40, max(12, text.count("\n") + 2)),
        errors=sum(one.problem.severity is Severity.ERROR for one in markers)
        + sum(one.severity is Severity.ERROR for one in elsewhere),
    )


def _line(text: str, problem: Problem) -> str:
    lines = text.split("\n")
    return lines[problem.line - 1] if 0 < problem.line <= len(lines) else ""
