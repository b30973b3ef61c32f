from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from engine.app.access.caller import Caller


def test_who_asks_and_how() -> None:
    assert Caller("anna") == Caller("anna", request_id=None, dry_run=False)
    assert Caller("anna", dry_run=True) != Caller("anna")
    with pytest.raises(FrozenInstanceError):
        Caller("anna").person = "bela"  # type: ignore[misc] # must fail
