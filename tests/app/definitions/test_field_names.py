"""What fields are called by the versions of their process, noted on publishing."""

from __future__ import annotations

from bureau_factories import Bureau

from engine.app.definitions.derived_settings import FIELD_NAMES
from engine.app.definitions.field_names import field_names, names_of

FORM = "form: f\ntitle: 表\nfields:\n  - {name}: {{title: 数, type: integer{id}}}\n"
FLOW = """
workflow: w
title: 件
about: none
initial: s
start: {by: clerk, form: f}
states:
  s: {title: 始, for: clerk, no deadline: 无}
  z: {title: 完, final: true}
transitions: [{do: fin, title: 完, from: s, to: z}]
"""


def test_names_stay_known_after_the_next_rename() -> None:
    bureau = Bureau(FORM.format(name="number", id=""), FLOW)
    with bureau.look() as transaction:
        assert transaction.settings.get(FIELD_NAMES) is None
        assert names_of(transaction, "w") == {}
    bureau.publish(FORM.format(name="count", id=", id: number"))
    bureau.publish(FORM.format(name="total", id=", id: number"))
    with bureau.look() as transaction:
        assert field_names(transaction) == {"w": {"f": {"count": "number", "total": "number"}}}
        assert names_of(transaction, "other") == {}
    assert bureau.findings() == []
