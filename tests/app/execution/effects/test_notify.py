from __future__ import annotations

from visit_bureau import context_of, unit, visit_bureau

from engine.app.execution.effects.notify import do_notify
from engine.lifecycle.model.workflow import Effect

CALL = """
workflow: call
title: 通知件
about: none
initial: open
start: {by: clerk}
states: {open: {title: 待办, for: clerk}, closed: {title: 办结, final: true}}
transitions:
  - do: finish
    title: 办结
    from: open
    to: closed
    then: [{notify: [chief, deputy], message: "“{{ case.title }}”已办结", urgent: true}]
"""


def test_everybody_meant_is_told_once_the_step_is_taken() -> None:
    bureau = visit_bureau(CALL)
    case = bureau.case(bureau.start("call", title="甲件"))
    with unit(bureau) as uow:
        (found,) = uow.process(case).workflow.transitions
        effect: Effect = found.then[0]
        context = context_of(uow, case, {"case": {"title": "甲件"}})
        do_notify(context, effect)
        uow.flush()
        assert [item.payload["about"] for item in uow.transaction.outbox.listed()] == ["arrived"]
        for act in context.afterwards:
            act(case)
    sent = bureau.outbox()
    assert [(item.recipient, item.payload["text"], item.payload["urgent"]) for item in sent] == [
        ("carl", "“甲件”已办结", True),
        ("dora", "“甲件”已办结", True),
    ]
    assert {item.payload["about"] for item in sent} == {"notify"}
