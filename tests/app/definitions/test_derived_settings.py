from __future__ import annotations

from visit_bureau import visit_bureau

from engine.app.definitions.derived_settings import BUREAU_ROLES, JOINS


def test_publishing_writes_them() -> None:
    with visit_bureau().look() as transaction:
        assert transaction.settings.get(JOINS) == {"visit": ["closed"]}
        assert transaction.settings.get(BUREAU_ROLES) == ["deputy"]
