"""``ssj task do``: a step taken by answering its questions one after another."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from engine.cli.cases.answers.answer_prompts import STOP
from engine.cli.cases.answers.attachments import Attachments
from engine.cli.cases.answers.form_interview import FormInterview, InterviewStoppedError
from engine.cli.cases.answers.own_draft import keep, mark_of
from engine.cli.exits import REFUSED, CommandError
from engine.cli.options import acting
from engine.cli.session import answered, application_of, caller, report_answer, source_of
from engine.cli.typed_line import ask_line
from engine.kernel.instants import to_text
from engine.kernel.plain_text import visible
from engine.language import say
from engine.lifecycle.model.form import FieldType

if TYPE_CHECKING:
    from engine.app.commands.application import CommandResult
    from engine.app.queries import QuerySource
    from engine.app.queries.cases import StepView
    from engine.kernel.refusal import Refusal
    from engine.lifecycle.model.form import Field


@click.command("do")
@click.argument("case")
@click.argument("step")
@click.option("--reason", default=None, help="理由")
@click.option("--older-draft", is_flag=True, help="从旧的草稿接着填")
@click.option("--replace", is_flag=True, help="不用草稿，从头填，代替它")
@acting
@click.pass_context
def do(
    ctx: click.Context,
    case: str,
    step: str,
    reason: str | None,
    older_draft: bool,
    replace: bool,
    person: str,
    request_id: str | None,
    dry_run: bool,
) -> None:
    """逐题回答表单，核对以后办理；随时可停，下次接着填。

    输入“?”看说明，直接回车跳过，“.”停下来（已答的存为草稿）；答案本身就是“?”“.”“-”的，前面加“\\”。长的文字可分行，写完按 Ctrl+D。照片和附件写文件的路径，存入案卷。
    答完一次列出全部问题，改好、核对后才办理。

    例：ssj task do inspection-17 finish_visit --as insp-01
    """
    from engine.app.queries.cases import form_setting, show_case

    source = source_of(ctx)
    view = answered(show_case(source, person, case, as_person=person))
    found = next((one for one in view.steps if one.id == step), None)
    if found is None or found.form is None:
        message = say("“{case}”现在没有要填表单的步骤“{step}”；用 ssj task show 查看", case=case, step=step)
        raise CommandError(message, REFUSED)
    setting = answered(form_setting(source, person, case, step))
    application = application_of(ctx)

    # Another version may be put in force while the questions are answered: these answers are to this one.
    version = view.case.version
    held = setting.held if setting is not None else {}
    answers, seen = _begun(ctx, person, found, case, older_draft, replace, held)

    def keep_draft(answers: Mapping[str, Any]) -> None:
        nonlocal seen
        if not dry_run:
            keep(ctx, caller(person), case, step, answers, seen, version)
            seen = mark_of(ctx, person, case, step)

    files = Attachments(
        application, caller(person, dry_run=dry_run), case, {one.id: one.sha256 for one in view.files}
    )
    names, ids = _names(source, person, found)
    interview = FormInterview(
        form=found.form,
        item_forms=found.item_forms,
        scope=setting.scope if setting is not None else {},
        held=held,
        hidden=setting.hidden if setting is not None else frozenset(),
        answers=answers,
        keep=keep_draft,
        attach=files.answer,
        words=names,
        people=ids,
        zone=view.process.time.zone,
    )

    def judge() -> CommandResult | Refusal:
        return application.advance(
            case,
            step,
            person,
            interview.answers,
            reason=reason,
            dry_run=True,
            if_version=version,
            coming=frozenset(files.coming),
        )

    try:
        _fill(interview, found, judge)
    except InterviewStoppedError:
        raise CommandError(say("没有办理；已答的存为草稿，下次用同一条命令接着填"), REFUSED) from None
    outcome = application.advance(
        case,
        step,
        person,
        interview.answers,
        reason=reason,
        request_id=request_id,
        dry_run=dry_run,
        if_version=version,
        coming=frozenset(files.coming),
    )
    report_answer(outcome, dry_run)


def _begun(
    ctx: click.Context,
    person: str,
    step: StepView,
    case: str,
    older_draft: bool,
    replace: bool,
    held: Mapping[str, Any],
) -> tuple[dict[str, Any], str]:
    """Return the answers of the draft and when it was saved. Raises CommandError where it is an older one and nothing is said of it."""
    from engine.app.queries.people.drafts import read_draft
    from engine.cli.cases.answers.draft_for_form import fitting

    draft = answered(read_draft(source_of(ctx), person, case, step.id, person=person))
    if draft is None:
        return {}, ""
    mark = to_text(draft.draft.saved_at)
    if replace:
        return {}, mark
    if draft.older is not None and not older_draft:
        message = say(
            "您有一份旧的草稿：{why}；要接着它填请加 --older-draft，要从头填、代替它请加 --replace",
            why=draft.older,
        )
        raise CommandError(message, REFUSED)
    click.echo(str(say("从草稿接着填。")), err=True)
    if step.form is None:
        return dict(draft.draft.answers), mark
    answers, left = fitting(step.form, step.item_forms, draft.draft.answers, held)
    for name, value in left:
        said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
        note = say("现在的表单没有“{name}”，未带入：{value}", name=name, value=said[:200])
        click.echo(visible(str(note)), err=True)
    return answers, mark


def _names(source: QuerySource, person: str, step: StepView) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the names of people by id, and of items by code, and the ids of people by a name of one; none where nothing asks for them."""
    from engine.app.queries.people.persons import list_people
    from engine.app.queries.registers import list_entries
    from engine.kernel.refusal import Refusal

    asked = [
        one for form in (step.form, *step.item_forms) if form is not None for one in _within(form.fields)
    ]
    names: dict[str, str] = {}
    ids: dict[str, list[str]] = {}
    if any(one.type in (FieldType.PERSON, FieldType.PERSONS) for one in asked):
        people = list_people(source, person)
        for found in () if isinstance(people, Refusal) else people:
            names[found.actor.id] = found.actor.name
            ids.setdefault(found.actor.name, []).append(found.actor.id)
    if any(one.type is FieldType.LIST and not one.columns and not one.choices for one in asked):
        items = list_entries(source, person, "items")
        names |= {} if isinstance(items, Refusal) else {one.id: one.name for one in items}
    return names, {name: some[0] for name, some in ids.items() if len(some) == 1}


