"""What follows when a deadline is missed, as a definition states it: the value and its keys."""

from __future__ import annotations

from collections.abc import Mapping

from engine.lifecycle.model.key import DefinitionKey, KeyKind
from engine.value import value
from engine.worktime.periods import Period


@value
class OverdueStep:
    """One step after the due day: tell `notify`, put the matter before a role, or hand the task over."""

    after: Period
    notify: tuple[str, ...] = ()
    #: 升级督办: the roles the matter is put before, nearest first. Whoever is notified sees the task in their own list.
    escalation_chain: tuple[str, ...] = ()
    #: Repeat every so often until the clock stops; None: once.
    every: Period | None = None
    #: The message waits neither for office hours nor for the morning's digest.
    urgent: bool = False
    #: The role one holder of which takes the task over (自动转办): the one with the fewest tasks.
    new_assignee_role: str | None = None

    @property
    def escalate(self) -> str | None:
        """Return the role the matter is put before first; None: it is not escalated."""
        return self.escalation_chain[0] if self.escalation_chain else None

    @property
    def fallback_roles(self) -> tuple[str, ...]:
        """Return the roles above `escalate`, nearest first."""
        return self.escalation_chain[1:]


#: The keys of one entry of ``overdue:``, each with the field of `OverdueStep` it fills; the entry's own key is `after`.
OVERDUE_KEYS: Mapping[str, tuple[str, DefinitionKey]] = {
    "notify": ("notify", DefinitionKey(kind=KeyKind.AUDIENCE)),
    "escalate": ("escalation_chain", DefinitionKey(kind=KeyKind.ROLES, chinese="升级")),
    "every": ("every", DefinitionKey(kind=KeyKind.PERIOD, least=1)),
    "urgent": ("urgent", DefinitionKey(kind=KeyKind.FLAG)),
    "reassign": ("new_assignee_role", DefinitionKey(kind=KeyKind.ROLE)),
}
#: One of these must be there: an entry without them would do nothing.
OVERDUE_ACTS = ("notify", "escalate", "reassign")
