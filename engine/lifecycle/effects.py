"""The effect words of the language and the arguments each takes; what they do is in `engine.app.execution.effects`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class EffectKind(StrEnum):
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
    #: The id of a kind of publication.
    PUBLICATION = "publication"
    #: ``true`` or ``false``.
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of an effect."""

    kind: EffectKind
    words: tuple[str, ...] = ()
    required: bool = False


REGISTERS = ("objects", "inspectors", "items", "experts")

#: effect word -> (what is written at the word itself, the other arguments)
EFFECTS: Mapping[str, tuple[Argument, Mapping[str, Argument]]] = {
    "set": (Argument(EffectKind.EXPRESSIONS), {}),
    "assign": (Argument(EffectKind.EXPRESSIONS), {}),
    "notify": (
        Argument(EffectKind.AUDIENCE),
        {"message": Argument(EffectKind.TEMPLATE, required=True), "urgent": Argument(EffectKind.FLAG)},
    ),
    "start": (
        Argument(EffectKind.WORKFLOW),
        {
            "each": Argument(EffectKind.EACH),
            "title": Argument(EffectKind.TEMPLATE),
            "about": Argument(EffectKind.EXPRESSION),
            "section": Argument(EffectKind.EXPRESSION),
            "with": Argument(EffectKind.EXPRESSIONS),
            "parties": Argument(EffectKind.EXPRESSIONS),
        },
    ),
    "publish": (Argument(EffectKind.PUBLICATION), {"title": Argument(EffectKind.TEMPLATE)}),
    "withdraw": (Argument(EffectKind.PUBLICATION), {}),
    "freeze": (Argument(EffectKind.WORDS, REGISTERS), {}),
    "commit": (
        Argument(EffectKind.WORD, ("draw",)),
        {
            "pool": Argument(EffectKind.WORD, ("objects", "cases")),
            "ratios": Argument(EffectKind.EXPRESSION, required=True),
            "scheme": Argument(EffectKind.EXPRESSION),
            "least": Argument(EffectKind.EXPRESSION),
            "labels": Argument(EffectKind.EXPRESSION),
            "items": Argument(EffectKind.EXPRESSION),
            "inspectors": Argument(EffectKind.EXPRESSION, required=True),
            "sections": Argument(EffectKind.EXPRESSION),
            "role": Argument(EffectKind.WORD),
            "entropy_rule": Argument(EffectKind.EXPRESSION),
            "entropy_sources": Argument(EffectKind.EXPRESSION),
            "sources": Argument(EffectKind.EXPRESSION),
            "sources_reason": Argument(EffectKind.EXPRESSION),
            "no_anchor": Argument(EffectKind.EXPRESSION),
            "second": Argument(EffectKind.EXPRESSION),
            "valid_on": Argument(EffectKind.EXPRESSION),
            "rotation": Argument(EffectKind.EXPRESSION),
            "cap": Argument(EffectKind.EXPRESSION),
            "cap_exempt": Argument(EffectKind.EXPRESSION),
            "min_each": Argument(EffectKind.EXPRESSION),
            "exclude": Argument(EffectKind.EXPRESSION),
            "register_counts": Argument(EffectKind.EXPRESSION),
            "experts": Argument(EffectKind.EXPRESSION),
            "of": Argument(EffectKind.WORKFLOW),
            "profile": Argument(EffectKind.EXPRESSION),
            "custodians": Argument(EffectKind.EXPRESSION),
        },
    ),
    "enter": (
        Argument(EffectKind.WORD, ("results",)),
        {"entropy": Argument(EffectKind.EXPRESSION, required=True)},
    ),
    "draw": (
        Argument(EffectKind.WORD, ("objects", "inspectors")),
        {
            "entropy": Argument(EffectKind.EXPRESSION),
            "obtained": Argument(EffectKind.EXPRESSION),
            "custodian_codes": Argument(EffectKind.EXPRESSION),
        },
    ),
    "reveal": (Argument(EffectKind.WORD, ("draw",)), {}),
    "replace": (
        Argument(EffectKind.WORD, ("inspector",)),
        {
            "person": Argument(EffectKind.EXPRESSION, required=True),
            "party": Argument(EffectKind.WORD),
            "because": Argument(EffectKind.EXPRESSION),
            "asked_by": Argument(EffectKind.EXPRESSION),
            "evidence": Argument(EffectKind.EXPRESSION),
        },
    ),
    "remove": (
        Argument(EffectKind.WORD, ("objects",)),
        {
            "rows": Argument(EffectKind.EXPRESSION, required=True),
            "asked_by": Argument(EffectKind.EXPRESSION),
        },
    ),
    "void": (
        Argument(EffectKind.WORD, ("draw",)),
        {
            "asked_by": Argument(EffectKind.EXPRESSION),
            "because": Argument(EffectKind.EXPRESSION),
            "evidence": Argument(EffectKind.EXPRESSION),
        },
    ),
    "render": (Argument(EffectKind.WORD), {}),
    "archive": (Argument(EffectKind.WORD, ("case",)), {}),
}
