"""Roles nobody holds together: the sentence names both and the basis, or says that it is the bureau's own rule."""

from __future__ import annotations

from pathlib import Path

import pytest
from register_fixtures import KEEPER, by, reasons, register_file, small_application

from engine.app.commands.people import add_person
from engine.app.commands.publish_definitions import Published, publish
from engine.app.commands.registers import import_register
from engine.app.people.incompatible import why_incompatible_roles
from engine.definition.library import load_files
from engine.definition.resources import workflows_dir
from engine.lifecycle.model.people.incompatible import IncompatibleRoles

BUREAU = """\
bureau: example
title: 示例局
timezone: Asia/Shanghai
notify_at: "09:00"
sections: {one: 一股, two: 二股}
roles:
  roster_admin: {title: 名录库管理员, scope: bureau}
  clerk: {title: 经办人, scope: section}
  drawer: {title: 抽取操作员, scope: bureau}
  witness: {title: 监督见证人, scope: bureau}
incompatible_roles:
  - {roles: [drawer, witness], basis: 实施方案 二（二）}
  - {roles: [roster_admin, witness]}
"""


def test_roles_are_asked_when_they_are_given(tmp_path: Path) -> None:
    application = small_application()
    loaded = load_files({"bureau.yaml": BUREAU, "errand.yaml": _errand()})
    assert isinstance(publish(application, by(), loaded), Published)
    assert reasons(add_person(application, by(), "new-1", "新人", roles=("drawer", "witness"))) == [
        "“new-1”不能兼任抽取操作员和监督见证人（依据：实施方案 二（二））"
    ]
    assert add_person(application, by(), "new-1", "新人", roles=("drawer",)) is not None
    file = register_file(tmp_path, "people", "编号,姓名,角色\nkeeper-1,管理员01,roster_admin；witness\n")
    assert reasons(import_register(application, by(KEEPER), "people", file)) == [
        "“keeper-1”不能兼任名录库管理员和监督见证人（依据：本局规定）"
    ]


@pytest.mark.parametrize(("roles", "free"), [(("drawer",), True), (("drawer", "witness"), False), ((), True)])
def test_the_shipped_bureau(roles: tuple[str, ...], free: bool) -> None:
    text = (workflows_dir() / "bureau.yaml").read_text(encoding="utf-8")
    bureau = load_files({"bureau.yaml": text}).bureau
    assert bureau is not None
    assert (why_incompatible_roles("anna", roles, bureau) is None) == free
    assert why_incompatible_roles("anna", roles, None) is None
    assert IncompatibleRoles(("drawer", "witness"), "实施方案 二（二）") in bureau.incompatible_roles


def _errand() -> str:
    from register_fixtures import NOTE

    return NOTE
