"""The running of a deployment: back up, restore, upgrade, move to another database, build the public site.

How each is done is in the layers above (`engine.operations`, `engine.deployment`) and is passed in as `work`, and what reads a result that was kept
as `decode`; here is who may, and that its beginning and its end are recorded in the history "office".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, TypeVar

from engine.app.access.command import CommandContext, command
from engine.app.access.long_command import LongCommandContext, long_command

__all__ = ["LongCommandContext", "back_up", "build_site", "enter_restore", "enter_upgrade", "move_database"]

R = TypeVar("R")
#: The port by which the layers above hand in how a long command does its work.
LongWork: TypeAlias = Callable[[LongCommandContext], R]
#: The port by which they hand in what reads a result that was kept.
KeptResult: TypeAlias = Callable[[Any], R]


@long_command("system.backup", decode="decode")
def back_up(
    context: LongCommandContext,
    file: str,  # noqa: ARG001 - entered
    work: LongWork[R],
    decode: KeptResult[R],  # noqa: ARG001 - for a repeated request
) -> R:
    """Write a backup to `file`."""
    return work(context)


@long_command("system.move", decode="decode")
def move_database(
    context: LongCommandContext,
    target: str,  # noqa: ARG001 - entered
    work: LongWork[R],
    decode: KeptResult[R],  # noqa: ARG001 - for a repeated request
) -> R:
    """Move the data to the database `target`, named without its password."""
    return work(context)


@long_command("site.build", decode="decode")
def build_site(
    context: LongCommandContext,
    folder: str,  # noqa: ARG001 - entered
    work: LongWork[R],
    decode: KeptResult[R],  # noqa: ARG001 - for a repeated request
) -> R:
    """Build the public site in `folder`."""
    return work(context)


@command("system.upgrade")
def enter_upgrade(context: CommandContext, before: str, after: str) -> None:
    """Enter that the tables of the database were brought from one revision to another."""
    context.record("upgraded", {"from": before, "to": after})


@command("system.restore")
def enter_restore(context: CommandContext, account: str, body: Mapping[str, Any]) -> None:
    """Enter that the deployment was made of a backup, and by which account of the machine."""
    context.record("restored", {**body, "account": account})
