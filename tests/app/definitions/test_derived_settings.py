from __future__ import annotations

from visit_bureau import visit_bureau

from engine.app.definitions.derived_settings import JOINS, SECTION_ROLES


def test_publishing_writes_them() -> None:
    with visit_bureau().look() as transaction:
        assert transaction.settings.get(JOINS) == {"visit": ["closed"]}
        assert transaction.settings.get(SECTION_ROLES) == ["chief", "clerk", "inspector"]
