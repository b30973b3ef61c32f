"""Commands as values."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest
from walk_factories import ANNA

from engine.lifecycle.command import ENGINE, SYSTEM, Actor, Advance, ApprovableCommand, CasePath, Command


def test_a_step_needs_an_actor_and_a_name_and_nothing_else() -> None:
    command = Advance(actor=ANNA, step="report")
    assert (command.reason, command.answers, command.item_forms) == (None, None, ())
    assert (command.facts, command.holders) == ({}, {})
    with pytest.raises(TypeError, match="step"):
        Advance(actor=ANNA)  # type: ignore[call-arg]
    with pytest.raises(FrozenInstanceError):
        command.step = "other"  # type: ignore[misc]


def test_what_is_asked_for_is_not_granted_by_itself() -> None:
    assert ApprovableCommand(actor=ANNA).granted is False
    assert issubclass(ApprovableCommand, Command)


def test_an_actor_is_of_no_section_and_holds_no_role_unless_it_is_said() -> None:
    assert Actor("anna") == Actor("anna", None, frozenset(), "", ())
    assert Actor("anna").principals == ()
    assert ENGINE != SYSTEM


def test_a_history_nobody_has_read_says_nothing() -> None:
    path = CasePath()
    assert (path.states, path.clocks, path.last, path.urged, path.received_by, path.released) == (
        (), {}, None, 0, (), None,
    )  # fmt: skip
