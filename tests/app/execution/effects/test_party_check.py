"""Who may be named for a party: they work here, hold a certificate where one is asked for, and are recused from no case about the same."""

from __future__ import annotations

from dataclasses import replace

from visit_bureau import unit, visit_bureau

from engine.app.execution.effects.party_check import recused_among, recused_from, why_not_named


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


def test_who_is_recused_from_one_case_is_from_every_other_about_the_same_firm() -> None:
    """Above, beside and below, whichever case the decision was taken in; not from the cases of other firms under one plan."""
    bureau = visit_bureau()
    template = bureau.case(bureau.start("plan"))
    # name -> the case above, the firm, who was recused from it
    family = {
        "batch": (None, None, "insp-0"),
        "visit": ("batch", "A", "insp-1"),
        "follow": ("visit", "A", "insp-2"),
        "penalty": ("follow", "A", "insp-3"),
        "other": ("visit", "B", "insp-4"),
        "neighbour": ("batch", "B", "insp-5"),
    }
    with unit(bureau) as uow:
        uow.transaction.cases.add(
            [
                replace(
                    template,
                    id=name,
                    parent=above,
                    subject={"id": firm} if firm else {},
                    fields={"recused": [who]},
                )
                for name, (above, firm, who) in family.items()
            ]
        )
    everybody = [f"insp-{number}" for number in range(6)]
    of_the_firm = ["insp-0", "insp-1", "insp-2", "insp-3"]
    expected = {
        "visit": of_the_firm,
        "follow": of_the_firm,
        "penalty": of_the_firm,
        "neighbour": ["insp-0", "insp-5"],
        "batch": ["insp-0"],
    }
    with unit(bureau) as uow:
        found = {name: recused_among(uow, case, everybody) for name in expected if (case := uow.case(name))}
    assert found == expected
