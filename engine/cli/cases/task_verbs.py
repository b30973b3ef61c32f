"""``ssj task``: the verbs, each a command made from its row in `engine.lifecycle.verbs`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from engine.cli.cases.bulk import many, one_or_many
from engine.cli.exits import USAGE, CommandError
from engine.cli.i18n import localize_help
from engine.cli.options import acting
from engine.cli.session import application_of, report_answer

if TYPE_CHECKING:
    from engine.app.commands.application import CommandResult
    from engine.kernel.refusal import Refusal
    from engine.lifecycle.verbs.spec import VerbArgument, VerbSpec

#: Verb -> its help, where it has an example.
HELP: Mapping[str, str] = {
    "return": """退回到案件经过的环节；已填的内容留在历史中。

    例：ssj task return inspection-17 to_enter --reason 文书缺页 --as chief-01
    """,
}


class VerbGroup(click.Group):
    """A group that has a command for every verb beside its own; the table is imported when one is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in the order of the alphabet."""
        self._add_verbs()
        return super().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command by name; None where there is none."""
        if cmd_name not in self.commands:
            self._add_verbs()
        return super().get_command(ctx, cmd_name)

    def _add_verbs(self) -> None:
        from engine.cli.cases.draft import group as drafts
        from engine.cli.cases.task_do import do
        from engine.lifecycle.verbs.table import VERBS

        for more in (drafts, do):
            if str(more.name) not in self.commands:
                localize_help(more)
                self.add_command(more)
        for spec in VERBS.values():
            if command_name(spec) not in self.commands:
                command = verb_command(spec)
                localize_help(command)
                self.add_command(command)


def command_name(spec: VerbSpec) -> str:
    """Return what the command of a verb is called."""
    return spec.word.replace("_", "-")


def verb_command(spec: VerbSpec) -> click.Command:
    """Return the command of a verb: the case and the arguments by place, then the options, as its row says."""
    from engine.lifecycle.verbs.spec import ReasonRule

    by_place = [argument for argument in spec.arguments if not argument.option]

    def run(
        ctx: click.Context,
        /,
        case: str | None,
        person: str,
        request_id: str | None,
        dry_run: bool,
        where: str | None = None,
        json_output: bool = False,
        reason: str | None = None,
        **typed: str | None,
    ) -> None:
        if where is not None and by_place and typed[by_place[-1].shown_name] is None:
            # Without a case, what was typed in its place is the first argument.
            for argument in by_place:
                case, typed[argument.shown_name] = typed[argument.shown_name], case
        arguments: dict[str, Any] = {
            argument.name: _value(ctx, argument, typed[argument.shown_name]) for argument in spec.arguments
        }
        if spec.reason is not ReasonRule.NONE:
            arguments["reason"] = (reason or "") if spec.reason is ReasonRule.REQUIRED else reason
        application = application_of(ctx)

        def act(about: str, request: str | None) -> CommandResult | Refusal:
            return application.do(spec.word, about, person, request_id=request, dry_run=dry_run, **arguments)

        if spec.bulk:
            one_or_many(
                application, person, case, where, act, json_output, request_id=request_id, dry_run=dry_run
            )
        elif case is not None:
            report_answer(act(case, request_id), dry_run)

    return click.command(command_name(spec), help=HELP.get(spec.word, spec.help.text))(_typed(spec, run))


def _typed(spec: VerbSpec, run: Callable[..., None]) -> Callable[..., Any]:
    """Return `run` with the arguments and options of a verb."""
    from engine.lifecycle.verbs.spec import ReasonRule

    made: Callable[..., Any] = acting(click.pass_context(run))
    if spec.bulk:
        made = many(made)
    if spec.reason is not ReasonRule.NONE:
        made = click.option("--reason", default=None, help=spec.reason_help.text)(made)
    # Each goes before those that are there.
    for argument in reversed([argument for argument in spec.arguments if argument.option]):
        made = _option(argument)(made)
    for argument in reversed([argument for argument in spec.arguments if not argument.option]):
        made = click.argument(argument.shown_name, required=not spec.bulk, type=_type(argument))(made)
    return click.argument("case", required=not spec.bulk)(made)


def _option(argument: VerbArgument) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option(
        f"--{argument.shown_name.replace('_', '-')}",
        argument.shown_name,
        required=argument.required,
        default=None,
        metavar="ID" if argument.names_person else None,
        type=_type(argument),
        help=argument.help.text if argument.help else None,
    )


def _type(argument: VerbArgument) -> click.ParamType[Any] | None:
    from engine.lifecycle.verbs.spec import ArgumentKind
    from engine.lifecycle.verbs.table import APPROVABLE

    choices = APPROVABLE if argument.kind is ArgumentKind.APPROVABLE else argument.choices
    return click.Choice(choices) if choices else None


def _value(ctx: click.Context, argument: VerbArgument, typed: str | None) -> Any:
    """Return an argument as the verb takes it. Raises CommandError for an integer that is none."""
    from engine.lifecycle.verbs.spec import ArgumentKind

    if argument.kind is ArgumentKind.INTEGER and (typed is not None or argument.required):
        try:
            return int(typed or "")
        except ValueError:
            if argument.invalid is None:
                raise click.BadParameter(typed or "-", ctx, param_hint=argument.shown_name) from None
            raise CommandError(replace(argument.invalid, values={"seen": typed or "-"}), USAGE) from None
    if typed is None and argument.required:
        raise click.MissingParameter(ctx=ctx, param_hint=argument.shown_name, param_type="argument")
    return typed
