"""What the history of a case tells a verb: where the case has been, its clocks, its last step, how often it was urged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from engine.app.history.replay import after_event, begin, replay, with_texts
from engine.lifecycle.case import Case, EventKind
from engine.lifecycle.chain import Event
from engine.lifecycle.command import ENGINE, CasePath, Correction, LastStep, TakenStep
from engine.lifecycle.deadlines.clock_path import ClockPath
from engine.lifecycle.forms.personal import KeptTexts
from engine.lifecycle.process import Process
from engine.lifecycle.verbs.table import VERBS
from engine.value import value

#: What the engine itself notes, and verbs that only say something, do not count as somebody having acted.
_BESIDES = frozenset(
    {
        EventKind.REFUSED.value,
        EventKind.RECOMPUTED.value,
        EventKind.RECORDED.value,
        *(spec.event.value for spec in VERBS.values() if spec.event and not spec.counts_as_acting),
    }
)
#: Ways of changing the state that bring a case back to where it was.
_BACK = frozenset({EventKind.RETURNED.value, EventKind.WITHDRAWN.value})
#: Ways of changing the state that can be taken back.
_STEPS = frozenset({EventKind.ADVANCED.value, EventKind.RETURNED.value})


def case_path_of(events: Iterable[Event], personal: KeptTexts | None = None) -> CasePath:
    """Return what the events of one case, oldest first, say of its way; `personal` are the texts it keeps beside them."""
    history = list(events)
    states: dict[str, None] = {}
    clocks, before = ClockPath(), ClockPath()
    suspended: list[tuple[str, datetime, datetime]] = []
    since: list[Correction] = []
    way = _StepsTaken(personal)
    present, begun = "", None
    moved = 0
    for number, event in enumerate(history):
        way.enter(event, present)
        if event.kind == EventKind.MIGRATED.value:
            # Nothing from before is taken back: it was done by another version.
            renamed = event.body.get("renamed") or {}
            of_clocks, of_states = renamed.get("clocks", {}), renamed.get("states", {})
            states = dict.fromkeys(of_states.get(name, name) for name in states)
            present = of_states.get(present, present)
            clocks.rename(of_clocks, of_states)
            suspended = [(of_states.get(name, name), since, until) for name, since, until in suspended]
            way.rename(renamed)
            clocks.corrected = {
                name: tuple(_renamed(one, renamed) for one in found)
                for name, found in clocks.corrected.items()
            }
            moved = number
        elif "state" in event.body:
            present = str(event.body["state"])
            states[present] = None
            moved = number
            if event.kind == EventKind.WITHDRAWN.value:
                clocks.take_back(before, since)
            before = clocks.copy()
        if moved == number:
            since = []
        if event.kind == EventKind.CORRECTED.value:
            correction = _correction(history, number, personal)
            since.append(correction)
            clocks.put_right((correction,))
        clocks.take(event, present)
        if event.kind == EventKind.SUSPENDED.value:
            begun = event.at
        elif event.kind == EventKind.RESUMED.value and begun is not None:
            suspended.append((present, begun, event.at))
    return CasePath(
        states=tuple(states),
        clocks=clocks.clocks,
        stopped=clocks.stopped,
        stopped_in=clocks.stopped_in,
        suspended=tuple(suspended),
        corrected=clocks.corrected,
        last=_last(history, moved, personal, tuple(since)),
        taken=way.taken(),
        **asdict(urging_of(history)),
    )


@value
class Urging:
    """How often the present task was urged, by whom last, and who has said since that they received it."""

    urged: int = 0
    urged_by: str | None = None
    received_by: tuple[str, ...] = ()


def urging_of(events: Iterable[Event]) -> Urging:
    """Return what the events of one case, oldest first, say of the urging of its present task."""
    found = Urging()
    for event in events:
        if event.kind != EventKind.MIGRATED.value and "state" in event.body:
            found = Urging()
        if event.kind == EventKind.URGED.value:
            found = Urging(found.urged + 1, event.actor)
        elif event.kind == EventKind.ACKNOWLEDGED.value:
            found = replace(found, received_by=(*found.received_by, event.actor))
    return found


def with_release(
    case: Case, passage: CasePath, parent: Case, process: Process, events: Iterable[Event]
) -> CasePath:
    """Return `passage` with whether `parent`, of `process` and with `events`, went on because of the last step of `case`.

    It did when it has since passed a join for which the case now is far enough, and before the step was not.
    """
    last = passage.last
    if last is None or last.at is None:
        return passage
    for event in events:
        if event.kind != EventKind.ADVANCED.value or event.at < last.at or "state" not in event.body:
            continue
        for step in process.workflow.transitions:
            join = step.join if step.id == event.body.get("step") else None
            if join is None or join.workflow != case.workflow:
                continue
            if case.state in join.states and last.before.state not in join.states:
                state = process.state(str(event.body["state"])).title
                return replace(passage, released=(parent.title, state))
    return passage


class _StepsTaken:
    """Gathers the steps a case has taken, each with the case as it was."""

    def __init__(self, personal: KeptTexts | None) -> None:
        self._personal = personal
        self._case: Case | None = None
        self._steps: list[TakenStep] = []
        #: form -> how often it was handed in, in all and until each step.
        self._handed: Counter[str] = Counter()
        self._until: list[Counter[str]] = []

    def enter(self, entered: Event, present: str) -> None:
        """Go on by one entry of the history, made in the state `present`."""
        event = with_texts(entered, self._personal)
        body, before = event.body, self._case
        self._case = begin(event) if before is None else after_event(before, event)
        if body.get("form") is not None and event.kind != EventKind.CORRECTED.value:
            self._handed[body["form"]] += 1
        # It went back because a paper was made void: what was set with it is to be set anew.
        by_void = event.kind == EventKind.RECORDED.value and "void" in body
        if "state" in body and (event.kind in _BACK or by_void):
            self._undo(str(body["state"]))
        fields = {} if by_void else body.get("fields", {})
        if event.kind in (EventKind.MIGRATED.value, EventKind.CORRECTED.value):
            # What they have changed follows from the steps, and is worked out from them.
            return
        if fields or event.kind == EventKind.ADVANCED.value:
            self._add(event, present, fields, before or self._case)

    def rename(self, renamed: Mapping[str, Any]) -> None:
        """Call what a step was, and what it set, as the version does to which the case was taken."""
        states, steps, forms = (renamed.get(kind, {}) for kind in ("states", "steps", "forms"))
        facts = _of_form("case", renamed)
        self._handed = Counter({forms.get(name, name): count for name, count in self._handed.items()})
        self._until = [
            Counter({forms.get(name, name): count for name, count in until.items()}) for until in self._until
        ]
        self._steps = [
            replace(
                one,
                step=one.step and steps.get(one.step, one.step),
                source=states.get(one.source, one.source),
                target=one.target and states.get(one.target, one.target),
                fields={facts.get(name, name): kept for name, kept in one.fields.items()},
                before=replace(
                    one.before,
                    state=states.get(one.before.state, one.before.state),
                    fields={facts.get(name, name): kept for name, kept in one.before.fields.items()},
                    forms={
                        forms.get(name, name): _answers(answers, _of_form(name, renamed))
                        for name, answers in one.before.forms.items()
                    },
                ),
            )
            for one in self._steps
        ]

    def taken(self) -> tuple[TakenStep, ...]:
        """Return the steps, oldest first."""
        return tuple(
            replace(
                one, latest=frozenset(name for name, count in until.items() if count == self._handed[name])
            )
            for one, until in zip(self._steps, self._until, strict=True)
        )

    def _add(self, event: Event, present: str, fields: Mapping[str, Any], before: Case) -> None:
        started = event.kind == EventKind.STARTED.value
        self._until.append(Counter(self._handed))
        self._steps.append(
            TakenStep(
                step=None if started else str(event.body.get("step", "")),
                source=present,
                target=event.body.get("state"),
                at=event.at,
                fields=fields,
                before=replace(before, fields={}) if started else before,
                given=event.body.get("answers") or _given_to_a_branch(event.body),
            )
        )

    def _undo(self, state: str) -> None:
        """Mark the steps that were taken since the case was last in `state`."""
        left = [number for number, one in enumerate(self._steps) if one.source == state and one.step]
        for number in range(left[-1] if left else len(self._steps), len(self._steps)):
            self._steps[number] = replace(self._steps[number], undone=True)


def _given_to_a_branch(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a branch was answered with; nothing where the step is none."""
    said = (body.get("branches") or {}).get(body.get("step")) or {}
    return said.get("answers") or {}


