"""What a change of a register would do is shown to whoever may make it, and changes nothing."""

from __future__ import annotations

from pathlib import Path

from register_fixtures import (
    CLERK,
    KEEPER,
    by,
    entries,
    events,
    kept_refusals,
    reasons,
    register_file,
    small_application,
)

from engine.app.commands.registers import import_register
from engine.app.queries.register_changes import (
    ImportPreview,
    Undone,
    codes_in_force,
    preview_import,
    preview_undo,
)
from engine.kernel.refusal import Refusal
from engine.lifecycle.command import SYSTEM

INSPECTORS = (
    "人员编号,姓名,股室,执法证号,执法证有效期至\n"
    "i-1,示例子,one,示例0001,2027-01-01\n"
    "i-2,示例子,two,示例0002,2027-01-01\n"
)


def test_a_preview_is_for_whoever_may_import(tmp_path: Path) -> None:
    application = small_application()
    file = register_file(tmp_path, "inspectors", INSPECTORS)
    assert reasons(preview_import(application, CLERK, "inspectors", file)) == [
        "“clerk-1”不能改动这个名录；可由名录库管理员（keeper-1）办理"
    ]
    plan = preview_import(application, KEEPER, "inspectors", file)
    assert isinstance(plan, ImportPreview)
    assert (plan.outcome.added, [group.ids for group in plan.lookalikes]) == (2, [("i-1", "i-2")])
    assert entries(application, "inspectors") == {}
    assert events(application, "register:inspectors") == kept_refusals(application) == []


def test_a_preview_shows_what_differs_and_what_is_kept(tmp_path: Path) -> None:
    application = small_application()
    import_register(application, by(), "inspectors", register_file(tmp_path, "inspectors", INSPECTORS))
    file = register_file(
        tmp_path, "inspectors", "人员编号,姓名,执法证号,执法证有效期至\ni-1,示例寅,示例0001,2027-01-01\n"
    )
    plan = preview_import(application, KEEPER, "inspectors", file)
    assert isinstance(plan, ImportPreview)
    assert plan.changed == {"i-1": {"name": ("示例子", "示例寅")}}
    assert plan.kept == ("股室",)
    assert (plan.outcome.missing, plan.outcome.removed) == (("i-2",), 0)


def test_taking_back_is_shown_first(tmp_path: Path) -> None:
    application = small_application()
    import_register(application, by(), "inspectors", register_file(tmp_path, "inspectors", INSPECTORS))
    reasons(preview_undo(application, CLERK, "inspectors"))
    assert preview_undo(application, KEEPER, "inspectors") == Undone(1, "inspectors.csv", 2, 0)
    assert set(entries(application, "inspectors")) == {"i-1", "i-2"}
    assert "没有可以撤销的导入" in reasons(preview_undo(application, KEEPER, "items"))[0]


def test_codes_are_those_of_the_bureau() -> None:
    application = small_application()
    codes = codes_in_force(application, CLERK)
    assert codes == {
        "sections": {"one": "一股", "two": "二股"},
        "roles": {"roster_admin": "名录库管理员", "clerk": "经办人"},
    }
    assert isinstance(codes_in_force(application, "nobody"), Refusal)
    assert codes_in_force(small_application(people=False), SYSTEM) == codes
