from __future__ import annotations

from pathlib import Path

import pytest
from register_fixtures import entries, register_file, small_application

from engine.app.registers.import_check import why_not_import
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
