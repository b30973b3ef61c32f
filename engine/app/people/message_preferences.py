"""消息偏好: which messages a person wants, by kind. Lateness, urges, escalations and incidents cannot be turned off."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.language import Message, say

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction

#: The name of the setting that holds what everybody has chosen: person -> kind -> choice.
SETTING = "message_preferences"
#: The history in which each change is entered.
STREAM = "message-preferences"

#: What a message about a task that has come is about.
ARRIVED = "arrived"


class WantedMessages(StrEnum):
    """Which messages of a kind a person wants."""

    ALL = "all"
    #: Only those for the person by name, or as a party of the case; not those for a role.
    MINE = "mine"
    NONE = "none"


#: The kinds a person may choose for, and what each is.
KINDS: Mapping[str, Message] = {
    ARRIVED: say("新到的待办"),
    "reminded": say("到期前的提醒"),
    "notify": say("流程里写明的通知"),
}

#: What everybody has chosen: person -> kind -> choice.
Preferences = Mapping[str, Mapping[str, str]]


def preferences_in(transaction: Transaction) -> Preferences:
    """Return what everybody has chosen that is not `all`."""
    found: Preferences = transaction.settings.get(SETTING) or {}
    return found


def choices_of(known: Preferences, person: str) -> dict[str, WantedMessages]:
    """Return the choice of a person for each kind."""
    chosen = known.get(person, {})
    return {kind: WantedMessages(chosen.get(kind, WantedMessages.ALL)) for kind in KINDS}


def wants(known: Preferences, person: str, kind: str, personal: bool) -> bool:
    """Tell whether `person` wants a message of `kind`; `personal` says whether it is for them and not for a role."""
    if person not in known or kind not in KINDS:
        return True
    chosen = known[person].get(kind, WantedMessages.ALL)
    return personal if chosen == WantedMessages.MINE else chosen != WantedMessages.NONE
