"""``--as ID``: the acting person. Authenticated by a token or a password where the deployment requires sign-in.

The database says whether it does (``ssj user sign-in``). The proof comes from the environment, never from an argument, which
everybody on the machine can read: ``SSJ_TOKEN``, ``SSJ_TOKEN_FILE`` or ``SSJ_PASSWORD_FILE``; a person at a terminal is
asked for the password.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from engine.cli.console import is_terminal
from engine.cli.exits import ENVIRONMENT, REFUSED, CommandError
from engine.cli.session import application_of, home_of, source_of
from engine.language import say

if TYPE_CHECKING:
    from engine.app.commands.application import Application
    from engine.app.commands.prove_identity import NotSignedIn, SignedIn
    from engine.app.queries import QuerySource

F = TypeVar("F", bound=Callable[..., Any])

REQUIRED = "required"


def as_person(help_text: str, *, required: bool = True, older: bool = False) -> Callable[[F], F]:
    """Add ``--as ID`` to a command, given to it as `person`; proved before the command begins.

    Without ``--as`` it is ``SSJ_AS``, else the person of the token that is at hand. Where it is `required` and nobody is
    named, the command is refused. `older`: the command works on a database of an earlier revision too.
    """
    option = click.option("--as", "person", envvar="SSJ_AS", metavar="ID", help=help_text)

    def decorate(command: F) -> F:
        @wraps(command)
        def run(*args: Any, person: str | None, **kwargs: Any) -> Any:
            # Asked for once all arguments are read: wrong usage comes first.
            return command(
                *args, person=_acting(click.get_current_context(), person, required, older), **kwargs
            )

        return cast("F", option(run))

    return decorate


def _acting(ctx: click.Context, named: str | None, required: bool, older: bool) -> str | None:
    """Return who acts, proved. Ends the command where somebody is required and nobody is named."""
    named = _not_empty(named)
    if older and (person := acting_on_older(ctx, named)) is not None:
        return person
    person = named or (_person_of_token(lambda: source_of(ctx)) if required else None)
    if person is None:
        if required:
            raise CommandError(say("请写明由谁办理：用 --as ID，或设环境变量 SSJ_AS"), REFUSED)
        return None
    if requires_sign_in(source_of(ctx), home_of(ctx).settings):
        authenticate(application_of(ctx, acts=False), person)
    return person


def _not_empty(named: str | None) -> str | None:
    """Return who is named, or nobody. Ends the command where the name is empty: a variable of a script was, most likely.

    An empty ``SSJ_AS`` is no name either, and never stands for the reader of the deployment.
    """
    given = named if named is not None else os.environ.get("SSJ_AS")
    if given is not None and not given.strip():
        raise CommandError(say("--as 或环境变量 SSJ_AS 是空的；请写明是谁"), REFUSED)
    return given


def acting_on_older(ctx: click.Context, named: str | None) -> str | None:
    """Return who acts on a database of an earlier revision, proved by its own people.

    None where it is of this program's revision, or where nobody is named. Ends the command where the proof is wrong.
    """
    from engine.operations.backup import is_older

    home = home_of(ctx)
    if not is_older(home):
        return None
    from engine.operations.older_database import open_people

    with open_people(home) as people:
        return proved(people, named)


def proved(application: Application, named: str | None) -> str | None:
    """Return who is named, or whose token is at hand, proved where `application` asks for sign-in; None for nobody."""
    person = _not_empty(named) or _person_of_token(lambda: application)
    if person is not None and requires_sign_in(application, application.settings):
        authenticate(application, person)
    return person


def viewing(command: F) -> F:
    """Add ``--as ID`` to a command that reads, given to it as `viewer`: who looks.

    Without ``--as`` it is ``SSJ_AS``, else the person of the token that is at hand, else the reader of the deployment.
    """

    @wraps(command)
    def run(*args: Any, viewer: str | None, **kwargs: Any) -> Any:
        # Asked for once all arguments are read: wrong usage is reported first.
        return command(*args, viewer=viewer_of(click.get_current_context(), viewer), **kwargs)

    option = click.option(
        "--as", "viewer", envvar="SSJ_AS", metavar="ID", help="谁在查看（或环境变量 SSJ_AS）"
    )
    return cast("F", option(run))


def viewing_lazily(command: F) -> F:
    """Add ``--as ID`` to a command that reads a deployment only with some of its arguments, given to it as `named`.

    Nobody is asked for until the command hands `named` to `viewer_of`.
    """
    return naming("谁在查看（或环境变量 SSJ_AS）")(command)


def naming(help_text: str) -> Callable[[F], F]:
    """Add ``--as ID`` to a command, given to it as `named`, not yet proved: the command does that (`proved`)."""
    return click.option("--as", "named", envvar="SSJ_AS", metavar="ID", help=help_text)


def viewer_of(ctx: click.Context, named: str | None) -> str:
    """Return who looks, authenticated where the deployment asks for that. Ends the command where nobody is named."""
    named = _not_empty(named)
    required = requires_sign_in(source_of(ctx), home_of(ctx).settings)
    person = named or _person_of_token(lambda: source_of(ctx))
    if person is not None:
        if required:
            authenticate(application_of(ctx, acts=False), person)
        return person
    if not required:
        from engine.app.queries.identity import find_reader

        if (reader := find_reader(source_of(ctx))) is not None:
            return reader
    raise CommandError(say("请写明是谁在查看：用 --as ID，或设环境变量 SSJ_AS"), REFUSED)


def _person_of_token(source: Callable[[], QuerySource]) -> str | None:
    """Return whose token is at hand (``SSJ_TOKEN``, ``SSJ_TOKEN_FILE``); None without one.

    Ends the command where it is strange, revoked or has run out.
    """
    text = os.environ.get("SSJ_TOKEN") or ""
    if not text and (file := os.environ.get("SSJ_TOKEN_FILE")):
        text = secret(Path(file))
    if not text:
        return None
    from engine.app.queries.identity import find_person_of_token

    person = find_person_of_token(source(), text)
    if person is None:
        raise CommandError(say("令牌不对，或已撤销、过期；请核对 SSJ_TOKEN 或 SSJ_TOKEN_FILE"), REFUSED)
    return person


def requires_sign_in(source: QuerySource, settings: Mapping[str, Any]) -> bool:
    """Tell whether the deployment asks for a proof of who acts."""
    from engine.app.queries.identity import find_sign_in_mode

    return find_sign_in_mode(source, settings) == REQUIRED


def authenticate(application: Application, person: str) -> None:
    """End the command unless whoever runs it proves to be `person`."""
    from engine.app.commands.prove_identity import NotSignedIn, PasswordsMissingError

    try:
        outcome = _sign_in(application, person)
    except PasswordsMissingError as problem:
        raise CommandError(problem.message, ENVIRONMENT) from None
    if isinstance(outcome, NotSignedIn):
        raise CommandError(outcome.message, REFUSED)
    click.get_current_context().find_root().with_resource(outcome.acting())


def authenticate_by_password(application: Application, person: str, password: Callable[[], str]) -> None:
    """End the command unless `password` gives the password of `person`; asked for only where sign-in is required.

    For a second person at the same terminal: a token in the environment is the first person's.
    """
    if not requires_sign_in(application, application.settings):
        return
    from engine.app.commands.prove_identity import NotSignedIn, PasswordsMissingError, prove_by_password

    try:
        outcome = prove_by_password(application, person, password(), origin=_origin())
    except PasswordsMissingError as problem:
        raise CommandError(problem.message, ENVIRONMENT) from None
    if isinstance(outcome, NotSignedIn):
        raise CommandError(outcome.message, REFUSED)
    click.get_current_context().find_root().with_resource(outcome.acting())


def _sign_in(application: Application, person: str) -> SignedIn | NotSignedIn:
    from engine.app.commands.prove_identity import prove_by_password, prove_by_token

    if token := os.environ.get("SSJ_TOKEN"):
        return prove_by_token(application, token, person=person, origin=_origin())
    if file := os.environ.get("SSJ_TOKEN_FILE"):
        return prove_by_token(application, secret(Path(file)), person=person, origin=_origin())
    if file := os.environ.get("SSJ_PASSWORD_FILE"):
        return prove_by_password(application, person, secret(Path(file)), origin=_origin())
    if not is_terminal(sys.stdin):
        raise CommandError(
            say(
                "本部署要求登录：请设环境变量 SSJ_TOKEN、SSJ_TOKEN_FILE 或 SSJ_PASSWORD_FILE；没有令牌的，请管理员用 ssj user token create 发放"
            ),
            REFUSED,
        )
    typed = click.prompt(str(say("{person} 的口令", person=person)), hide_input=True, err=True)
    return prove_by_password(application, person, typed, origin=_origin())


def _origin() -> str:
    """Return where a proof is typed: the account of the machine, and who called `sudo` for it."""
    from engine.operations.machine_account import machine_account

    lent = os.environ.get("SUDO_UID", "")
    return f"account:{machine_account()}" + (f"/{lent}" if lent.isdecimal() else "")


def secret(file: Path) -> str:
    """Return the secret in a file; ends the command where others can read it, or cannot be read."""
    from engine.runtime.secret_file import SecretFileError, read_secret

    try:
        return read_secret(file)
    except SecretFileError as problem:
        raise CommandError(problem.message, ENVIRONMENT) from None
