"""Writes into the stories beside the shipped workflows what came of each step, to be read before it is kept.

Run as a program: ``python tests/authoring/stories/observed_steps.py WORKFLOW...``. State, tasks, due days, forms, facts, parties, papers, messages
with who has them, publications and children of every step that is no refusal are written over; what is warned of, or is not, is kept as it is. Who is offered
what, what is asked of them, and the days of a clock are written once in a file: where a state is reached, or a clock runs, for the first time.
A wrong workflow is written down as it is: whoever runs this compares the difference with what the workflow ought to do.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from workflow_mutations import ROOT, calculator, texts

from engine.app.people.directory import UNASSIGNED
from engine.app.queries.cases import CaseFilter
from engine.authoring.stories.ahead import asked, awaited, offered, schedule
from engine.authoring.stories.expectations import (
    forms_filed,
    messages_received,
    papers_kept,
    papers_made,
    publications_made,
    publications_withdrawn,
    receivers,
    was_archived,
)
from engine.authoring.stories.play import BLANK_PAGES, chain_of, opened, outcome_of
from engine.authoring.stories.stage import Stage
from engine.authoring.stories.story import Story, StoryFile, StoryStep, read_stories
from engine.definition.library import Loaded, load_files
from engine.language import in_language
from engine.lifecycle.case import Case
from engine.lifecycle.process import Process

_ORDER = ("state", "task", "deadline", "forms", "fields", "parties", "paper", "message", "published", "withdrawn",
          "archived", "children", "warning", "unwarned")  # fmt: skip
_PLAIN = re.compile(r"[\w\u4e00-\u9fff][\w\u4e00-\u9fff.%-]*")
_WORDS = {"true", "false", "null", "yes", "no", "on", "off", "none"}
_LATE = "逾期"


def main(names: list[str]) -> None:
    """Rewrite the stories of the named workflows, or of all."""
    loaded = load_files(texts())
    for path in sorted((ROOT / "workflows" / "tests").glob("*.yaml")):
        file = read_stories(str(path), path.read_bytes())
        if names and file.workflow not in names:
            continue
        lines = path.read_text(encoding="utf-8").split("\n")
        with in_language("zh_CN"):
            known: dict[str, set[str]] = defaultdict(set)
            for story in file.stories:
                for line, then in observed(loaded, file, story, known):
                    lines[line - 1] = rewritten(lines[line - 1], then)
        path.write_text("\n".join(lines), encoding="utf-8")


def observed(
    loaded: Loaded, file: StoryFile, story: Story, known: dict[str, set[str]]
) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield, for each step of a story, its line and what came of it; `known` holds the states and clocks seen before."""
    chain = chain_of(file, story)
    stage = opened(loaded, file.workflow, calculator(), chain[0].given)
    stage.application.renderer = BLANK_PAGES
    for part in chain:
        for step in part.steps:
            before = stage.case()
            papers = papers_kept(stage, before) if before else {}
            problems = [str(one) for one in outcome_of(stage, step)]
            if problems:
                sys.stderr.write(f"{file.file}:{step.line}: {problems}\n")
            after = stage.case()
            if part is story and step.refused is None and step.case is None and before and after:
                said = _seen(stage, step, before, after)
                if who := receivers(stage, stage.process(after)):
                    said["receivers"] = _names(stage.process(after), after, who, whole=True)
                kept = {
                    name: one for name, one in papers_kept(stage, after).items() if one != papers.get(name)
                }
                ahead = {**({"papers": kept} if kept else {}), **_ahead(stage, after, known)}
                yield step.line, {**said, **ahead}


def _ahead(stage: Stage, case: Case, known: dict[str, set[str]]) -> dict[str, Any]:
    """Return what comes next, of a state and of clocks not met before."""
    process = stage.process(case)
    titles = {role.id: role.title for role in process.bureau.roles.values()} | dict(process.workflow.parties)
    found: dict[str, Any] = {}
    if case.open and case.state not in known["states"]:
        known["states"].add(case.state)
        found["offered"] = {
            name: [titles.get(one, one) for one in who] for name, who in offered(stage, process, case).items()
        }
        found["asks"] = {
            name: [titles.get(one, one) for one in what] for name, what in asked(stage, process, case).items()
        }
        found["awaits"] = {
            name: {of: list(what) for of, what in one.items()}
            for name, one in awaited(stage, process, case).items()
        }
    days = {name: one for name, one in schedule(stage, process, case).items() if name not in known["clocks"]}
    known["clocks"].update(days)
    found["schedule"] = {
        name: {
            word: {day: [titles.get(who, who) for who in those] for day, those in said.items()}
            if isinstance(said, dict)
            else said
            for word, said in one.items()
        }
        for name, one in days.items()
    }
    return {key: one for key, one in found.items() if one}


