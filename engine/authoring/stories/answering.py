"""What a person of a story answers at a step: what the story says, and of the rest what passes, if anything does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from engine.app.commands.application import Application
from engine.app.execution.effects.party_check import recused_among
from engine.app.people.directory import Directory
from engine.app.session.facts import facts_for
from engine.app.session.signers import holders_of_signers
from engine.app.session.unit_of_work import UnitOfWork
from engine.authoring.simulate.answers import Choice, Guess, Setting
from engine.authoring.simulate.draw_results import draw_results, results_field
from engine.authoring.simulate.search import Climbs, Memory, Search
from engine.authoring.stories.story import StoryStep
from engine.kernel.instants import STANDARD_ZONE
from engine.lifecycle.case import Case
from engine.lifecycle.command import Actor, Advance
from engine.lifecycle.forms.item_rows import form_of_items
from engine.lifecycle.model.workflow import Transition
from engine.lifecycle.process import Process
from engine.lifecycle.scope import make_scope

_ZONE = ZoneInfo(STANDARD_ZONE)
#: Why somebody does what needs a reason, where the story does not say.
REASON = "示例理由"
#: People of a party that is given by a number.
INSPECTORS = tuple(f"inspector_{number}" for number in range(1, 7))


@dataclass(slots=True)
class Remembered:
    """Where many ways are tried in one office: what answered a step before, by what its story answers, and all searches that were made."""

    passed: dict[str, dict[str, Mapping[str, Choice]]]
    climbs: Climbs

    @classmethod
    def nothing(cls) -> Remembered:
        """Return a memory that is empty."""
        return cls({}, Climbs())

    def of(self, step: StoryStep) -> Memory:
        """Return what is remembered of steps with the answers of `step`."""
        return Memory(self.passed.setdefault(str(sorted(step.answers.items())), {}), climbs=self.climbs)


@dataclass(slots=True)
class Answering:
    """Finds the answers people of one office give."""

    #: None: each step is answered as if it was the first.
    remembered: Remembered | None = None

    def answers(
        self, application: Application, process: Process, case: Case, step: StoryStep, person: str
    ) -> tuple[Mapping[str, Any] | None, bool]:
        """Return the answers a person gives at a step, and whether it is known that the step is refused with them."""
        found = process.steps(case.state).get(str(step.do))
        signing = case.signing.get(str(step.do))
        if found is None or (found[0].form is None and not found[0].item_forms):
            return dict(step.answers) or None, False
        if signing is not None and signing.signed:
            # All sign what the first one filled in.
            return dict(step.answers) or None, False
        search = _search(application, process, case, step, found[0], person)
        memory = Memory() if self.remembered is None else self.remembered.of(step)
        answers = None if step.refused is not None else search.run(memory)
        if search.form is None:
            return answers, step.refused is None and answers is None
        if answers is not None:
            return answers, False
        guess = Guess(search.setting, search.seed, 1, {}, False).filled(search.form, search.item_forms)
        made = {**guess, **step.answers}
        # The decision core that says so is the one by which the step is taken.
        return made, step.refused is None and not search.passes(made)


def _search(
    application: Application,
    process: Process,
    case: Case,
    step: StoryStep,
    transition: Transition,
    person: str,
) -> Search:
    now = application.clock.now()
    with application.store.read() as transaction:
        uow = UnitOfWork(application, transaction, now)
        actor = Directory(transaction).actor(person) or Actor(person)
        command = Advance(
            step=str(step.do),
            actor=actor,
            item_forms=application.definitions.item_forms(transaction, case),
            reason=step.reason or REASON,
            holders=holders_of_signers(uow, process, case) if case.state in process.signed else {},
        )
        facts = facts_for(uow, process, case, command)
        results = draw_results(transaction, case, "stories")
        known = [one for party in case.parties.values() for one in party]
        named = tuple(dict.fromkeys([*known, *INSPECTORS, person]))
        barred = frozenset(recused_among(uow, case, named))
    settled = dict(step.answers)
    if results and (name := results_field(transition)):
        settled.setdefault(name, results)
    items = case.fields.get("items") or ()
    return Search(
        process=process,
        case=case,
        command=replace(command, facts=facts),
        setting=Setting(
            make_scope(process, case, actor, now, facts),
            now.astimezone(_ZONE),
            tuple(one for one in named if one not in barred),
            settled,
            barred=barred,
        ),
        form=process.form(transition.form) if transition.form else None,
        item_forms=tuple(form_of_items(process.form(name), items) for name in command.item_forms)
        if transition.item_forms
        else (),
        seed=("story", str(step.do)),
        number=1,
        now=now,
        insisted=step.answers,
    )
