"""Published definitions: the versions, one as it is in force, and whether files differ from them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.app.access.query import QueryContext, query
from engine.app.definitions.publishing import Published, compare_with_published
from engine.app.ports.records import Version
from engine.kernel.refusal import NextAction, Refusal, RefusalReason
from engine.language import say

if TYPE_CHECKING:
    from engine.definition.library import Loaded
    from engine.lifecycle.process import Process

__all__ = ["Published", "Version", "compare_definitions", "list_definitions", "show_definition"]


@query("definition.read")
def list_definitions(context: QueryContext) -> Sequence[Version]:
    """Return every published version."""
    return context.transaction.definitions.versions()


@query("definition.read")
def show_definition(context: QueryContext, workflow: str) -> Process | Refusal:
    """Return a workflow as it was published last."""
    found = context.source.definitions.latest(context.transaction, workflow)
    if found is not None:
        return found
    reason = RefusalReason(
        "workflow",
        say("没有已发布的流程“{workflow}”", workflow=workflow),
        next=NextAction("list_definitions"),
    )
    return Refusal(None, "", (reason,))


@query("definition.read")
def compare_definitions(context: QueryContext, loaded: Loaded) -> Published:
    """Return which workflows of `loaded` differ from what is published."""
    return compare_with_published(context.transaction, loaded)
