from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from register_fixtures import entries, register_file, small_application

from engine.app.registers.import_check import mark_of, why_not_import
from engine.app.registers.merge_import import merge_import

GOOD = "编号,姓名,股室,角色\nkeeper-1,管理员01,,roster_admin\nclerk-1,经办人01,one,clerk\n"


@pytest.mark.parametrize(
    ("kind", "text", "how", "code"),
    [
        ("people", GOOD, {}, None),
        ("objects", GOOD, {}, "file"),
        ("people", GOOD.replace("经办人01", ""), {}, "file"),
        ("people", GOOD.replace("经办人01", ""), {"skip_bad": True, "remove_missing": True}, "file"),
        ("people", GOOD, {"remove_missing": True, "agreed_removals": frozenset({"gone-1"})}, "changed-since"),
        ("people", GOOD.replace("roster_admin", "clerk"), {}, "nobody-left"),
    ],
)
def test_why_a_file_is_not_taken(
    tmp_path: Path, kind: str, text: str, how: dict[str, object], code: str | None
) -> None:
    application = small_application()
    before = entries(application, "people")
    file = register_file(tmp_path, "people", text, **how)
    with application.store.read() as transaction:
        process = application.definitions.latest(transaction, "errand")
    assert process is not None
    reason = why_not_import(kind, file, before, merge_import(before, file), process.bureau)
    assert (reason.code if reason else None) == code


def test_what_was_shown_is_what_is_taken(tmp_path: Path) -> None:
    """Of the same rows in another state of the register something else would change, and the person has not seen that."""
    application = small_application()
    before = entries(application, "people")
    text = "编号,姓名,股室,角色\nkeeper-1,换了名字,,roster_admin\nclerk-9,新来的,one,clerk\n"
    file = register_file(tmp_path, "people", text)
    shown = mark_of(before, merge_import(before, file).entries)
    with application.store.read() as transaction:
        process = application.definitions.latest(transaction, "errand")
    assert process is not None
    seen = replace(file, agreed_changes=shown)
    assert why_not_import("people", seen, before, merge_import(before, seen), process.bureau) is None
    for now in (
        {**before, "keeper-1": replace(before["keeper-1"], name="别人改的")},
        {**before, "clerk-9": replace(before["keeper-1"], id="clerk-9")},
        {one: entry for one, entry in before.items() if one != "keeper-1"},
    ):
        reason = why_not_import("people", seen, now, merge_import(now, seen), process.bureau)
        assert reason is not None
        assert reason.code == "changed-since"
    other = {**before, "zz": replace(before["keeper-1"], id="zz", name="与这份文件无关")}
    assert why_not_import("people", seen, other, merge_import(other, seen), process.bureau) is None
