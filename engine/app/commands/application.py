"""The office: the one object the command line, the web, the daemon and tests ask to do things."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from engine.app.access.case_access import case_to_act_on, require_in_scope, require_visible, unknown_person
from engine.app.access.command import note_held, overtaken, require_steady_clock
from engine.app.access.text_check import all_fit, why_unfit_order
from engine.app.access.visible_case import unknown_case
from engine.app.commands.case_verbs import TaskVerbs
from engine.app.draws.refusals import note_refused
from engine.app.execution.conflict_message import (
    changed_after,
    changed_since,
    explain_conflict,
    other_version,
)
from engine.app.execution.execute import execute
from engine.app.execution.start.start_case import start_by_hand
from engine.app.history.requests import CommandRequest, CommandResult, command_digest, command_text
from engine.app.history.retry import retry_on_conflict
from engine.app.people.acting_for import with_principals
from engine.app.people.directory_cache import HISTORIES
from engine.app.ports.records import IdempotencyRecord
from engine.app.ports.store import ConflictError, Transaction
from engine.app.services import Services
from engine.app.session.new_case import NewCase
from engine.app.session.refused import CommandRefused
from engine.app.session.unit_of_work import UnitOfWork
from engine.kernel.instants import local_second
from engine.kernel.refusal import NextAction, Refusal, RefusalReason
from engine.language import say
from engine.lifecycle.case import Case, EventKind
from engine.lifecycle.command import Actor, Advance, Command
from engine.lifecycle.process import Process
from engine.lifecycle.verbs.table import VERBS
from engine.tracing import span, traced

__all__ = ["Application", "CommandRefused", "CommandResult", "NewCase"]

T = TypeVar("T")


@dataclass(slots=True)
class Application(Services, TaskVerbs):
    """The commands on cases, with the services they need."""

    def advance(
        self,
        case_id: str,
        step: str,
        person: str,
        answers: Mapping[str, Any] | None = None,
        *,
        reason: str | None = None,
        request_id: str | None = None,
        dry_run: bool = False,
        if_rev: int | None = None,
        if_version: int | None = None,
        coming: frozenset[str] = frozenset(),
    ) -> CommandResult | Refusal:
        """办理: take `step` on a case for `person`. Sent twice with one `request_id` it acts once.

        With `if_rev` only a case that has not changed since its history had so many entries; with `if_version` only one
        that goes by that version of its definition, whose form the answers were given to. `coming` are the digests of files
        the answers name which a dry run has not kept.
        """
        order = CommandRequest(
            "advance", case_id, person, {"step": step, "answers": answers, "reason": reason}
        )

        def act(uow: UnitOfWork, case: Case, actor: Actor) -> Case:
            if if_version not in (None, case.version):
                raise CommandRefused(other_version(case, order.attempt, if_version))
            return self._advance(uow, case, actor, order, coming if dry_run else frozenset())

        return self._carry(order, act, request_id, dry_run, if_rev=if_rev)

    def advance_by_effect(
        self,
        case_id: str,
        effect: str,
        person: str,
        answers: Mapping[str, Any] | None = None,
        *,
        reason: str | None = None,
        request_id: str | None = None,
        dry_run: bool = False,
    ) -> CommandResult | Refusal:
        """Take the one step of a case that does `effect` (``commit``, ``draw``, …), as `advance` does by its name."""
        words = {"answers": answers, "reason": reason}
        order = reached = CommandRequest("advance", case_id, person, {"effect": effect, **words})

        def act(uow: UnitOfWork, case: Case, actor: Actor) -> Case:
            nonlocal reached
            step = _step_with_effect(uow.process(case), case, effect)
            reached = CommandRequest("advance", case_id, person, {"step": step, **words})
            return self._advance(uow, case, actor, reached)

        return self._carry(order, act, request_id, dry_run, lambda: reached)

    def _advance(
        self,
        uow: UnitOfWork,
        case: Case,
        actor: Actor,
        order: CommandRequest,
        coming: frozenset[str] = frozenset(),
    ) -> Case:
        """Take the step an order names; a refusal says who changed the case first, where somebody has."""
        step = str(order.words["step"])
        command = Advance(
            step=step,
            actor=actor,
            answers=order.words["answers"],
            reason=order.words["reason"],
            item_forms=self.definitions.item_forms(uow.transaction, case),
            coming=coming,
        )
        try:
            after = execute(uow, case, command)
            if command.answers is not None:
                # What was typed for the step is handed in now.
                uow.transaction.drafts.drop(order.person, case.id, step)
            return after
        except CommandRefused as refused:
            process = uow.process(case)
            found = explain_conflict(uow.transaction, process, case, step, order.person, refused.refusal)
            raise CommandRefused(found) from None

    def advance_together(
        self,
        case_id: str,
        steps: Sequence[tuple[str, str, Mapping[str, Any] | None]],
        *,
        request_id: str | None = None,
        dry_run: bool = False,
    ) -> CommandResult | Refusal:
        """Take several steps (step, person, answers) on a case one after the other: all of them or none."""
        orders = [
            CommandRequest("advance", case_id, person, {"step": step, "answers": answers, "reason": None})
            for step, person, answers in steps
        ]
        words = {"steps": [[order.words["step"], order.person, order.words["answers"]] for order in orders]}
        asked = CommandRequest("advance_together", case_id, orders[0].person, words)
        reached = orders[0]

        def work(transaction: Transaction) -> CommandResult:
            nonlocal reached
            uow = UnitOfWork(self, transaction, self.clock.now())
            for order, (step, person, answers) in zip(orders, steps, strict=True):
                reached = order
                case, actor = case_to_act_on(uow, case_id, person, order.attempt)
                forms = self.definitions.item_forms(transaction, case)
                acting = with_principals(uow.people, actor, case, uow.now, uow.process)
                command = Advance(step=step, actor=acting, answers=answers, reason=None, item_forms=forms)
                after = execute(uow, case, command)
            uow.finish()
            return _answer(after, uow)

        return self._transact(lambda: reached, work, request_id, dry_run, asked)

    def start(
        self,
        workflow: str,
        person: str,
        new: NewCase,
        answers: Mapping[str, Any] | None = None,
        *,
        request_id: str | None = None,
        dry_run: bool = False,
    ) -> CommandResult | Refusal:
        """启动 a case of `workflow` by hand."""
        order = CommandRequest("start", workflow, person, {**new.as_words(), "answers": answers})

        def act(transaction: Transaction) -> CommandResult:
            uow = UnitOfWork(self, transaction, self.clock.now())
            require_in_scope(person, workflow)
            actor = uow.people.actor(person)
            if actor is None:
                raise unknown_person(None, person, workflow)
            if new.parent:
                if (parent := uow.case(new.parent)) is None:
                    raise CommandRefused(unknown_case(new.parent))
                require_visible(uow, parent, actor)
            today = uow.now.astimezone(self.definitions.time.zone).date()
            process = self.definitions.in_force(transaction, workflow, today)
            if process is None and self.definitions.latest(transaction, workflow) is not None:
                message = say("流程“{workflow}”还没有施行", workflow=workflow)
                raise CommandRefused(Refusal(None, workflow, (RefusalReason("workflow", message),)))
            if process is None:
                known = self.definitions.workflows(transaction)
                message = say("没有已发布的流程“{workflow}”；已发布：{known}", workflow=workflow, known=known)
                raise CommandRefused(Refusal(None, workflow, (RefusalReason("workflow", message),)))
            case = start_by_hand(uow, process, actor, new, answers)
            uow.finish()
            uow.spawned -= 1  # the case itself is the answer, not something started besides
            return _answer(case, uow)

        return self._transact(lambda: order, act, request_id, dry_run)

    def _verb(
        self,
        name: str,
        case_id: str,
        person: str,
        make: Callable[[Actor, Transaction], Command],
        words: Mapping[str, Any],
        *,
        request_id: str | None = None,
        dry_run: bool = False,
        if_rev: int | None = None,
    ) -> CommandResult | Refusal:
        def act(uow: UnitOfWork, case: Case, actor: Actor) -> Case:
            return execute(uow, case, make(actor, uow.transaction))

        order = CommandRequest(name, case_id, person, words)
        return self._carry(order, act, request_id, dry_run, if_rev=if_rev)

    def _carry(
        self,
        order: CommandRequest,
        act: Callable[[UnitOfWork, Case, Actor], Case],
        request_id: str | None,
        dry_run: bool,
        reached: Callable[[], CommandRequest] | None = None,
        if_rev: int | None = None,
    ) -> CommandResult | Refusal:
        """Do `act` on the case of `order`. `reached` gives the order as far as `act` has made it more exact."""

        def work(transaction: Transaction) -> CommandResult:
            uow = UnitOfWork(self, transaction, self.clock.now())
            case, actor = case_to_act_on(uow, order.about, order.person, order.attempt)
            if if_rev is not None and changed_after(transaction, case, if_rev):
                raise CommandRefused(changed_since(case, order.attempt))
            after = act(uow, case, with_principals(uow.people, actor, case, uow.now, uow.process))
            uow.finish()
            return _answer(after, uow)

        return self._transact(reached or (lambda: order), work, request_id, dry_run, on_case=order)

    def _transact(
        self,
        order: Callable[[], CommandRequest],
        work: Callable[[Transaction], CommandResult],
        request_id: str | None,
        dry_run: bool,
        asked: CommandRequest | None = None,
        on_case: CommandRequest | None = None,
    ) -> CommandResult | Refusal:
        """Do `work` in one transaction; `order` tells what was asked for, as far as the work has come.

        With `on_case` what it will ask of the store first is fetched together.

        `asked` is what tells one request from another, where that is more than `order` says at first.

        Where somebody else wrote the case first, or the database broke a tie, it is judged again (`retry_on_conflict`).
        """
        first = asked or order()
        text = command_text(first) if request_id else ""
        fit = request_id is not None and all_fit(text, request_id)
        if not fit and (unfit := why_unfit_order(first, request_id)) is not None:
            named = (
                why_unfit_order(first, request_id, self._titles(first))
                if first.words.get("answers")
                else None
            )
            return Refusal(None, "", (named or unfit,))
        digest = command_digest(first, text) if request_id else ""

        def transact() -> CommandResult | Refusal:
            with self.store.write() as transaction:
                if on_case is not None:
                    _look_ahead(transaction, on_case, request_id)
                if request_id and (known := transaction.idempotency_record(request_id)):
                    return _repeated(order(), known, digest)
                require_steady_clock(self, transaction)
                answer = work(transaction)
                if dry_run:
                    raise _DryRunError(answer)
                if request_id:
                    transaction.record_request(
                        IdempotencyRecord(request_id, digest, answer.as_json(), self.clock.now())
                    )
                return answer

        try:
            return _with_span(order, transact)
        except _DryRunError as done:
            return done.answer
        except CommandRefused as refused:
            if request_id and (known := self._known(request_id)):
                # The same request, sent twice at once: refused only because the other has done it.
                return _repeated(order(), known, digest)
            if not dry_run:
                self._note_refusal(order(), refused.refusal, request_id)
                note_held(self, refused.refusal)
            return refused.refusal
        except ConflictError as conflict:
            return self._overtaken(order(), conflict)

    def _titles(self, order: CommandRequest) -> Mapping[str, str]:
        """Return what the answers of a step are called; nothing where its person may not act on the case."""
        from engine.app.worklist.form_setting import titles_of_answers

        if order.verb != "advance" or "step" not in order.words:
            return {}
        with self.store.read() as transaction:
            uow = UnitOfWork(self, transaction, self.clock.now())
            try:
                case, _ = case_to_act_on(uow, order.about, order.person, order.attempt)
            except CommandRefused:
                return {}
            return titles_of_answers(self, transaction, case, str(order.words["step"]))

    def _known(self, request_id: str) -> IdempotencyRecord | None:
        with self.store.read() as transaction:
            return transaction.idempotency_record(request_id)

    def _note_refusal(self, order: CommandRequest, refusal: Refusal, request_id: str | None) -> None:
        """Keep the refused attempt: in the history of its case, else in the journal of the deployment; its texts stand apart."""
        body = {
            "verb": order.verb,
            "attempt": refusal.attempt,
            "reasons": [reason.as_json() for reason in refusal.reasons],
        }
        if request_id:
            body["request"] = request_id
        retry_on_conflict(lambda: self._keep_refusal(order, refusal, body))

    def _keep_refusal(self, order: CommandRequest, refusal: Refusal, body: Mapping[str, Any]) -> None:
        # Whatever is done without being refused loads nothing for it.
        from engine.app.history.refusal_texts import add_refusal, without_texts
        from engine.app.people.refused_person import under_known_name

        with self.store.write() as transaction:
            uow = UnitOfWork(self, transaction, self.clock.now())
            case = uow.case(refusal.case) if refusal.case else None
            if case is not None:
                place = (case.id, case.rev + 1)
                known = _known_attempts(uow.process(case))
                who, named = under_known_name(transaction, order.person, body)
                written = without_texts(transaction, uow.now, place, named, self.entropy, known)
                after = uow.record(case, EventKind.REFUSED.value, who, written)
                note_refused(uow, after, order, refusal)
                uow.flush()
            else:
                who, named = under_known_name(transaction, order.person, {**body, "about": order.about})
                add_refusal(transaction, self.clock.now(), who, named, self.entropy)

    def _overtaken(self, order: CommandRequest, conflict: ConflictError) -> Refusal:
        about = conflict.case
        if not about:
            # A database that broke a tie by itself (a deadlock) does not say whose case it was.
            return overtaken(order.about, order.attempt)
        with self.store.read() as transaction:
            last = transaction.events.last(about)
        if last is None:
            message = say("案件“{case}”同时被他人办理，请重试", case=about)
        else:
            message = say(
                "案件“{case}”已先由“{person}”于 {when} 办理（{what}），请先查看再办",
                case=about,
                person=last.actor,
                when=local_second(last.at, self.definitions.time.zone),
                what=last.body.get("title", last.kind),
            )
        return Refusal(about, order.attempt, (RefusalReason("conflict", message),))


def _known_attempts(process: Process) -> set[str]:
    """Return the words of the program and of a definition for what can be attempted: they are nobody's typing."""
    steps = process.workflow.transitions
    return {str(verb.title) for verb in VERBS.values()} | {
        text for step in steps for text in (step.id, step.title)
    }


