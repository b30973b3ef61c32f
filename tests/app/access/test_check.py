"""Asking the access table: roles, bureaus with other roles, nobody known yet, nothing published yet."""

from __future__ import annotations

from dataclasses import replace

import pytest
from access_factories import OTHER_BUREAU, MakeServices

from engine.app.access.check import why_denied
from engine.app.access.table import access_row
from engine.app.commands.application import Application
from engine.app.definitions.bureau import bureau_of
from engine.kernel.refusal import RefusalReason
from engine.lifecycle.command import SYSTEM


def denied(
    services: Application, use_case: str, person: str, about: str | None = None
) -> RefusalReason | None:
    with services.store.read() as transaction:
        return why_denied(
            transaction,
            lambda inside: bureau_of(services.definitions, inside),
            access_row(use_case),
            person,
            about,
        )


@pytest.mark.parametrize(
    "use_case",
    [
        "definition.publish",
        "calendar.change",
        "audit.seal",
        "site.build",
        "system.backup",
        "system.move",
        "incident.change",
    ],
)
def test_rules_and_running_are_not_for_everybody(make: MakeServices, use_case: str) -> None:
    services = make()
    assert denied(services, use_case, "lena") is None
    for person in ("anna", "nobody", SYSTEM):
        assert denied(services, use_case, person) is not None


def test_a_bureau_with_roles_of_its_own_lets_those_of_the_whole_bureau(make: MakeServices) -> None:
    services = make(OTHER_BUREAU)
    assert denied(services, "audit.seal", "cara") is None
    assert denied(services, "audit.seal", "anna") is not None
    assert denied(services, "audit.seal", "lena") is not None


def test_while_nobody_is_known_only_the_system_makes_the_first_entries(make: MakeServices) -> None:
    services = make(people=False)
    assert denied(services, "definition.publish", SYSTEM) is None
    assert denied(services, "register.change/people", SYSTEM) is None
    assert denied(services, "audit.seal", SYSTEM) is not None
    first = denied(services, "definition.publish", "lena")
    assert first is not None
    assert first.next is not None


def test_before_anything_is_published_roles_are_taken_by_their_codes_for_publishing_alone(
    make: MakeServices,
) -> None:
    services = make(None)
    assert denied(services, "definition.publish", "lena") is None
    assert denied(services, "definition.publish", "anna") is not None
    assert denied(services, "audit.seal", "lena") is not None


def test_the_system_is_told_whether_it_would_change_a_register(make: MakeServices) -> None:
    services = make()
    for use_case, said in (
        ("register.change/people", "工作人员名录已有人员，不能再以 system 的身份改动名录"),
        ("definition.publish", "工作人员名录已有人员，不能再以 system 的身份办理或查看"),
        ("case.read", "工作人员名录已有人员，不能再以 system 的身份办理或查看"),
        ("audit.seal", "不能以 system 的身份办理；请写明由谁办理"),
    ):
        reason = denied(services, use_case, SYSTEM)
        assert reason is not None
        assert str(reason.message) == said


def test_what_a_definition_decides_is_for_people_on_duty(make: MakeServices) -> None:
    services = make()
    assert denied(services, "case.act", "anna") is None
    with services.store.write() as transaction:
        (anna,) = transaction.registers.some("people", ["anna"]).values()
        left = replace(anna, data={**anna.data, "status": "left"})
        transaction.registers.put([left], services.clock.now())
    reason = denied(services, "case.act", "anna")
    assert reason is not None
    assert str(reason.message) == "“anna”已不在岗"
