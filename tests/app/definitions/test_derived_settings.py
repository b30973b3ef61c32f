from __future__ import annotations

from bureau_factories import Bureau
from visit_bureau import visit_bureau

from engine.app.definitions.derived_settings import BUREAU_ROLES, FIELD_NAMES, JOINS, field_names, names_of

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


def test_publishing_writes_them() -> None:
    with visit_bureau().look() as transaction:
        assert transaction.settings.get(JOINS) == {"visit": ["closed"]}
        assert transaction.settings.get(BUREAU_ROLES) == ["deputy"]


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
