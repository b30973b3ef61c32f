"""Unusual values are confirmed one by one: with a reason, on record, and not asked again while they stay the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
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

from engine.app.commands.application import Application
from engine.app.commands.registers import Confirmation, ImportOutcome, import_register
from engine.app.queries.register_changes import ImportPreview, SettledFile, preview_import, settled_file
from engine.app.registers.confirmations import confirmations_of
from engine.register.import_result import HiddenAnswer, HiddenParts

#: A code of another check digit; the right one would be K.
ODD = "91990102MA3100011J"
TEXT = f"统一社会信用代码,企业名称,联系电话\n{ODD},示例甲有限公司,0852-1234\n91990102MA310002XB,示例乙有限公司,\n"
CODE = Confirmation(ODD, "统一社会信用代码", ODD, "与执照一致")
PHONE = Confirmation(ODD, "phone", "0852-1234", "境外号码，已拨通")


@pytest.fixture
def application() -> Application:
    return small_application()


def imported(
    application: Application, folder: Path, *confirm: Confirmation, text: str = TEXT, **how: Any
) -> Any:
    file = replace(register_file(folder, "objects", text), **how)
    return import_register(application, by(KEEPER), "objects", file, confirm)


def test_unconfirmed_values_are_refused_and_each_confirmation_is_for_one_value(
    application: Application, tmp_path: Path
) -> None:
    assert reasons(imported(application, tmp_path)) == ["文件有误，没有导入任何内容"]
    assert reasons(imported(application, tmp_path, CODE)) == ["文件有误，没有导入任何内容"]
    assert entries(application, "objects") == {}
    assert events(application, confirmations_of("objects")) == []


def test_what_is_confirmed_is_imported_recorded_and_remembered(
    application: Application, tmp_path: Path
) -> None:
    outcome = imported(application, tmp_path, CODE, PHONE)
    assert isinstance(outcome, ImportOutcome)
    assert outcome.added == 2
    assert entries(application, "objects")[ODD].data["phone"] == "0852-1234"
    kept = events(application, confirmations_of("objects"))
    assert [(e.kind, e.actor, e.body["column"], e.body["rule"], e.body["reason"]) for e in kept] == [
        ("confirmed", KEEPER, "id", "credit_code_check_digit", "与执照一致"),
        ("confirmed", KEEPER, "phone", "phone_shape", "境外号码，已拨通"),
    ]
    (event,) = events(application, "register:objects")
    assert [one["value"] for one in event.body["confirmed"]] == [ODD, "0852-1234"]
    # The same file again: nobody is asked, and the preview shows both again.
    again = imported(application, tmp_path)
    assert isinstance(again, ImportOutcome)
    assert again.same == 2
    plan = preview_import(application, KEEPER, "objects", register_file(tmp_path, "objects", TEXT))
    assert isinstance(plan, ImportPreview)
    assert [one.by for one in plan.confirmed] == [KEEPER, KEEPER]
    assert "已由 keeper-1 确认（统一社会信用代码的校验码）" in str(plan.confirmed[0].sentence())
    assert len(events(application, confirmations_of("objects"))) == 2
    assert [one.reason for one in plan.confirmed] == [CODE.reason, PHONE.reason]


def test_another_value_of_the_same_row_is_asked_for_again(application: Application, tmp_path: Path) -> None:
    imported(application, tmp_path, CODE, PHONE)
    changed = TEXT.replace("0852-1234", "0852-12345-9")
    assert reasons(imported(application, tmp_path, text=changed)) == ["文件有误，没有导入任何内容"]
    assert entries(application, "objects")[ODD].data["phone"] == "0852-1234"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (replace(CODE, value="91990102MA3100011K"), "文件里没有这样一处可以确认的内容"),
        (replace(CODE, id="91990102MA310002XB"), "文件里没有这样一处可以确认的内容"),
        (replace(CODE, reason=" \u200b"), "确认须写明理由"),
    ],
)
def test_a_confirmation_that_fits_nothing_or_says_nothing_is_refused(
    application: Application, tmp_path: Path, given: Confirmation, said: str
) -> None:
    (reason,) = reasons(imported(application, tmp_path, PHONE, given))
    assert reason.startswith(said)
    assert entries(application, "objects") == {}


def test_what_the_law_forbids_cannot_be_confirmed(application: Application, tmp_path: Path) -> None:
    citizen = "11010519491231002X"
    text = f"统一社会信用代码,企业名称\n{citizen},示例甲有限公司\n"
    given = Confirmation(citizen, "统一社会信用代码", citizen, "本人同意")
    (reason,) = reasons(imported(application, tmp_path, given, text=text))
    assert reason.startswith("文件里没有这样一处可以确认的内容")


def test_bad_rows_may_be_skipped_and_unconfirmed_ones_are_bad(
    application: Application, tmp_path: Path
) -> None:
    outcome = imported(application, tmp_path, skip_bad=True)
    assert isinstance(outcome, ImportOutcome)
    assert (outcome.added, sorted(entries(application, "objects"))) == (1, ["91990102MA310002XB"])


def test_hidden_rows_wait_for_an_answer_which_is_recorded(application: Application, tmp_path: Path) -> None:
    sound = "统一社会信用代码,企业名称\n91990102MA310002XB,示例乙有限公司\n"
    reading = replace(
        register_file(tmp_path, "objects", sound).reading, hidden=HiddenParts((2,), ("联系电话",))
    )
    (reason,) = reasons(imported(application, tmp_path, text=sound, reading=reading))
    assert reason.startswith("文件里有 1 行被隐藏或筛掉（第 2 行…），有隐藏的列：联系电话")
    assert isinstance(
        imported(application, tmp_path, text=sound, reading=reading, hidden=HiddenAnswer.INCLUDE),
        ImportOutcome,
    )
    (event,) = events(application, "register:objects")
    assert event.body["hidden"] == {"rows": [2], "columns": ["联系电话"], "answer": "include"}


def test_who_may_not_import_is_told_nothing_of_what_was_confirmed(
    application: Application, tmp_path: Path
) -> None:
    file = register_file(tmp_path, "objects", TEXT)
    assert reasons(settled_file(application, CLERK, "objects", file))[0].startswith(
        "“clerk-1”不能改动这个名录"
    )
    settled = settled_file(application, KEEPER, "objects", file, (CODE, PHONE))
    assert isinstance(settled, SettledFile)
    assert settled.file.reading.ok
    assert len(settled.now) == 2
    assert kept_refusals(application) == []


def test_two_people_confirm_at_once_and_both_stand_in_the_history(
    application: Application, tmp_path: Path
) -> None:
    imported(application, tmp_path, CODE, PHONE)
    assert isinstance(imported(application, tmp_path, CODE, PHONE), ImportOutcome)
    # Confirmed already: not entered a second time.
    assert len(events(application, confirmations_of("objects"))) == 2


def test_a_confirmation_is_kept_as_plain_values() -> None:
    given = Confirmation(id=ODD, column="uscc", value=ODD, reason="证照如此")
    assert given.as_json() == {"id": ODD, "column": "uscc", "value": ODD, "reason": "证照如此"}
