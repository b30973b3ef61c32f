"""The effect words of the language and the arguments each takes; what they do is in `engine.app.execution.effects`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class EffectKind(StrEnum):
    """How an argument is written."""

    #: A value as it is written, or ``= expression``, worked out when the effect is done.
    VALUE = "value"
    #: field or party -> value
    VALUES = "values"
    #: An expression that gives rows.
    ROWS = "rows"
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
    #: The id of a clock of the workflow.
    CLOCK = "clock"
    #: ``true`` or ``false``.
    FLAG = "flag"
    #: A condition on one child case, which is ``it``.
    CHILD = "child"
    #: A final state of the child cases.
    END = "end"
    #: A form or a row: an argument without a value takes what has its name in it.
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of an effect."""

    kind: EffectKind
    words: tuple[str, ...] = ()
    required: bool = False


#: The effects ``start.then`` may have: what a new case begins with.
STARTING = ("set", "assign")
REGISTERS = ("objects", "inspectors", "items", "experts")

#: Says that an effect is about the case above the one whose step it is.
ABOVE = "above"
#: With `ABOVE`: the state the case above goes back to, and from which states; from others it does not.
BACK, BACK_FROM = "to", "from"
#: Of people or words that are kept: they come to those that are there, none is replaced.
ADDED = "added"
#: Of people who come into a party: each is an inspector whose certificate is valid.
CERTIFIED = "certified"
#: The effects that do with `ABOVE`, to the case above, what they do to their own without it.
ON_THE_CASE_ABOVE = frozenset({"set", "assign", "replace", "render"})

