"""Which texts of steps the public sees: titles, what the log of a draw says, notes on papers, and fields that are public."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from engine.definition.meaning.answers.of_any_case import effects_of, paths_shown, written
from engine.definition.meaning.effect_reads import expressions_of
from engine.definition.meaning.subject import MeaningInput
from engine.lifecycle.effects import EffectKind
from engine.lifecycle.expressions.expression import Expression
from engine.lifecycle.expressions.rows import EACH
from engine.lifecycle.model.workflow import Effect, Workflow

#: The kinds of arguments in which an answer can stand.
WITH_ANSWERS = frozenset(
    {EffectKind.VALUE, EffectKind.VALUES, EffectKind.TEMPLATE, EffectKind.ROWS, EffectKind.EACH}
)
_TITLE = ("case", "title")


class SeenBy(StrEnum):
    """Who sees what is written in an argument of an effect."""

    #: Everybody: it is the title of what is published, or is in the public log of draws.
    EVERYBODY = "everybody"
    #: Everybody, where the case that is started shows its title.
    TITLE = "title"
    #: Everybody, where the field it is written into is public.
    FIELD = "field"
    #: Whoever is handed the paper.
    PAPER = "paper"
    #: Of rows everybody sees the column `REASON`.
    REASONS = "reasons"
    #: People of the office alone, another system that was asked, or the draw, which writes down no words of it.
    OFFICE = "office"


#: The column of rows that are struck off a draw which the public log gives word for word.
REASON = "reason"
_DRAW_NUMBERS = (
    *("ratios", "scheme", "min", "total", "labels", "items", "inspectors", "sections", "entropy_rule"),
    *("entropy_sources", "sources", "second", "valid_on", "rotation", "match", "cap", "cap_exempt", "min_each"),
    *("exclude", "register_counts", "experts", "profile", "custodians"),
)  # fmt: skip
#: Effect and argument -> who sees it; each argument in which an answer can stand is here.
SHOWN: Mapping[tuple[str, str], SeenBy] = {
    ("set", "set"): SeenBy.FIELD,
    ("assign", "assign"): SeenBy.OFFICE,
    ("notify", "message"): SeenBy.OFFICE,
    ("copy_to", "message"): SeenBy.OFFICE,
    ("call", "send"): SeenBy.OFFICE,
    ("start", "each"): SeenBy.OFFICE,
    ("start", "title"): SeenBy.TITLE,
    ("start", "about"): SeenBy.OFFICE,
    ("start", "section"): SeenBy.OFFICE,
    ("start", "with"): SeenBy.FIELD,
    ("start", "parties"): SeenBy.OFFICE,
    ("end", "because"): SeenBy.OFFICE,
    ("publish", "title"): SeenBy.EVERYBODY,
    ("withdraw", "because"): SeenBy.EVERYBODY,
    **{("commit", name): SeenBy.OFFICE for name in _DRAW_NUMBERS},
    ("commit", "sources_reason"): SeenBy.EVERYBODY,
    ("commit", "no_anchor"): SeenBy.EVERYBODY,
    ("enter", "entropy"): SeenBy.OFFICE,
    **{("draw", name): SeenBy.OFFICE for name in ("entropy", "obtained", "custodian_codes")},
    # What somebody could not go for is sealed, and evidence too: auditors alone see it.
    **{("replace", name): SeenBy.OFFICE for name in ("person", "because", "asked_by", "evidence")},
    ("remove", "rows"): SeenBy.REASONS,
    ("remove", "asked_by"): SeenBy.OFFICE,
    ("void", "because"): SeenBy.EVERYBODY,
    **{("void", name): SeenBy.OFFICE for name in ("asked_by", "evidence")},
    ("paper", "on"): SeenBy.OFFICE,
    ("paper", "note"): SeenBy.PAPER,
}


def titles_shown(subject: MeaningInput) -> frozenset[str]:
    """Return the workflows whose titles the public sees, worked out once for all that are loaded together."""
    if subject.known.titles_shown is None:
        subject.known.titles_shown = _titles_shown(subject.others)
    return subject.known.titles_shown


def _titles_shown(workflows: Mapping[str, Workflow]) -> frozenset[str]:
    """Return the workflows the public sees the titles of whose cases: published, in the log of a draw, or taken into another that is."""
    over = {name for name, one in workflows.items() if any(_over(effect) for effect in effects_of(one))}
    found: set[str] = set()
    #: What is taken into the title of a case: its workflow -> those whose titles are.
    handed: list[tuple[str, set[str]]] = []
    for name, one in workflows.items():
        for effect in effects_of(one):
            if effect.kind == "commit" or (
                effect.kind == "publish" and not {"above", "title"} & set(effect.arguments)
            ):
                found.add(name)
            child = str(effect.arguments.get("start", ""))
            if child in over:
                found.add(name)
            if child in workflows and "title" not in effect.arguments and workflows[child].about == "none":
                # Without a title a case is called by what it is about, and one about nothing like the case above.
                handed.append((child, {name}))
            for keys, expressions in expressions_of(effect):
                shown = SHOWN.get((effect.kind, keys[0]), SeenBy.OFFICE)
                if shown is SeenBy.EVERYBODY or (
                    shown is SeenBy.FIELD
                    and any(to.asked.public for to in written(one, workflows, effect, keys))
                ):
                    found |= _titles_in(name, effect, expressions)
                elif shown is SeenBy.TITLE and (taken := _titles_in(name, effect, expressions)):
                    handed.append((child, taken))
    before = -1
    while before != len(found):
        before = len(found)
        for child, taken in handed:
            if child in found:
                found |= taken
    return frozenset(found)


def _titles_in(own: str, effect: Effect, expressions: Iterable[Expression]) -> set[str]:
    """Return the workflows whose titles an effect of the workflow `own` shows: its own, and those of cases below."""
    found = set()
    for path in paths_shown(effect, expressions):
        if path == _TITLE:
            found.add(own)
        elif path[0] == "children" and path[2:] == (EACH, "title"):
            found.add(path[1])
    return found


def _over(effect: Effect) -> bool:
    """Tell whether an effect publishes under the title of the case above."""
    return effect.kind == "publish" and "above" in effect.arguments and "title" not in effect.arguments
