from __future__ import annotations

from engine.app.ports.audit.statements import TAKEN_OVER, WRITTEN, PresentRow


def test_rows_are_values() -> None:
    assert PresentRow(("k",), None, ()) == PresentRow(("k",), None, ())
    assert PresentRow(("k",), None, ()).consistent
    assert WRITTEN != TAKEN_OVER
