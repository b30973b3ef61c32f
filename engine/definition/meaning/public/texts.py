"""Which texts of steps the public sees: titles, what the log of a draw says, notes on papers, and fields that are public."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

from engine.definition.meaning.subject import MeaningInput
from engine.lifecycle.effects import EffectKind
from engine.lifecycle.expressions.expression import Expression
from engine.lifecycle.expressions.template import Template
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
    found = {name for name, one in workflows.items() if any(_shows(effect) for effect in _effects(one))}
    above = {name for name, one in workflows.items() if any(_over(effect) for effect in _effects(one))}
    before = -1
    while before != len(found):
        before = len(found)
        for name, one in workflows.items():
            for effect in _effects(one):
                child = workflows.get(str(effect.arguments.get("start", "")))
                if child is not None and (child.id in above or _handed_on(effect, child, child.id in found)):
                    found.add(name)
    return frozenset(found)


def _effects(workflow: Workflow) -> Iterator[Effect]:
    for step in workflow.transitions:
        yield from step.then


def _shows(effect: Effect) -> bool:
    """Tell whether an effect shows the title of its own case."""
    if effect.kind == "commit":
        return True
    title = effect.arguments.get("title")
    of_another = "above" in effect.arguments
    return effect.kind == "publish" and (_names_it(title) if title is not None else not of_another)


def _over(effect: Effect) -> bool:
    """Tell whether an effect publishes under the title of the case above."""
    return effect.kind == "publish" and "above" in effect.arguments and "title" not in effect.arguments


def _handed_on(effect: Effect, child: Workflow, shown: bool) -> bool:
    """Tell whether a case that is started shows the title of the case that starts it."""
    title = effect.arguments.get("title")
    # Without a title a case is called by what it is about, and one about nothing like the case above.
    if shown and (child.about == "none" if title is None else _names_it(title)):
        return True
    given: Mapping[str, Expression] = effect.arguments.get("with", {})
    return any(
        name in child.fields and child.fields[name].public and _names_it(one) for name, one in given.items()
    )


def _names_it(written: object) -> bool:
    expressions = written.expressions() if isinstance(written, Template) else (written,)
    return any(_TITLE in one.names() for one in expressions if isinstance(one, Expression))


def started_by(workflow: Workflow) -> frozenset[str]:
    """Return the workflows one starts."""
    return frozenset(str(one.arguments["start"]) for one in _effects(workflow) if one.kind == "start")