class _DryRunError(Exception):
    """Ends a transaction without keeping it."""

    def __init__(self, answer: CommandResult) -> None:
        super().__init__("dry run")
        self.answer = answer


def _with_span(order: Callable[[], CommandRequest], transact: Callable[[], T]) -> T:
    if not traced():
        return retry_on_conflict(transact)
    with span("command", verb=order().verb):
        return retry_on_conflict(transact)


def _look_ahead(transaction: Transaction, order: CommandRequest, request_id: str | None) -> None:
    step = order.words.get("step")
    draft = (
        (order.person, order.about, str(step)) if step and order.words.get("answers") is not None else None
    )
    transaction.look_ahead(request_id, order.about, HISTORIES, draft)


def _repeated(order: CommandRequest, known: IdempotencyRecord, digest: str) -> CommandResult | Refusal:
    if known.digest != digest:
        message = say("请求编号“{id}”已用于另一条命令；每条命令须有自己的编号", id=known.request_id)
        return Refusal(None, order.attempt, (RefusalReason("request", message),))
    return CommandResult.from_json(known.answer, repeated=True)


def _step_with_effect(process: Process, case: Case, effect: str) -> str:
    """Return the step people can take now that does `effect`. Raises `CommandRefused` unless there is exactly one."""
    steps = [
        step
        for step, transitions in process.manual_steps(case.state).items()
        if any(one.kind == effect for transition in transitions for one in transition.then)
    ]
    if len(steps) == 1:
        return steps[0]
    message = say(
        "“{case}”现处“{state}”，此环节不能办理“{effect}”",
        case=case.id,
        state=process.state(case.state).title,
        effect=effect,
    )
    show = NextAction("show_task", {"case": case.id})
    raise CommandRefused(Refusal(case.id, "", (RefusalReason("state", message, next=show),)))


def _answer(case: Case, uow: UnitOfWork) -> CommandResult:
    """Return the answer for `case` after `uow`."""
    return CommandResult(
        case=case.id,
        state=case.state,
        rev=case.rev,
        title=uow.process(case).state(case.state).title,
        closed=not case.open,
        warnings=tuple([warning.render() for warning in uow.warnings]) if uow.warnings else (),
        started=uow.spawned,
    )
