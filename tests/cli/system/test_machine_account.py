"""The account a command runs under is asked of the system, not of the environment."""

from __future__ import annotations

import os

import pytest

from engine.operations.machine_account import machine_account


def test_the_environment_does_not_say_who_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    told = machine_account()
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody-else")
    assert machine_account() == told != "somebody-else"


@pytest.mark.skipif(os.name == "nt", reason="accounts have no numbers there")
def test_an_account_without_a_name_is_called_by_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 4_000_000_001)
    assert machine_account() == "4000000001"
