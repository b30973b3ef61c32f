"""Who may be named for a party: they work here, hold a certificate where one is asked for, and are recused nowhere above."""

from __future__ import annotations

from visit_bureau import unit, visit_bureau

from engine.app.execution.effects.party_check import recused_from, why_not_named


def test_who_is_unknown_has_no_certificate_or_is_recused_is_not_named() -> None:
    bureau = visit_bureau()
    plan = bureau.start("plan", fields={"recused": ["insp-1"]})
    with unit(bureau) as uow:
        case = uow.case(plan)
        assert case is not None
        assert list(recused_from(uow, case)) == ["insp-1"]
        assert why_not_named(uow, case, "inspectors", ["insp-2"], certified=False) == []
        (recused,) = why_not_named(uow, case, "inspectors", ["insp-1", "insp-2"], certified=False)
        assert "insp-1已经从本件回避" in str(recused)
        (unknown,) = why_not_named(uow, case, "inspectors", ["nobody", "insp-2"], certified=False)
        assert "nobody不在在岗的人员之列" in str(unknown)
        # An unknown name is said once: that it has no certificate either says nothing more.
        (still,) = why_not_named(uow, case, "inspectors", ["nobody"], certified=True)
        assert "nobody不在在岗" in str(still)
