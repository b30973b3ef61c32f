"""The page of a firm in a browser: from the code on its slip to its answers, and nothing for anybody else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from rectification_fixtures import FIRM_CODE, PDF, PERSON, RectificationDesk, rectification_desk
from small_bureau import SHANGHAI
from starlette.testclient import TestClient
from workbench_fixtures import BASE, Desk, token_of

from engine.web.asgi import make_app
from engine.web.pages.firm import own
from engine.web.workbench import Workbench


@pytest.fixture
def bureau() -> RectificationDesk:
    return rectification_desk()


@pytest.fixture
def desk(bureau: RectificationDesk) -> Desk:
    bench = Workbench(bureau.application, Path("/nonexistent"), SHANGHAI)
    return Desk(bureau, bench, TestClient(make_app(bench), base_url=BASE, follow_redirects=False))


def opened(desk: Desk, code: str) -> None:
    answer = desk.post("/firm", firm=FIRM_CODE, code=code)
    assert (answer.status_code, answer.headers["location"]) == (303, "/firm/case")


def test_a_firm_goes_its_way_and_leaves(desk: Desk, bureau: RectificationDesk) -> None:
    opened(desk, bureau.issued(bureau.paper).code)
    text = desk.get("/firm/case").text
    for words in (
        "示例企业",
        "未签劳动合同三份",
        "甲条例 第一条",
        "改正期限：2024-10-31",
        "031****00",
        "待企业反馈",
    ):
        assert words in text
    assert "0311-86000000" not in text
    token = token_of(text)
    answer = desk.client.post(
        "/firm/case",
        data={"form_token": token, "do": "feedback", "problem": "1", "text": "已补签<b>"},
        files=[("files", ("合同.pdf", PDF))],
    )
    text = desk.get(answer.headers["location"]).text
    assert "反馈已送达本局，回执号" in text
    assert "已补签&lt;b&gt;" in text
    assert "待本局复查" in text
    given = desk.get(f"/firm/papers/{bureau.paper}")
    assert "责令改正书" in given.text
    assert given.headers["content-disposition"].startswith("attachment")
    assert "请勾选同意" in desk.post("/firm/case", do="receipt", paper=bureau.paper).text
    assert desk.post("/firm/case", do="receipt", paper=bureau.paper, agreed="yes").status_code == 303
    assert "确认收到" in desk.get("/firm/case").text
    # What was typed is there again after a refusal.
    refused = desk.post("/firm/case", do="extension", until="2024-10-01", reason="等料")
    assert refused.status_code == 422
    assert 'value="2024-10-01"' in refused.text
    assert "等料" in refused.text
    assert desk.post("/firm/case", do="leave").headers["location"] == "/firm"
    assert "示例企业" not in desk.get("/firm/case").text


def test_the_cookie_of_a_firm_opens_nothing_of_the_bureau(desk: Desk, bureau: RectificationDesk) -> None:
    opened(desk, bureau.issued().code)
    secret = desk.client.cookies.get("ssj_firm", domain="workbench.example") or ""
    assert re.fullmatch(r"[0-9a-f]{16}\.[A-Za-z0-9_-]{43}", secret)
    desk.client.cookies.set("ssj_session", secret, domain="workbench.example")
    for path in ("/", f"/cases/{bureau.case}", f"/files/{bureau.case}/F1", f"/documents/{bureau.case}/1"):
        answer = desk.get(path)
        assert (answer.status_code, "/sign-in" in answer.headers["location"]) == (303, True)
    assert desk.get(f"/firm/papers/{bureau.paper}").status_code == 404
    assert desk.get("/firm/papers/other-1/order_paper/1").status_code == 404


def test_a_wrong_code_is_said_and_the_page_asks_again(desk: Desk, bureau: RectificationDesk) -> None:
    bureau.issued()
    answer = desk.post("/firm", firm=FIRM_CODE, code="0000-0000-0000-0000")
    assert answer.status_code == 422
    assert "办理码不对" in answer.text
    assert FIRM_CODE in answer.text
    assert "ssj_firm" not in desk.client.cookies
    assert own.show is not None


def test_where_it_is_closed_there_is_one_sentence(desk: Desk, bureau: RectificationDesk) -> None:
    bureau.application.settings = {"firm_page": "closed"}
    answer = desk.get("/firm")
    assert (answer.status_code, "没有开通" in answer.text) == (404, True)
    desk.sign_in(PERSON)
    assert "没有开通" in desk.get(f"/cases/{bureau.case}/firm").text


def test_the_office_issues_answers_and_types(desk: Desk, bureau: RectificationDesk) -> None:
    desk.sign_in(PERSON)
    page = f"/cases/{bureau.case}/firm"
    assert page in desk.get(f"/cases/{bureau.case}").text
    slip = desk.post(page, do="code", papers=bureau.paper).text
    code = re.search(r"<code>([0-9A-Z-]{19})</code>", slip)
    assert code is not None
    assert code[1] not in desk.get(page).text
    assert desk.post(page, do="feedback", problem="1", text="电话里说已改").status_code == 303
    text = desk.get(page).text
    assert "代录" in text
    assert "电话里说已改" in text
    assert desk.post(page, do="feedback-back", problem="1", note="").status_code == 422
    assert desk.post(page, do="feedback-back", problem="1", note="缺材料").status_code == 303
    assert "缺材料" in desk.get(page).text
    assert desk.post(page, do="extension", until="2024-11-15", reason="等料").status_code == 303
    assert desk.post(page, do="grant", note="同意").status_code == 303
    assert "本局同意" in desk.get(page).text
    assert desk.post(page, do="code-ended").status_code == 303