#: effect word -> (what is written at the word itself, the other arguments)
EFFECTS: Mapping[str, tuple[Argument, Mapping[str, Argument]]] = {
    "set": (
        Argument(EffectKind.VALUES),
        {
            ADDED: Argument(EffectKind.FLAG),
            ABOVE: Argument(EffectKind.FLAG),
            BACK: Argument(EffectKind.WORD),
            BACK_FROM: Argument(EffectKind.WORDS),
        },
    ),
    "assign": (
        Argument(EffectKind.VALUES),
        {
            CERTIFIED: Argument(EffectKind.FLAG),
            ABOVE: Argument(EffectKind.FLAG),
            BACK: Argument(EffectKind.WORD),
            BACK_FROM: Argument(EffectKind.WORDS),
        },
    ),
    "notify": (
        Argument(EffectKind.AUDIENCE),
        {"message": Argument(EffectKind.TEMPLATE, required=True), "urgent": Argument(EffectKind.FLAG)},
    ),
    "copy_to": (
        Argument(EffectKind.AUDIENCE),
        {"message": Argument(EffectKind.TEMPLATE)},
    ),
    "call": (
        Argument(EffectKind.WORD, required=True),
        {"send": Argument(EffectKind.VALUES)},
    ),
    "start": (
        Argument(EffectKind.WORKFLOW),
        {
            "each": Argument(EffectKind.EACH),
            "title": Argument(EffectKind.TEMPLATE),
            "about": Argument(EffectKind.VALUE),
            "section": Argument(EffectKind.VALUE),
            "with": Argument(EffectKind.VALUES),
            "parties": Argument(EffectKind.VALUES),
        },
    ),
    "end": (
        Argument(EffectKind.WORKFLOW),
        {
            "where": Argument(EffectKind.CHILD),
            "to": Argument(EffectKind.END, required=True),
            "because": Argument(EffectKind.TEMPLATE, required=True),
        },
    ),
    "publish": (
        Argument(EffectKind.PUBLICATION),
        {
            "title": Argument(EffectKind.TEMPLATE),
            "clock": Argument(EffectKind.CLOCK),
            ABOVE: Argument(EffectKind.FLAG),
        },
    ),
    "withdraw": (
        Argument(EffectKind.PUBLICATION),
        {"because": Argument(EffectKind.TEMPLATE), ABOVE: Argument(EffectKind.FLAG)},
    ),
    "freeze": (Argument(EffectKind.WORDS, REGISTERS), {}),
    "commit": (
        Argument(EffectKind.WORD, ("draw",)),
        {
            "from": Argument(EffectKind.SOURCE),
            "pool": Argument(EffectKind.WORD, ("objects", "cases")),
            "ratios": Argument(EffectKind.VALUE, required=True),
            "scheme": Argument(EffectKind.VALUE),
            "min": Argument(EffectKind.VALUE),
            "total": Argument(EffectKind.VALUE),
            "labels": Argument(EffectKind.VALUE),
            "items": Argument(EffectKind.VALUE),
            "inspectors": Argument(EffectKind.VALUE, required=True),
            "sections": Argument(EffectKind.VALUE),
            "role": Argument(EffectKind.WORD),
            "entropy_rule": Argument(EffectKind.VALUE),
            "entropy_sources": Argument(EffectKind.VALUE),
            "sources": Argument(EffectKind.VALUE),
            "sources_reason": Argument(EffectKind.VALUE),
            "no_anchor": Argument(EffectKind.VALUE),
            "second": Argument(EffectKind.VALUE),
            "valid_on": Argument(EffectKind.VALUE),
            "rotation": Argument(EffectKind.VALUE),
            "match": Argument(EffectKind.VALUE),
            "cap": Argument(EffectKind.VALUE),
            "cap_exempt": Argument(EffectKind.VALUE),
            "min_each": Argument(EffectKind.VALUE),
            "exclude": Argument(EffectKind.VALUE),
            "register_counts": Argument(EffectKind.VALUE),
            "experts": Argument(EffectKind.VALUE),
            "of": Argument(EffectKind.WORKFLOW),
            "where": Argument(EffectKind.CHILD),
            "profile": Argument(EffectKind.VALUE),
            "custodians": Argument(EffectKind.VALUE),
        },
    ),
    "enter": (
        Argument(EffectKind.WORD, ("results",)),
        {"entropy": Argument(EffectKind.VALUE, required=True)},
    ),
    "draw": (
        Argument(EffectKind.WORD, ("objects", "inspectors")),
        {
            "entropy": Argument(EffectKind.VALUE),
            "obtained": Argument(EffectKind.VALUE),
            "custodian_codes": Argument(EffectKind.VALUE),
        },
    ),
    "reveal": (Argument(EffectKind.WORD, ("draw",)), {}),
    "replace": (
        Argument(EffectKind.WORD, ("inspector",)),
        {
            "person": Argument(EffectKind.VALUE, required=True),
            "party": Argument(EffectKind.WORD),
            "because": Argument(EffectKind.VALUE),
            "asked_by": Argument(EffectKind.VALUE),
            "evidence": Argument(EffectKind.VALUE),
            ABOVE: Argument(EffectKind.FLAG),
            BACK: Argument(EffectKind.WORD),
            BACK_FROM: Argument(EffectKind.WORDS),
        },
    ),
    "remove": (
        Argument(EffectKind.WORD, ("objects",)),
        {
            "rows": Argument(EffectKind.ROWS, required=True),
            "asked_by": Argument(EffectKind.VALUE),
        },
    ),
    "void": (
        Argument(EffectKind.WORD, ("draw",)),
        {
            "asked_by": Argument(EffectKind.VALUE),
            "because": Argument(EffectKind.VALUE),
            "evidence": Argument(EffectKind.VALUE),
        },
    ),
    "render": (
        Argument(EffectKind.WORD),
        {"as": Argument(EffectKind.WORD, ("draft",)), ABOVE: Argument(EffectKind.FLAG)},
    ),
    "paper": (
        Argument(EffectKind.WORD),
        {
            "becomes": Argument(EffectKind.WORD, ("approved", "signed", "served"), required=True),
            "on": Argument(EffectKind.VALUE),
            "note": Argument(EffectKind.VALUE),
        },
    ),
    "archive": (Argument(EffectKind.WORD, ("case",)), {}),
}
