"""One key of a definition, from which its two spellings, its schema, its reader and its sentence are made."""

from __future__ import annotations

from enum import StrEnum

from engine.language import Message
from engine.value import named_value


class KeyKind(StrEnum):
    """What a key holds."""

    #: Clocks the workflow declares.
    CLOCKS = "clocks"
    CLOCK = "clock"
    PERIOD = "period"
    INTEGER = "integer"
    #: States the workflow declares.
    STATES = "states"
    STATE = "state"
    FLAG = "flag"
    #: Parties of the case or roles of the bureau.
    AUDIENCE = "audience"
    #: Roles of the bureau, and one of them.
    ROLES = "roles"
    ROLE = "role"


@named_value
class DefinitionKey:
    """How one key is spelled in Chinese, what it holds, and how it is read aloud."""

    kind: KeyKind
    #: Empty: another part of the language has the key too, and says how it is spelled.
    chinese: str = ""
    required: bool = False
    #: PERIOD, INTEGER: the least it may count.
    least: int = 0
    #: With the place ``{value}``; a flag is read aloud only where it is set.
    sentence: Message | None = None