def _seen(stage: Stage, step: StoryStep, before: Case, after: Case) -> dict[str, Any]:
    process = stage.process(after)
    state = process.state(after.state)
    found: dict[str, Any] = {
        "state": state.title if step.then.get("state") == state.title else state.id,
        "task": _holders(stage, process, after),
        "deadline": {name: clock.due_on.isoformat() for name, clock in after.clocks.items()},
        "forms": list(forms_filed(stage, after)),
        "fields": {
            name: value
            for name, value in after.fields.items()
            if before.fields.get(name) != value and _short(value)
        },
        "parties": {
            name: list(people) for name, people in after.parties.items() if before.parties.get(name) != people
        },
        "paper": list(dict.fromkeys(papers_made(stage, after))),
        "message": _messages(stage, process, step, after),
        "published": list(dict.fromkeys(publications_made(stage, after))),
        "withdrawn": list(publications_withdrawn(stage, after)),
        "archived": was_archived(stage, after),
        "children": _children(stage, after),
        "warning": step.then.get("warning"),
        "unwarned": step.then.get("unwarned"),
    }
    return {key: found[key] for key in _ORDER if found[key] or (key == "task" and step.wait is None)}


def _short(value: Any) -> bool:
    many = value if isinstance(value, (list, tuple)) else [value]
    return len(many) <= 6 and all(isinstance(one, (str, int, bool)) for one in many)


def _holders(stage: Stage, process: Process, case: Case) -> list[str]:
    with stage.application.store.read() as transaction:
        keys = [task.key for task in transaction.tasks.of_case(case.id)]
    return _names(
        process,
        case,
        {key.partition(":")[2].partition("@")[0] for key in keys if key != UNASSIGNED},
        whole=True,
    )


def _names(process: Process, case: Case, people: set[str], *, whole: bool = False) -> list[str]:
    """Return who they are: parties and roles by their titles, the rest, where `whole`, by their ids."""
    left = set(people)
    found = []
    audience = process.state(case.state).audience
    for party, title in sorted(process.workflow.parties.items(), key=lambda one: one[0] not in audience):
        members = set(case.parties.get(party, ()))
        if members and members <= left:
            found.append(title)
            left -= members
    for role in process.bureau.roles.values():
        if role.id in left:
            found.append(role.title)
            left.discard(role.id)
    return found + (sorted(left) if whole else [])


def _messages(stage: Stage, process: Process, step: StoryStep, case: Case) -> dict[str, Any]:
    received = messages_received(stage)
    wanted = step.then.get("message") or {}
    pieces = list(wanted) if isinstance(wanted, (Mapping, list)) else [str(wanted)]
    if any(_LATE in text for texts_ in received.values() for text in texts_):
        pieces.append(_LATE)
    for one in process.workflow.transitions:
        if one.id == step.do:
            sources = [effect.arguments["message"].source for effect in one.then if effect.kind == "notify"]
            pieces += [_longest(text) for text in sources if not any(piece in text for piece in pieces)]
    found = {}
    for piece in dict.fromkeys(pieces):
        have = {person for person, texts_ in received.items() if any(piece in text for text in texts_)}
        if have:
            found[piece] = _names(process, case, have) or sorted(have)
    return found


def _longest(template: str) -> str:
    parts = re.split(r"\{\{.*?\}\}|[“”：，；。]", template)
    return max((part.strip() for part in parts), key=len)


def _children(stage: Stage, case: Case) -> dict[str, Any]:
    """Return of how many workflows there are children now, where this step has started some, and what the newest was given."""
    with stage.application.store.read() as transaction:
        children = transaction.cases.find(CaseFilter(parent=case.id), limit=1000)
    found = {}
    for name in sorted({child.workflow for child in children if child.opened_at >= stage.since}):
        of_name = [child for child in children if child.workflow == name]
        newest = of_name[-1]
        facts = {key: one for key, one in newest.fields.items() if _short(one)}
        given = {"fields": facts, "parties": {key: list(who) for key, who in newest.parties.items()}}
        found[name] = {"count": len(of_name), **{key: one for key, one in given.items() if one}}
    return found


def rewritten(line: str, then: Mapping[str, Any]) -> str:
    """Return the line of a step with these expectations in place of those it had."""
    if not line.strip().startswith("- {"):
        sys.stderr.write(f"not in one line: {line}\n")
        return line
    start, depth, quoted = None, 0, False
    for position, letter in enumerate(line):
        quoted ^= letter == '"'
        if quoted:
            continue
        if depth == 1 and line.startswith("then: {", position) and start is None:
            start = position
        depth += (letter in "{[") - (letter in "}]")
        if start is not None and depth == 1 and letter == "}":
            return line[:start] + f"then: {_flow(then)}" + line[position + 1 :]
    return line[: line.rindex("}")] + f", then: {_flow(then)}" + "}"


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_flow(key)}: {_flow(one)}" for key, one in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return _flow(value[0]) if len(value) == 1 else "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    text = str(value)
    plain = _PLAIN.fullmatch(text) and text not in _WORDS and not re.fullmatch(r"[\d.]+", text)
    return text if plain else json.dumps(text, ensure_ascii=False)


if __name__ == "__main__":
    main(sys.argv[1:])
