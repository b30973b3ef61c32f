"""The running of a deployment: back up, move to another database, build the public site.

How each is done is in the layers above (`engine.operations`, `engine.deployment`) and is passed in as `work`, and what reads a result that was kept
as `decode`; here is who may, and that its beginning and its end are recorded in the history "office".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from engine.app.access.long_command import LongCommandContext, long_command

__all__ = ["LongCommandContext", "back_up", "build_site", "move_database"]

R = TypeVar("R")


@long_command("system.backup", decode="decode")
def back_up(
    context: LongCommandContext,
    file: str,  # noqa: ARG001 - entered
    work: Callable[[LongCommandContext], R],
    decode: Callable[[Any], R],  # noqa: ARG001 - for a repeated request
) -> R:
    """Write a backup to `file`."""
    return work(context)


@long_command("system.move", decode="decode")
def move_database(
    context: LongCommandContext,
    target: str,  # noqa: ARG001 - entered
    work: Callable[[LongCommandContext], R],
    decode: Callable[[Any], R],  # noqa: ARG001 - for a repeated request
) -> R:
    """Move the data to the database `target`, named without its password."""
    return work(context)


@long_command("site.build", decode="decode")
def build_site(
    context: LongCommandContext,
    folder: str,  # noqa: ARG001 - entered
    work: Callable[[LongCommandContext], R],
    decode: Callable[[Any], R],  # noqa: ARG001 - for a repeated request
) -> R:
    """Build the public site in `folder`."""
    return work(context)
