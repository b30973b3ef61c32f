"""The verbs as operations an interface can offer: a plain list with the types of the arguments."""

from __future__ import annotations

from dataclasses import dataclass

from engine.language import Message, Term
from engine.lifecycle.verbs.spec import ArgumentKind, ReasonRule, VerbSpec
from engine.lifecycle.verbs.table import APPROVABLE, VERBS


@dataclass(frozen=True, slots=True)
class OperationArgument:
    """One argument of an operation. `type` is ``string`` or ``integer``, `means` what the text names."""

    name: str
    type: str
    means: ArgumentKind
    required: bool
    help: Message | None = None
    #: What it may be; empty: anything of its type.
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """Something a person can do with a case. Besides `arguments` it takes the case, and a request id."""

    name: str
    title: Term
    help: Message
    arguments: tuple[OperationArgument, ...]
    #: Can be done with many cases at once.
    bulk: bool


def operations() -> tuple[Operation, ...]:
    """Return the operation of every verb, in the order of the table."""
    return tuple(
        Operation(spec.word, spec.title, spec.help, tuple(_arguments(spec)), spec.bulk)
        for spec in VERBS.values()
    )


def _arguments(spec: VerbSpec) -> list[OperationArgument]:
    found = [
        OperationArgument(
            argument.name,
            "integer" if argument.kind is ArgumentKind.INTEGER else "string",
            argument.kind,
            argument.required,
            argument.help,
            APPROVABLE if argument.kind is ArgumentKind.APPROVABLE else argument.choices,
        )
        for argument in spec.arguments
    ]
    if spec.reason is not ReasonRule.NONE:
        required = spec.reason is ReasonRule.REQUIRED
        found.append(OperationArgument("reason", "string", ArgumentKind.TEXT, required, spec.reason_help))
    return found
