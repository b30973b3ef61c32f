"""``ssj draw commit``, ``reveal``, ``void``, ``replace``: each takes the step of a case that does its effect."""

from __future__ import annotations

import click

from engine.cli.options import acting
from engine.cli.session import application_of, read_answers_file, report_answer


def act(word: str, help_text: str) -> click.Command:
    """Return the command that takes the step of a case that does the effect `word`."""

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
    """Take the step of `case` that does the effect called `word` on the command line, and print the outcome."""
    outcome = application_of(ctx).advance_by_effect(
        case,
        "draw" if word == "run" else word,
        person,
        read_answers_file(form),
        reason=reason,
        request_id=request_id,
        dry_run=dry_run,
    )
    report_answer(outcome, dry_run)
