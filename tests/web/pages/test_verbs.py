"""Verbs: their arguments asked for, their refusals said, done."""

from __future__ import annotations

from workbench_fixtures import Desk

from engine.web.pages import verbs


def test_claiming_and_reassigning(signed_in: Desk) -> None:
    case = signed_in.bureau.start()
    assert "领取" in signed_in.get(f"/cases/{case}").text
    assert signed_in.post(f"/cases/{case}/verbs/claim").status_code == 303
    asked = signed_in.get(f"/cases/{case}/verbs/reassign").text
    assert 'name="to"' in asked
    assert 'name="reason"' in asked
    assert signed_in.post(f"/cases/{case}/verbs/reassign", to="", reason="").status_code == 422
    refused = signed_in.post(f"/cases/{case}/verbs/reassign", to="clerk-2", reason="出差")
    assert refused.status_code in (403, 422)
    assert signed_in.get(f"/cases/{case}/verbs/dance").status_code == 404
    assert verbs.show is not None