def _of_form(form: str, renamed: Mapping[str, Any]) -> dict[str, str]:
    """Return what the fields of a form, or the facts (``case``), are called now that are called otherwise."""
    parted = ((*name.partition(".")[::2], new) for name, new in renamed.get("fields", {}).items())
    return {name: new for of, name, new in parted if of == form}


def _answers(answers: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {names.get(name, name): answer for name, answer in answers.items()}


def _renamed(one: Correction, renamed: Mapping[str, Any]) -> Correction:
    names, facts = _of_form(one.form, renamed), _of_form("case", renamed)
    return Correction(
        form=renamed.get("forms", {}).get(one.form, one.form),
        before=_answers(one.before, names),
        after=_answers(one.after, names),
        facts_before=_answers(one.facts_before, facts),
        facts_after=_answers(one.facts_after, facts),
    )


def _correction(history: list[Event], number: int, personal: KeptTexts | None) -> Correction:
    body = with_texts(history[number], personal).body
    before = replay(history[:number], personal)
    facts = body.get("fields", {})
    return Correction(
        form=body["form"],
        before=before.forms[body["form"]],
        after=body["answers"],
        facts_before={name: before.fields.get(name) for name in facts},
        facts_after=facts,
    )


def _last(
    history: list[Event], moved: int, personal: KeptTexts | None, corrected: tuple[Correction, ...]
) -> LastStep | None:
    """Return the move that brought the case where it is, if it was a step; `corrected` is what was put right since."""
    if moved == 0:
        return None
    move = history[moved]
    if move.kind not in _STEPS:
        return None
    since = history[moved + 1 :]
    others = (e.actor for e in since if e.kind not in _BESIDES)
    stayed = (e for e in since if e.kind == EventKind.ADVANCED.value)
    return LastStep(
        actor=move.actor,
        step=str(move.body.get("step", "")),
        title=str(move.body.get("title", move.kind)),
        before=replay(history[:moved], personal),
        principal=move.body.get("for"),
        acted_since=next((who for who in others if who not in (ENGINE, move.actor)), None),
        at=move.at,
        returned=move.kind == EventKind.RETURNED.value,
        stayed_since=next((str(e.body.get("title", e.body.get("step", ""))) for e in stayed), None),
        fields=frozenset(move.body.get("fields", ())),
        parties=frozenset(move.body.get("parties", ())),
        corrected=corrected,
    )
