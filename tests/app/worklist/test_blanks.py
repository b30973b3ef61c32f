"""The blanks of a paper are named before the step that makes it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from worklist_factories import paper_bureau

from engine.app.ports.documents import DocumentError, DocumentRequest
from engine.app.session.unit_of_work import UnitOfWork
from engine.app.worklist.blanks import blanks_of
from engine.app.worklist.case_view import explain_task
from engine.language import say
from engine.lifecycle.model.workflow import Effect


class Finder:
    def __init__(self, *missing: tuple[str, str]) -> None:
        self.found = missing

    def missing(self, request: DocumentRequest) -> list[tuple[str, str]]:
        if request.template == "absent":
            raise DocumentError(say("没有模板“{name}”", name=request.template))
        return list(self.found)


def test_what_the_form_of_the_step_asks_is_no_blank() -> None:
    bureau, case_id = paper_bureau()
    with bureau.look() as transaction:
        found = explain_task(bureau.application, transaction, bureau.clock.now(), case_id, None)
        assert found is not None
        uow = UnitOfWork(bureau.application, transaction, bureau.clock.now())
        (step,) = found.process.manual_steps(found.case.state)["drop"]
        render = Effect(kind="render", arguments={"render": "paper"}, when=None, line=1)
        absent = Effect(kind="render", arguments={"render": "absent"}, when=None, line=1)

        def blanks(one: Any, *missing: tuple[str, str]) -> tuple[str, ...]:
            return blanks_of(uow, found.process, found.case, cast("Any", one), Finder(*missing))

        drop = replace(step, then=(render, absent))
        missing = (("proposal", "why"), ("proposal", "why"), ("nothing", "why"), ("proposal", "nothing"))
        assert blanks(drop, *missing) == ("送签单·缘由",)
        assert blanks(replace(drop, form="proposal"), *missing) == ()
        assert blanks(step, *missing) == ()
