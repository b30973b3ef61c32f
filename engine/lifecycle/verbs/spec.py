"""What one verb is: the row from which its keys, its checks, its command and its pages are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Any

from engine.language import Message, Term, say
from engine.lifecycle.case import Case, EventKind
from engine.lifecycle.command import ApprovableCommand, Command
from engine.lifecycle.decision import Outcome
from engine.lifecycle.model.key import DefinitionKey
from engine.lifecycle.process import Process
from engine.value import named_value


class Need(StrEnum):
    """What a verb must know besides the case; it is looked up before it is decided."""

    #: Where the case has been and who acted last: fills ``passage`` of the command.
    HISTORY = "history"
    #: Also whether the case above has gone on because of this one.
    RELEASE = "release"
    #: Who holds the roles that sign: fills ``holders`` of the command.
    SIGNERS = "signers"
    #: Whether a draw of the case is committed to and not made yet: fills ``drawing`` of the command.
    DRAW = "draw"


class ReasonRule(StrEnum):
    """Whether a reason is given."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


class ArgumentKind(StrEnum):
    """What an argument of a verb is."""

    TEXT = "text"
    INTEGER = "integer"
    STATE = "state"
    STEP = "step"
    CLOCK = "clock"
    #: Somebody who works here: looked up, and refused otherwise.
    PERSON = "person"
    #: Anybody, known or not: somebody who has left can be named too.
    ANYBODY = "anybody"
    #: A verb that can be asked for.
    APPROVABLE = "approvable verb"


@named_value
class VerbArgument:
    """One argument of a verb beside the case, the person and the reason."""

    #: What a caller names it.
    name: str
    kind: ArgumentKind
    required: bool = True
    #: Where it stands among those that are typed: by place, or as an option.
    option: bool = False
    help: Message | None = None
    #: What is said of a value that is not one.
    invalid: Message | None = None
    #: The field of the command it fills; empty: that called `name`.
    fills: str = ""
    #: What a request calls it; empty: `name`. Kept, because the digest of a request is made from it.
    requested_as: str = ""
    #: What a command line calls it; empty: `name`.
    typed_as: str = ""
    #: What it may be; empty: anything of its kind.
    choices: tuple[str, ...] = ()
    #: A request in which it is not given has the digest it had before there was such an argument.
    added_later: bool = False

    @property
    def names_person(self) -> bool:
        """Tell whether it is the id of a person."""
        return self.kind in (ArgumentKind.PERSON, ArgumentKind.ANYBODY)

    @property
    def field(self) -> str:
        """Return the field of the command it fills."""
        return self.fills or self.name

    @property
    def request_name(self) -> str:
        """Return what it is called in a request."""
        return self.requested_as or self.name

    @property
    def shown_name(self) -> str:
        """Return what it is called in a command line."""
        return self.typed_as or self.name


@named_value
class VerbSpec:
    """A verb: what may be done with a task besides its steps."""

    #: Its key in a definition, its name in requests and refusals, and its command (with ``-`` for ``_``).
    word: str
    #: What the field calls it, and its Chinese key in a definition.
    title: Term
    command: type[Command]
    decide: Callable[[Process, Case, Any, datetime], Outcome]
    #: The event that records it; None: that of the verb it is about.
    event: EventKind | None
    #: One line of help.
    help: Message
    #: What one must mind, for the guide.
    note: Message
    #: What the event says has happened, and who is its actor.
    happened: Message
    by_whom: Message = field(default_factory=lambda: say("决定的人"))
    needs: tuple[Need, ...] = ()
    reason: ReasonRule = ReasonRule.REQUIRED
    reason_help: Message = field(default_factory=lambda: say("理由"))
    arguments: tuple[VerbArgument, ...] = ()
    #: Fields of the command the verb fills itself.
    fixed: Mapping[str, Any] = field(default_factory=dict)
    #: The keys a state may write below it, besides ``by basis require``; None: no state declares it.
    keys: Mapping[str, DefinitionKey] | None = field(default_factory=dict)
    #: A declared verb read aloud, with the place ``{who}``.
    sentence: Message | None = None
    #: A state may write ``approve``: it is then asked for first.
    approvable: bool = False
    #: It puts the whole task into one person's hands: not where tasks of several stand side by side (branches).
    whole_task: bool = False
    #: It can be done with many tasks at once.
    bulk: bool = False
    #: What it tells people waits for no office hours.
    urgent: bool = False
    #: The next person has acted: the step before can no longer be withdrawn.
    counts_as_acting: bool = True

    def __post_init__(self) -> None:
        if self.approvable and any(argument.names_person for argument in self.arguments):
            # What was asked for is kept in the case and made into a command again.
            raise ValueError(f"{self.word}: what is asked for is kept as written, and a person is not")
        if self.approvable and not issubclass(self.command, ApprovableCommand):
            raise ValueError(f"{self.word}: its command does not say whether it was granted")

    @property
    def declared(self) -> bool:
        """Tell whether a state declares it."""
        return self.keys is not None

    def make(self, **values: Any) -> Command:
        """Return the command, its fields filled with `values` and what the verb fills itself."""
        return self.command(**{**self.fixed, **values})
