"""The draft a person has of a step: never replaced unasked; what it says and what would be kept, side by side."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from engine.cli.exits import REFUSED, CommandError
from engine.cli.output import tabbed
from engine.cli.session import answered, application_of, source_of
from engine.kernel.instants import to_text
from engine.kernel.plain_text import visible
from engine.language import say

if TYPE_CHECKING:
    from engine.app.commands import Caller
    from engine.lifecycle.model.form import Form


def mark_of(ctx: click.Context, person: str, case: str, step: str) -> str:
    """Return the instant at which the draft of `person` was saved, as `save_draft` takes it; "" where there is none."""
    from engine.app.queries.people.drafts import read_draft

    found = answered(read_draft(source_of(ctx), person, case, step, person=person))
    return "" if found is None else to_text(found.draft.saved_at)


def keep(
    ctx: click.Context,
    by: Caller,
    case: str,
    step: str,
    answers: Mapping[str, Any],
    seen: str | None,
    version: int | None = None,
) -> None:
    """Save a draft of one's own; `seen` is the instant of the draft it may replace, "" for none, None for any.

    `version` is that of the definition whose form was filled in, without one that of the case as it is.

    Raises CommandError where another draft is there that says something else, with both side by side.
    """
    from engine.app.commands.drafts.drafts import save_draft
    from engine.app.queries.people.drafts import read_draft
    from engine.kernel.refusal import Refusal

    outcome = save_draft(
        application_of(ctx), by, by.person, case, step, answers, if_saved_at=seen, version=version
    )
    if not isinstance(outcome, Refusal) or outcome.reasons[0].code != "conflict":
        answered(outcome)
        return
    kept = answered(read_draft(source_of(ctx), by.person, case, step, person=by.person))
    if kept is None or dict(kept.draft.answers) != dict(answers):
        refuse(ctx, by.person, case, step, answers)


def refuse(ctx: click.Context, person: str, case: str, step: str, answers: Mapping[str, Any]) -> None:
    """Print what the draft and `answers` say differently. Raises CommandError, which names the way to replace the draft."""
    from engine.app.queries.cases import show_case
    from engine.app.queries.people.drafts import read_draft

    kept = answered(read_draft(source_of(ctx), person, case, step, person=person))
    view = answered(show_case(source_of(ctx), person, case, as_person=person))
    found = next((one for one in view.steps if one.id == step), None)
    forms = {item.id: item for item in found.item_forms} if found is not None else {}
    there, here = (
        _in_words(found.form if found is not None else None, one, forms, view.process.time.zone)
        for one in (kept.draft.answers if kept is not None else {}, answers)
    )
    for title in dict.fromkeys((*there, *here)):
        if there.get(title) != here.get(title):
            click.echo(
                tabbed(
                    visible(title), visible(there.get(title, "")) or "-", visible(here.get(title, "")) or "-"
                )
            )
    raise CommandError(
        say(
            "您在“{case}”的步骤“{step}”另有一份草稿，没有代替它；不同之处并列如上（栏目、草稿里的、这一份的）。"
            "要用这一份代替草稿请加 --replace；看草稿用 ssj task draft show",
            case=case,
            step=step,
        ),
        REFUSED,
    )


def _in_words(
    form: Form | None, answers: Mapping[str, Any], item_forms: Mapping[str, Form], zone: Any
) -> dict[str, str]:
    """Return title -> text; what has no place in the form under its name, as it is."""
    from engine.lifecycle.forms.in_words import lines_of

    known: set[str] = set()
    found: dict[str, str] = {}
    if form is not None:
        known = {asked.name for asked in form.fields} | {"rows", "items"}
        found = {
            line.title: line.text for line in lines_of(form, answers, None, {}, zone, item_forms) if line.text
        }
    rest = {name: value for name, value in answers.items() if name not in known}
    return found | {name: json.dumps(value, ensure_ascii=False, default=str) for name, value in rest.items()}
