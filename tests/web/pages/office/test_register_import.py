"""A file into a register: looked at, confirmed, taken in, taken back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from workbench_fixtures import Desk, token_of

from engine.web.pages.office import register_import
from engine.web.workbench import MAX_UPLOADS

PEOPLE = "编号,姓名,股室,角色\nclerk-1,经办人01,one,clerk\nclerk-7,经办人07,one,clerk\n"


@pytest.fixture
def keeper(desk: Desk) -> Desk:
    desk.sign_in("head-1")
    return desk


def send(desk: Desk, kind: str, content: str | None, **typed: str) -> Any:
    path = f"/registers/{kind}/import"
    token = token_of(desk.get(path).text)
    files = {"file": ("people.csv", content.encode())} if content is not None else None
    return desk.client.post(path, data={"form_token": token, **typed}, files=files)


def test_from_the_file_to_the_register_and_back(keeper: Desk) -> None:
    seen = send(keeper, "people", PEOPLE, do="preview")
    assert seen.status_code == 200, seen.text
    assert "新增 1 条" in seen.text
    upload = re.search(r'name="upload" value="([^"]+)"', seen.text)
    assert upload is not None
    with keeper.bureau.application.store.read() as transaction:
        assert transaction.registers.get("people", "clerk-7") is None
    done = send(keeper, "people", None, do="import", upload=upload[1])
    assert "已导入" in done.text, done.text
    with keeper.bureau.application.store.read() as transaction:
        assert transaction.registers.get("people", "clerk-7") is not None
    undo = keeper.get("/registers/people/undo")
    assert "移出 1 条" in undo.text
    seq = re.search(r'name="seq" value="(\d+)"', undo.text)
    assert seq is not None
    assert keeper.post("/registers/people/undo", seq=seq[1]).status_code == 303
    with keeper.bureau.application.store.read() as transaction:
        assert transaction.registers.get("people", "clerk-7") is None
    assert send(keeper, "people", None, do="import", upload="gone").status_code == 422


def test_a_file_with_faults_is_refused_row_by_row(keeper: Desk) -> None:
    wrong = send(keeper, "people", "编号,姓名,股室,角色\nclerk-8,,没有这股,x\n", do="import")
    assert wrong.status_code == 422
    assert "须改正或确认" in wrong.text
    nothing = send(keeper, "people", "", do="preview")
    assert nothing.status_code == 422
    assert send(keeper, "people", None, do="preview").status_code == 422
    with keeper.bureau.application.store.read() as transaction:
        assert transaction.registers.get("people", "clerk-8") is None


def test_who_may_not_and_what_is_no_register(desk: Desk) -> None:
    desk.sign_in("clerk-1")
    assert send(desk, "people", PEOPLE, do="import").status_code == 403
    assert desk.get("/registers/nonsense/import").status_code == 404
    assert desk.get("/registers/nonsense/undo").status_code == 404


def test_few_uploads_are_kept_and_each_for_its_person(desk: Desk) -> None:
    for number in range(MAX_UPLOADS + 1):
        desk.bench.keep_upload(str(number), "clerk-1", "a.csv", b"x")
    assert desk.bench.upload("0", "clerk-1") is None
    assert desk.bench.upload("1", "clerk-1") == ("a.csv", b"x")
    assert desk.bench.upload("1", "clerk-2") is None
    desk.bench.drop_upload("1")
    assert desk.bench.upload("1", "clerk-1") is None
    assert register_import.show is not None
