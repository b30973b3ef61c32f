"""One line of the doctor: status, name, what was seen, and the remedy where there is one."""

from __future__ import annotations

from pathlib import Path

from engine.deployment.home import find_home
from engine.deployment.open import open_deployment_store
from engine.language import say
from engine.operations.check import HealthCheck, Status, verify_damaged
from engine.store.sql import open_store


def test_a_check_is_told_as_a_line_and_as_values() -> None:
    check = HealthCheck("disk", Status.WARN, say("余下 {free} MB", free=9), say("请清理"))
    assert str(check) == "warn\tdisk\t余下 9 MB → 请清理"
    assert check.as_json() == {"check": "disk", "status": "warn", "message": "余下 9 MB", "fix": "请清理"}


def test_a_check_that_is_right_says_no_remedy() -> None:
    check = HealthCheck("disk", Status.OK, say("够用"))
    assert str(check) == "ok\tdisk\t够用"
    assert check.as_json()["fix"] is None


def test_a_page_leaves_out_a_remedy_that_is_a_command() -> None:
    named = HealthCheck(
        "calendar", Status.WARN, say("尚未导入"), say("通知公布后用 ssj calendar import 导入")
    )
    assert str(named) == "warn\tcalendar\t尚未导入 → 通知公布后用 ssj calendar import 导入"
    assert named.on_page == "warn\tcalendar\t尚未导入"
    other = HealthCheck("disk", Status.WARN, say("将满"), say("请清理"))
    assert other.on_page == str(other)


def test_a_database_is_verified_whose_own_id_cannot_be_read(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "settings.yaml").write_text("database: data/ssj.db\n", encoding="utf-8")
    found = find_home(str(home))
    open_deployment_store(found, create=True).close()
    assert verify_damaged(found).findings == ()

    store = open_store(found.database)
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE setting SET body = x'31' WHERE name = 'deployment_id'")
    store.close()
    assert [one.as_json()["key"] for one in verify_damaged(found).findings] == [["deployment_id"]]
