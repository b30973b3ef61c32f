"""Two changes of one workflow, made apart from the same version: each against that version, in words."""

from __future__ import annotations

from collections.abc import Iterator

from engine.authoring.diff import DefinitionChange, compare
from engine.language import Message, say
from engine.lifecycle.model.workflow import Workflow


def changes_in_words(changes: tuple[DefinitionChange, ...]) -> Iterator[Message | str]:
    """Yield the differences, what is inside of each indented below it."""
    for change in changes:
        yield change.sentence
        for detail in change.details:
            yield f"    {detail}"


def edited_apart(base: Workflow, theirs: Workflow, mine: Workflow) -> Iterator[Message | str]:
    """Yield what has been published since `base`, what `mine` changes of it, and which parts both have changed."""
    others, own = compare(base, theirs), compare(base, mine)
    yield say("“{workflow}”其后发布的改动：", workflow=base.title)
    yield from _indented(others)
    yield say("您的改动：")
    yield from _indented(own)
    both = sorted({(one.part, one.id) for one in others} & {(one.part, one.id) for one in own})
    if both:
        yield say("两处都改的：{names}", names=[name for _, name in both])


def _indented(changes: tuple[DefinitionChange, ...]) -> Iterator[Message | str]:
    if not changes:
        yield "    " + str(say("（没有改动）"))
    for line in changes_in_words(changes):
        yield f"    {line}"
