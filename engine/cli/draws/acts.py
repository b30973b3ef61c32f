"""The acts of a draw as commands: each takes whichever step of a case does its effect."""

from __future__ import annotations

import click

from engine.cli.exits import CommandError
from engine.cli.options import acting
from engine.cli.session import application_of, read_answers_file, report_answer
from engine.language import say


def act(word: str, help_text: str) -> click.Command:
    """Return the command that takes whichever step of a case does the effect `word`."""

    @click.command(word, help=help_text)
    @click.argument("case")
    @click.option("--form", "form", default=None, metavar="FILE", help="表单内容（YAML 或 JSON）")
    @click.option("--reason", default=None, help="理由")
    @acting
    @click.pass_context
    def command(
        ctx: click.Context,
        case: str,
        form: str | None,
        reason: str | None,
        person: str,
        request_id: str | None,
        dry_run: bool,
    ) -> None:
        take(ctx, word, case, form, reason, person, request_id, dry_run)

    return command


def take(
    ctx: click.Context,
    word: str,
    case: str,
    form: str | None,
    reason: str | None,
    person: str,
    request_id: str | None,
    dry_run: bool,
) -> None:
    """Take the step of `case` that does the effect called `word` on the command line, and say what came of it."""
    application = application_of(ctx)
    with application.store.read() as transaction:
        found = transaction.cases.get(case)
        process = application.definitions.get(transaction, found.workflow, found.version) if found else None
    if found is None or process is None:
        raise CommandError(say("没有案件“{case}”；用 ssj case list 查看", case=case))
    effect = "draw" if word == "run" else word
    steps = [
        step
        for step, transitions in process.manual_steps(found.state).items()
        if any(e.kind == effect for t in transitions for e in t.then)
    ]
    if len(steps) != 1:
        state = process.state(found.state).title
        raise CommandError(
            say(
                "“{case}”现处“{state}”，此环节不能办理“{word}”；用 ssj task show {case} 查看可办的步骤",
                case=case,
                state=state,
                word=word,
            )
        )
    outcome = application.advance(
        case,
        steps[0],
        person,
        read_answers_file(form),
        reason=reason,
        request_id=request_id,
        dry_run=dry_run,
    )
    report_answer(outcome, dry_run)
