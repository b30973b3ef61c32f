"""Which cases a person sees: those of their section, those they take part in, and those of the people they act for.

Queries and commands ask the same rule, so that nobody is refused the view of a case they may act on, or the reverse.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from engine.app.definitions.derived_settings import BUREAU_ROLES
from engine.app.people.directory import actor_keys, find_actor

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction
    from engine.lifecycle.case import Case
    from engine.lifecycle.command import Actor
    from engine.lifecycle.model.bureau import Bureau

#: Gives the bureau in force; asked only where no setting says which roles are of the whole bureau.
OpenBureau = Callable[["Transaction"], "Bureau | None"]

#: Tasks read to find the cases somebody has something to do in.
MAX_TASKS = 100_000
#: Entries of a case's history looked through for those of one person.
MAX_EVENTS = 10_000


@dataclass
class VisibleCases:
    """What `person` sees at `now`, as `transaction` has it. Read only as far as it is asked for."""

    transaction: Transaction
    person: Actor
    now: datetime
    open_bureau: OpenBureau

    @cached_property
    def everything(self) -> bool:
        """Tell whether they, or somebody they act for, hold a role of the whole bureau."""
        roles = roles_of_bureau(self.transaction, self.open_bureau)
        return any(not roles.isdisjoint(one.roles) for one in self._people)

    def sees_section(self, section: str | None) -> bool:
        """Tell whether they see what belongs to `section`; what belongs to none is seen by all."""
        return (
            section is None or section == self.person.section or self.everything or section in self._sections
        )

    def lists(self, case: Case) -> bool:
        """Tell whether a case is in their lists: of their section, of none, or with something for them in it."""
        return (
            self.sees_section(case.section)
            or any(_is_bound(case, one.id) for one in self._people)
            or case.id in self._with_tasks
        )

    def lists_task(self, section: str | None, case_id: str) -> bool:
        """Tell whether a task is in their lists: of their section, of none, or theirs to do."""
        return self.sees_section(section) or case_id in self._with_tasks

    def sees(self, case: Case) -> bool:
        """Tell whether they may look at a case: it is in their lists, or they have acted on it."""
        return self.lists(case) or self._has_acted(case)

    @cached_property
    def _people(self) -> tuple[Actor, ...]:
        """Return the person and whom they act for."""
        from engine.app.people.delegation import principals_of

        found = (
            find_actor(self.transaction, one)
            for one in principals_of(self.transaction, self.person.id, self.now)
        )
        return (self.person, *(one for one in found if one is not None))

    @cached_property
    def _sections(self) -> frozenset[str | None]:
        return frozenset(one.section for one in self._people)

    @cached_property
    def _with_tasks(self) -> frozenset[str]:
        """Return the cases that have a task for them: by name, as signers, or by a role in the section of the case."""
        keys = list(dict.fromkeys(key for one in self._people for key in actor_keys(one)))
        return frozenset(task.case for task in self.transaction.tasks.of_keys(keys, limit=MAX_TASKS))

    def _has_acted(self, case: Case) -> bool:
        """Tell whether an entry of the case is theirs, refused attempts aside."""
        return any(
            event.actor == self.person.id and event.kind != "refused"
            for event in self.transaction.events.of(case.id, limit=MAX_EVENTS)
        )


def roles_of_bureau(transaction: Transaction, open_bureau: OpenBureau) -> frozenset[str]:
    """Return the roles of the whole bureau: from the setting, or from the bureau where what is published is older.

    A role somebody holds and the bureau does not have (any more) is not among them.
    """
    kept: Any = transaction.settings.get(BUREAU_ROLES)
    if kept is not None:
        return frozenset(kept)
    # Nothing published: no role says otherwise, and no definition need be opened to learn that.
    bureau = open_bureau(transaction) if transaction.definitions.versions() else None
    return (
        frozenset(role.id for role in bureau.roles.values() if not role.by_section) if bureau else frozenset()
    )


def _is_bound(case: Case, person: str) -> bool:
    return (
        case.assignee == person
        or person in case.copies
        or any(person in people for people in case.parties.values())
    )
