"""What a bureau sets for itself, and what it may leave out."""

from __future__ import annotations

import pytest

from engine.lifecycle.model.bureau import Bureau, Role


def test_a_bureau_needs_a_name_a_zone_sections_and_roles_and_nothing_else() -> None:
    clerk = Role("clerk", "经办人", by_section=True)
    bureau = Bureau(
        id="small",
        title="小局",
        timezone="Asia/Shanghai",
        notify_at="09:00",
        sections={"one": "一股"},
        roles={"clerk": clerk},
    )
    assert bureau.office_hours == ()
    for name in ("targets", "measures", "supervision", "milestones", "ratings", "codes"):
        assert getattr(bureau, name) == {}
    assert bureau.roles["clerk"] == Role("clerk", "经办人", True)
    with pytest.raises(TypeError, match="roles"):
        Bureau(id="small", title="小局", timezone="", notify_at="", sections={})  # type: ignore[call-arg]