def _within(fields: Iterable[Field]) -> Iterator[Field]:
    """Yield questions and the columns of their rows."""
    for one in fields:
        yield one
        yield from _within(one.columns)


def _fill(interview: FormInterview, step: StepView, judge: Any) -> None:
    """Ask until nothing is wrong and whoever answers has checked it. Raises InterviewStoppedError."""
    from engine.cli.next_actions import reason_text
    from engine.kernel.refusal import Refusal

    click.echo(str(say("《{form}》——{step}", form=interview.form.title, step=step.title)), err=True)
    for obstacle in step.obstacles:
        click.echo(str(say("尚不能办：{reason}", reason=reason_text(obstacle))), err=True)
    interview.ask()
    while True:
        outcome = judge()
        if isinstance(outcome, Refusal):
            click.echo(str(say("\n还不能办：")), err=True)
            for reason in outcome.reasons:
                click.echo(f"  · {reason_text(reason)}", err=True)
            wrong = frozenset(reason.field for reason in outcome.reasons if reason.field)
            known = wrong & frozenset(interview.names())
            if known:
                interview.ask(known)
                interview.ask()
                continue
        click.echo(str(say("\n请核对：")), err=True)
        for number, (title, answer) in enumerate(interview.shown(), 1):
            line = say("  {number}  {title}：{answer}", number=number, title=visible(title), answer=answer)
            click.echo(str(line), err=True)
        chosen = _choose()
        if chosen == 0:
            if isinstance(outcome, Refusal):
                raise InterviewStoppedError
            return
        names = interview.names()
        if 1 <= chosen <= len(names):
            interview.ask(frozenset({names[chosen - 1]}))
            interview.ask()


def _choose() -> int:
    """Return 0 for handing in, or the number of the question to change. Raises InterviewStoppedError."""
    while True:
        try:
            text = ask_line(say("无误请输入 y 办理；要改请输入序号；“.”停下来"), ahead=False).strip()
        except click.Abort:
            raise InterviewStoppedError from None
        if text == STOP:
            raise InterviewStoppedError
        if text.lower() in ("y", "yes", "是"):
            return 0
        if text.isascii() and text.isdecimal() and len(text) < 6 and int(text) > 0:
            return int(text)
