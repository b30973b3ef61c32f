from __future__ import annotations

from visit_bureau import unit, visit_bureau

from engine.app.session.signers import holders_of_signers

SIGNED = """
workflow: signed
title: 会签件
about: none
initial: open
start: {by: clerk}
parties: {inspectors: 检查人员}
states: {open: {title: 待签, for: clerk}, closed: {title: 办结, final: true}}
transitions:
  - {do: finish, title: 会签, from: open, to: closed, sign: {mode: all, by: [clerk, deputy, inspectors]}}
"""


def test_who_holds_the_roles_that_sign() -> None:
    bureau = visit_bureau(SIGNED)
    case = bureau.case(bureau.start("signed", parties={"inspectors": ("insp-1",)}))
    other = bureau.case(bureau.start("visit"))
    with unit(bureau) as uow:
        found = holders_of_signers(uow, uow.process(case), case)
        assert {role: set(people) for role, people in found.items()} == {
            "clerk": {"anna", "anton"},
            "deputy": {"dora"},
        }
        assert holders_of_signers(uow, uow.process(other), other) == {}
