"""What a row of the table may say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.lifecycle.command import ApprovableCommand
from engine.lifecycle.verbs.claim import CLAIM, Claim
from engine.lifecycle.verbs.reassign import REASSIGN
from engine.lifecycle.verbs.sign import ADD_SIGNER
from engine.lifecycle.verbs.spec import ArgumentKind, VerbArgument
from engine.lifecycle.verbs.void import VOID


def test_an_argument_is_called_by_its_name_where_nothing_else_is_said() -> None:
    plain = VerbArgument(name="to", kind=ArgumentKind.STATE)
    assert (plain.field, plain.request_name, plain.shown_name, plain.names_person) == (
        "to",
        "to",
        "to",
        False,
    )
    signer, step, _ = ADD_SIGNER.arguments
    assert (signer.field, signer.names_person, step.request_name) == ("person", True, "signed_step")


def test_what_is_asked_for_first_can_be_kept_and_granted() -> None:
    with pytest.raises(ValueError, match="a person is not"):
        replace(REASSIGN, approvable=True)
    with pytest.raises(ValueError, match="granted"):
        replace(CLAIM, approvable=True)
    assert issubclass(VOID.command, ApprovableCommand)


def test_a_row_makes_its_command() -> None:
    from walk_factories import ANNA

    assert CLAIM.make(actor=ANNA) == Claim(actor=ANNA)
    assert CLAIM.declared
