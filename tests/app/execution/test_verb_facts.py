"""What a command is given to know besides the case."""

from __future__ import annotations

from visit_bureau import unit, visit_bureau

from engine.app.execution.verb_facts import with_lookups
from engine.lifecycle.command import Actor
from engine.lifecycle.verbs.claim import Claim
from engine.lifecycle.verbs.withdraw import Withdraw


def test_whoever_takes_a_step_back_is_told_where_the_case_has_been() -> None:
    bureau = visit_bureau()
    case = bureau.case(bureau.start("plan"))
    with unit(bureau) as uow:
        process = uow.process(case)
        command = with_lookups(uow, process, case, Withdraw(actor=Actor("anna")))
        assert isinstance(command, Withdraw)
        assert command.passage.last is None
        claim = Claim(actor=Actor("anna"))
        assert with_lookups(uow, process, case, claim) is claim
