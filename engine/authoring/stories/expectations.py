"""What a story expects of a case after a step, compared with what there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.app.ports.papers import PaperRecord, PaperState
from engine.app.queries.cases import CaseFilter
from engine.app.queries.worklist import UNASSIGNED
from engine.authoring.stories.ahead import asked, awaited, offered, plain, schedule
from engine.authoring.stories.answering import INSPECTORS
from engine.authoring.stories.going_on import DAYS, goes_on
from engine.authoring.stories.stage import SECOND, Stage
from engine.language import Message, say
from engine.lifecycle.case import Case
from engine.lifecycle.chain import Event
from engine.lifecycle.deadlines.period_text import why_these_limits
from engine.lifecycle.process import Process


@dataclass(frozen=True, slots=True)
class _StoryCase:
    """The case, its definition and its office."""

    stage: Stage
    process: Process
    case: Case


def differences(stage: Stage, case: Case, then: Mapping[str, Any]) -> Iterator[Message]:
    """Yield each expectation that is not met, in a sentence."""
    process = stage.process(case)
    for key, wanted in then.items():
        yield from _CHECKS[key](_StoryCase(stage, process, case), wanted)


def _several(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def _state(seen_in: _StoryCase, wanted: Any) -> Iterator[Message]:
    state = seen_in.process.state(seen_in.case.state)
    if str(wanted) not in (state.id, state.title):
        yield say("应在环节“{wanted}”，实在“{seen}”（{id}）", wanted=wanted, seen=state.title, id=state.id)


def _task(seen_in: _StoryCase, wanted: Any) -> Iterator[Message]:
    with seen_in.stage.application.store.read() as transaction:
        keys = [task.key for task in transaction.tasks.of_case(seen_in.case.id)]
    holders = {key.partition(":")[2].partition("@")[0] for key in keys if key != UNASSIGNED}
    expected: set[str] = set()
    for name in _several(wanted) if wanted is not None else ():
        expected |= _people_called(seen_in, name)
    if holders != expected:
        yield say("待办应在{wanted}，实在{seen}", wanted=sorted(expected), seen=sorted(holders))


def _deadline(seen_in: _StoryCase, wanted: Any) -> Iterator[Message]:
    for name, day in dict(wanted).items():
        clock = next((c for c in seen_in.process.workflow.clocks.values() if name in (c.id, c.title)), None)
        running = seen_in.case.clocks.get(clock.id) if clock is not None else None
        seen = running.due_on.isoformat() if running is not None else None
        nothing = day in (None, False, "none", "无")
        if nothing and running is not None and running.paused_at is not None:
            # A paused clock gives the task no due day.
            continue
        if seen != (None if nothing else str(day)):
            yield say("时限“{name}”应到{wanted}，实到{seen}", name=name, wanted=day or "—", seen=seen or "—")
            if clock is not None and running is not None:
                yield from why_these_limits(seen_in.process.workflow, clock, running)


def messages_received(stage: Stage) -> Mapping[str, list[str]]:
    """Return the messages of the last step, or of the days that passed: person -> title and text of each."""
    with stage.application.store.read() as transaction:
        people = [
            *(entry.id for kind in ("people", "inspectors") for entry in transaction.registers.all(kind))
        ]
        return {
            person: [
                f"{entry.title} {entry.text}"
                for entry in transaction.inbox.of(person)
                if entry.created_at >= stage.since
            ]
            for person in people
        }


def _message(seen_in: _StoryCase, wanted: Any) -> Iterator[Message]:
    """Compare the messages of a step: pieces of their texts, or each piece with those who are to have it."""
    received = messages_received(seen_in.stage)
    pieces = wanted if isinstance(wanted, Mapping) else dict.fromkeys(_several(wanted))
    for piece, receivers in pieces.items():
        have = {person for person, texts in received.items() if any(str(piece) in text for text in texts)}
        if not have:
            yield say("应有消息“{wanted}”，没有", wanted=piece)
            continue
        for name in _several(receivers) if receivers is not None else ():
            if have.isdisjoint(_people_called(seen_in, name)):
                yield say("消息“{wanted}”应发给{who}，没有发", wanted=piece, who=name)


def receivers(stage: Stage, process: Process) -> set[str]:
    """Return who got a message by the last step, or while the days passed: the role of whoever holds it, else the person."""
    sections = {str(section) for section in process.bureau.sections}
    holders = {
        f"{role}{after}": role
        for role in process.bureau.roles
        for after in (*SECOND, *(f"_{section}" for section in sections))
        if f"{role}{after}" not in INSPECTORS
    }
    return {holders.get(person, person) for person, texts in messages_received(stage).items() if texts}


def _receivers(seen_in: _StoryCase, wanted: Any) -> Iterator[Message]:
    """Compare everybody who got a message with those who are to have one."""
    have = receivers(seen_in.stage, seen_in.process)
    expected = {one for name in _several(wanted) for one in _people_called(seen_in, name)}
    if have != expected:
        yield say("消息应只发给{wanted}，实发给{seen}", wanted=sorted(expected), seen=sorted(have))


def _people_called(seen_in: _StoryCase, name: str) -> set[str]:
    """Return the people of a role or a party, by id or title; else the person of that id."""
    roles = [role.id for role in seen_in.process.bureau.roles.values() if name in (role.id, role.title)]
    parties = [party for party, title in seen_in.process.workflow.parties.items() if name in (party, title)]
    if parties:
        return set(seen_in.case.parties.get(parties[0], ()))
    return set(roles) or {name}


def events_since(stage: Stage, case: Case) -> tuple[Event, ...]:
    """Return the entries the last step, or the days that passed, added to the history of a case."""
    with stage.application.store.read() as transaction:
        events = transaction.events.of(case.id)
    return tuple(event for event in events if event.at >= stage.since)


def papers_made(stage: Stage, case: Case) -> tuple[str, ...]:
    """Return the papers that were made by the last step, in their order."""
    return tuple(
        name
        for event in events_since(stage, case)
        for name in (event.body.get("effects") or {}).get("rendered", ())
    )


def _paper(seen_in: _StoryCase, wanted: Any) -> Iterator[Message]:
    seen = papers_made(seen_in.stage, seen_in.case)
    for name in _several(wanted):
        if name not in seen:
            yield say("应有文书“{wanted}”，实有{seen}", wanted=name, seen=list(seen))


def publications_made(stage: Stage, case: Case) -> tuple[str, ...]:
    """Return the kinds of what was published by the last step."""
    with stage.application.store.read() as transaction:
        found = transaction.records.publications(case_id=case.id)
    return tuple(one.kind for one in found if one.published_at >= stage.since)


def publications_withdrawn(stage: Stage, case: Case) -> tuple[str, ...]:
    """Return the kinds of what was withdrawn by the last step."""
    with stage.application.store.read() as transaction:
        found = transaction.records.publications(case_id=case.id)
    return tuple(one.kind for one in found if one.withdrawn_at and one.withdrawn_at >= stage.since)


def _published(seen_in: _StoryCase, wanted: Any) -> Iterator[Message]:
    seen = publications_made(seen_in.stage, seen_in.case)
    for name in _several(wanted):
        if name not in seen:
            yield say("应已公示“{wanted}”，实有{seen}", wanted=name, seen=list(seen))


def _withdrawn(seen_in: _StoryCase, wanted: Any) -> Iterator[Message]:
    seen = publications_withdrawn(seen_in.stage, seen_in.case)
    for name in _several(wanted):
        if name not in seen:
            yield say("应已撤下公示“{wanted}”，实已撤下{seen}", wanted=name, seen=list(seen))


def was_archived(stage: Stage, case: Case) -> bool:
    """Tell whether the last step filed the case."""
    return any("archive" in (event.body.get("effects") or {}) for event in events_since(stage, case))


def _archived(seen_in: _StoryCase, wanted: Any) -> Iterator[Message]:
    if was_archived(seen_in.stage, seen_in.case) != bool(wanted):
        yield say("案卷应已归档，没有") if wanted else say("案卷不应归档，已经归档")


def forms_filed(stage: Stage, case: Case) -> tuple[str, ...]:
    """Return the forms that were handed in by the last step."""
    return tuple(str(event.body["form"]) for event in events_since(stage, case) if "answers" in event.body)


def _forms(seen_in: _StoryCase, wanted: Any) -> Iterator[Message]:
    seen = forms_filed(seen_in.stage, seen_in.case)
    titles = [seen_in.process.form(name).title for name in seen]
    for name in _several(wanted):
        if name not in (*seen, *titles):
            yield say("应已填表单“{wanted}”，实填{seen}", wanted=name, seen=list(seen))


def _fields(seen_in: _StoryCase, wanted: Any) -> Iterator[Message]:
    """Compare facts of the case: by id or by title."""
    titles = {str(one.title): name for name, one in seen_in.process.workflow.fields.items()}
    for name, value in dict(wanted).items():
        seen = seen_in.case.fields.get(titles.get(str(name)) or str(name))
        if isinstance(seen, (list, tuple)):
            met = _several(list(seen)) == _several(value)
        else:
            met = seen == value or str(seen) == str(value)
        if not met:
            yield say("字段“{name}”应是{wanted}，实是{seen}", name=name, wanted=str(value), seen=str(seen))


def _parties(seen_in: _StoryCase, wanted: Any) -> Iterator[Message]:
    """Compare who is a party: by the id or title of the party; a number says how many they are."""
    titles = {str(title): party for party, title in seen_in.process.workflow.parties.items()}
    for name, people in dict(wanted).items():
        seen = seen_in.case.parties.get(titles.get(str(name)) or str(name), ())
        met = len(seen) == people if isinstance(people, int) else set(seen) == set(_several(people))
        if not met:
            yield say("“{party}”应是{wanted}，实是{seen}", party=name, wanted=people, seen=list(seen))


def _children(seen_in: _StoryCase, wanted: Any) -> Iterator[Message]:
    with seen_in.stage.application.store.read() as transaction:
        cases = transaction.cases.find(CaseFilter(parent=seen_in.case.id), limit=1000)
    for name, one in dict(wanted).items():
        found = [child for child in cases if child.workflow == name]
        said = dict(one) if isinstance(one, Mapping) else {"count": one}
        count = said.pop("count", len(found))
        if len(found) != count:
            yield say(
                "子案件“{name}”应有 {wanted} 件，实有 {seen} 件", name=name, wanted=count, seen=len(found)
            )
        elif found:
            child = _StoryCase(seen_in.stage, seen_in.stage.process(found[-1]), found[-1])
            yield from _of_child(child, said)


def _of_child(child: _StoryCase, said: Mapping[str, Any]) -> Iterator[Message]:
    """Compare what the newest child of a kind was given: its title, facts and parties."""
    if "title" in said and str(said["title"]) != child.case.title:
        yield say("子案件的名称应是“{wanted}”，实是“{seen}”", wanted=said["title"], seen=child.case.title)
    yield from _fields(child, said.get("fields") or {})
    yield from _parties(child, said.get("parties") or {})


def _ids(seen_in: _StoryCase, value: Any) -> Any:
    """Return what a story says with the ids of what it calls by title: roles, parties, steps, clocks, forms."""
    process = seen_in.process
    ids = {role.title: role.id for role in process.bureau.roles.values()}
    ids |= {title: party for party, title in process.workflow.parties.items()}
    ids |= {clock.title: clock.id for clock in process.workflow.clocks.values()}
    ids |= {step.title: step.id for step in process.workflow.transitions}
    ids |= {form.title: form.id for form in process.workflow.forms.values()}

    def named(one: Any) -> Any:
        if isinstance(one, Mapping):
            return {ids.get(key, key): named(each) for key, each in one.items()}
        if isinstance(one, list):
            return sorted(ids.get(each, each) for each in one)
        return one

    return named(plain(value))


def _compared(
    look: Callable[[Stage, Process, Case], Mapping[str, Any]], title: Message, *, whole: bool = True
) -> Callable[[_StoryCase, Any], Iterator[Message]]:
    """Return the check of a mapping: of a `whole` one, what the story leaves out must not be there."""

    def check(seen_in: _StoryCase, wanted: Any) -> Iterator[Message]:
        expected = _ids(seen_in, wanted or {})
        seen = _ids(seen_in, look(seen_in.stage, seen_in.process, seen_in.case))
        for name in dict.fromkeys([*expected, *(seen if whole else ())]):
            if expected.get(name) != seen.get(name):
                yield say(
                    "{what}“{name}”应是{wanted}，实是{seen}",
                    what=title,
                    name=name,
                    wanted=_flat(expected.get(name)),
                    seen=_flat(seen.get(name)),
                )

    return check


def _flat(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [" ".join([str(key), *_flat(one)]) for key, one in value.items()]
    if isinstance(value, list):
        return [str(one) for one in value]
    return ["—"] if value is None else [str(value)]


def papers_kept(stage: Stage, case: Case) -> dict[str, list[str]]:
    """Return what happened last to the newest paper of each kind: kind -> state, day, and the note if there is one."""
    with stage.application.store.read() as transaction:
        papers = transaction.papers.of_case(case.id)
    return {paper.kind: _last(paper) for paper in papers if paper.state is not PaperState.VOID}


def _last(paper: PaperRecord) -> list[str]:
    fact = paper.facts[-1]
    return [fact.state.value, fact.on.isoformat(), *([fact.note] if fact.note else [])]


def _papers(seen_in: _StoryCase, wanted: Any) -> Iterator[Message]:
    """Compare the papers of a case with the state a story names, and the day and note where it names them."""
    seen = papers_kept(seen_in.stage, seen_in.case)
    for kind, said in dict(wanted).items():
        have = seen.get(str(kind), [])
        if _several(said) != have[: len(_several(said))]:
            yield say("文书“{kind}”应{wanted}，实{seen}", kind=kind, wanted=_several(said), seen=have or "—")


def _warning(seen_in: _StoryCase, wanted: Any) -> Iterator[Message]:
    for piece in _several(wanted):
        if not any(piece in text for text in seen_in.stage.warnings):
            yield say("应有提示“{wanted}”，没有", wanted=piece)


def _unwarned(seen_in: _StoryCase, wanted: Any) -> Iterator[Message]:
    for piece in _several(wanted):
        if any(piece in text for text in seen_in.stage.warnings):
            yield say("不应有提示“{wanted}”，却有", wanted=piece)


def _goes_on(seen_in: _StoryCase, wanted: Any) -> Iterator[Message]:
    """Tell whether the case can go on; days may pass on the stage while this is looked at."""
    if goes_on(seen_in.stage) != bool(wanted):
        state = seen_in.process.state(seen_in.case.state).title
        yield (
            say("案件停在环节“{state}”：没有人能办下去，过 {days} 天也没有变化", state=state, days=DAYS)
            if wanted
            else say("案件应停在环节“{state}”，却办得下去", state=state)
        )


_CHECKS: Mapping[str, Callable[[_StoryCase, Any], Iterator[Message]]] = {
    "state": _state,
    "task": _task,
    "warning": _warning,
    "unwarned": _unwarned,
    "goes_on": _goes_on,
    "deadline": _deadline,
    "message": _message,
    "paper": _paper,
    "published": _published,
    "withdrawn": _withdrawn,
    "archived": _archived,
    "forms": _forms,
    "fields": _fields,
    "parties": _parties,
    "children": _children,
    "papers": _papers,
    "receivers": _receivers,
    "awaits": _compared(awaited, say("等候")),
    "offered": _compared(offered, say("可办")),
    "asks": _compared(asked, say("要填")),
    "schedule": _compared(schedule, say("日程"), whole=False),
}
