"""The registers the command line offers."""

from __future__ import annotations

import click
import pytest

from engine.cli.registers.kinds import KINDS as OFFERED
from engine.register.profile import KINDS, LEDGER


def test_they_are_those_there_are() -> None:
    assert set(OFFERED.choices) == {*KINDS, LEDGER}


def test_another_is_refused() -> None:
    assert OFFERED.convert("objects", None, None) == "objects"
    with pytest.raises(click.BadParameter):
        OFFERED.convert("object", None, None)
