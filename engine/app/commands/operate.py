"""The running of a deployment: back up, move to another database, build the public site.

How each is done is in the layers above (`engine.operations`, `engine.deployment`) and is passed in as `work`; here is who may, and
that its beginning and its end are recorded in the history "office".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from engine.app.access.long_command import LongCommandContext, long_command

__all__ = ["LongCommandContext", "back_up", "build_site", "move_database"]

R = TypeVar("R")


@long_command("system.backup")
def back_up(context: LongCommandContext, file: str, work: Callable[[LongCommandContext], R]) -> R:  # noqa: ARG001 - entered
    """Write a backup to `file`."""
    return work(context)


@long_command("system.move")
def move_database(context: LongCommandContext, target: str, work: Callable[[LongCommandContext], R]) -> R:  # noqa: ARG001 - entered
    """Move the data to the database `target`, named without its password."""
    return work(context)


@long_command("site.build")
def build_site(context: LongCommandContext, folder: str, work: Callable[[LongCommandContext], R]) -> R:  # noqa: ARG001 - entered
    """Build the public site in `folder`."""
    return work(context)
