"""The effect words of the language and the arguments each takes; what they do is in `engine.app.execution.effects`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How an argument is written."""

    #: An expression, worked out when the effect is done.
    EXPRESSION = "expression"
    #: field -> expression
    EXPRESSIONS = "expressions"
    #: A text with ``{{ names }}`` in it.
    TEMPLATE = "template"
    #: A plain word; where `words` is given, one of them.
    WORD = "word"
    #: A list of plain words.
    WORDS = "words"
    #: Roles and parties.
    AUDIENCE = "audience"
    #: The id of a workflow.
    WORKFLOW = "workflow"
    #: An expression, or the words ``drawn objects``.
    EACH = "each"
    #: ``true`` or ``false``.
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of an effect."""

    kind: Kind
    words: tuple[str, ...] = ()
    required: bool = False


REGISTERS = ("objects", "inspectors", "items", "experts")
PUBLICATIONS = ("plan", "batch_plan", "draw", "result", "follow_up", "circular")

#: effect word -> (what is written at the word itself, the other arguments)
EFFECTS: Mapping[str, tuple[Argument, Mapping[str, Argument]]] = {
    "set": (Argument(Kind.EXPRESSIONS), {}),
    "assign": (Argument(Kind.EXPRESSIONS), {}),
    "notify": (
        Argument(Kind.AUDIENCE),
        {"message": Argument(Kind.TEMPLATE, required=True), "urgent": Argument(Kind.FLAG)},
    ),
    "start": (
        Argument(Kind.WORKFLOW),
        {
            "each": Argument(Kind.EACH),
            "title": Argument(Kind.TEMPLATE),
            "about": Argument(Kind.EXPRESSION),
            "section": Argument(Kind.EXPRESSION),
            "with": Argument(Kind.EXPRESSIONS),
            "parties": Argument(Kind.EXPRESSIONS),
        },
    ),
    "publish": (Argument(Kind.WORD, PUBLICATIONS), {"title": Argument(Kind.TEMPLATE)}),
    "withdraw": (Argument(Kind.WORD, PUBLICATIONS), {}),
    "freeze": (Argument(Kind.WORDS, REGISTERS), {}),
    "commit": (
        Argument(Kind.WORD, ("draw",)),
        {
            "pool": Argument(Kind.WORD, ("objects", "cases")),
            "ratios": Argument(Kind.EXPRESSION, required=True),
            "scheme": Argument(Kind.EXPRESSION),
            "least": Argument(Kind.EXPRESSION),
            "labels": Argument(Kind.EXPRESSION),
            "items": Argument(Kind.EXPRESSION),
            "inspectors": Argument(Kind.EXPRESSION, required=True),
            "sections": Argument(Kind.EXPRESSION),
            "role": Argument(Kind.WORD),
            "entropy_rule": Argument(Kind.EXPRESSION),
            "entropy_sources": Argument(Kind.EXPRESSION),
            "valid_on": Argument(Kind.EXPRESSION),
            "rotation": Argument(Kind.EXPRESSION),
            "cap": Argument(Kind.EXPRESSION),
            "cap_exempt": Argument(Kind.EXPRESSION),
            "min_each": Argument(Kind.EXPRESSION),
            "exclude": Argument(Kind.EXPRESSION),
            "register_counts": Argument(Kind.EXPRESSION),
            "experts": Argument(Kind.EXPRESSION),
            "of": Argument(Kind.WORKFLOW),
            "profile": Argument(Kind.EXPRESSION),
            "custodians": Argument(Kind.EXPRESSION),
        },
    ),
    "draw": (
        Argument(Kind.WORD, ("objects", "inspectors")),
        {
            "entropy": Argument(Kind.EXPRESSION),
            "obtained": Argument(Kind.EXPRESSION),
            "custodian_codes": Argument(Kind.EXPRESSION),
        },
    ),
    "reveal": (Argument(Kind.WORD, ("draw",)), {}),
    "replace": (
        Argument(Kind.WORD, ("inspector",)),
        {
            "person": Argument(Kind.EXPRESSION, required=True),
            "party": Argument(Kind.WORD),
            "because": Argument(Kind.EXPRESSION),
        },
    ),
    "remove": (Argument(Kind.WORD, ("objects",)), {"rows": Argument(Kind.EXPRESSION, required=True)}),
    "void": (Argument(Kind.WORD, ("draw",)), {}),
    "render": (Argument(Kind.WORD), {}),
    "archive": (Argument(Kind.WORD, ("case",)), {}),
}
