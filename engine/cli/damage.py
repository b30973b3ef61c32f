"""What is said where a command fails on a row of the database that is not as the program wrote it: which row."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from engine.cli.exits import ENVIRONMENT, CommandError, has_own_sentence
from engine.cli.session import close_source, opened_home
from engine.language import say

if TYPE_CHECKING:
    from engine.app.queries.audit import AuditReport

#: Findings that are said; of more only how many.
NAMED = 5


def damage_behind(ctx: click.Context, problem: Exception) -> AuditReport | None:
    """Return what is wrong with the database of the command; None where nothing is, or `problem` says for itself what it is."""
    home = opened_home(ctx)
    if home is None or has_own_sentence(problem) or os.environ.get("SSJ_TRACEBACK"):
        return None
    from engine.operations.check import verify_damaged

    close_source(ctx)
    found = verify_damaged(home)
    return found if found.findings else None


def say_damage(ctx: click.Context, problem: Exception) -> None:
    """End the command with the rows that are damaged, where that is why it failed with `problem`."""
    found = damage_behind(ctx, problem)
    if found is None:
        return
    lines = [str(one) for one in found.findings[:NAMED]]
    if len(found.findings) > NAMED:
        lines.append(str(say("另有 {count} 处", count=len(found.findings) - NAMED)))
    sentence = say(
        "数据库有 {count} 处被改动或损坏，这件事没有办成；请用 ssj audit verify 查看全部问题，并用备份核对或恢复（ssj restore）：",
        count=len(found.findings),
    )
    raise CommandError("\n".join((str(sentence), *lines)), ENVIRONMENT) from problem
