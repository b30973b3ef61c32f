"""A form that comes after its session has ended: nothing typed is lost, and nothing is done before its sender signs in."""

from __future__ import annotations

import html
import re

import pytest
from workbench_fixtures import GOOD, Desk, token_of

from engine.app.commands import Caller
from engine.app.commands.credentials import NewPassword, set_password
from engine.app.commands.sign_in.web_sessions import end_sessions
from engine.web.forms.typed import Typed
from engine.web.forms.unsent import Unsent, unpacked, unsent_of

pytestmark = pytest.mark.usefixtures("quick_hashing")
RIGHT = "correct horse battery"


@pytest.fixture
def ended(signed_in: Desk) -> tuple[Desk, str, str]:
    """Return a desk, an address and a token of a form, after the sessions were ended from elsewhere."""
    application = signed_in.bureau.application
    path = f"/cases/{signed_in.bureau.start()}/steps/report"
    token = token_of(signed_in.get(path).text)
    assert set_password(application, Caller("clerk-1"), "clerk-1", NewPassword(RIGHT)) == []
    end_sessions(application, Caller("clerk-1"), "clerk-1")
    return signed_in, path, token


def test_what_was_typed_is_in_the_form_again_after_signing_in(ended: tuple[Desk, str, str]) -> None:
    desk, path, token = ended
    evil = '漏签"><script>alert(1)</script>'
    sent = {"form_token": token, "do": "confirm", "q.found": evil, "q.count": "3"}
    asked = desk.client.post(path, data=sent)
    assert asked.status_code == 401
    assert "登录已经到期" in asked.text
    assert "<script>alert" not in asked.text
    kept = html.unescape(re.findall(r'name="unsent" value="([^"]*)"', asked.text)[0])
    signing = {"form_token": token_of(asked.text), "person": "clerk-1", "unsent": kept}
    wrong = desk.client.post("/sign-in", data={**signing, "password": "wrong"})
    assert wrong.status_code == 422
    assert 'name="unsent"' in wrong.text
    signing["form_token"] = token_of(wrong.text)
    back = desk.client.post("/sign-in", data={**signing, "password": RIGHT})
    assert back.status_code == 200
    fields = dict(
        re.findall(r'<input type="hidden" name="(q\.[a-z]+|form_token)" value="([^"]*)"', back.text)
    )
    form = desk.client.post(path, data={**{n: html.unescape(v) for n, v in fields.items()}, "do": "edit"})
    assert form.status_code == 200, form.text
    assert html.escape(evil, quote=True).replace("&#x27;", "&#39;") in form.text.replace("&#34;", "&quot;")
    assert 'value="3"' in form.text
    # Nothing was done meanwhile.
    assert desk.bureau.application.store is not None
    assert "待走访" in desk.get(path.rpartition("/steps/")[0]).text


def test_a_form_from_elsewhere_is_not_carried(ended: tuple[Desk, str, str]) -> None:
    desk, path, token = ended
    sent = {"form_token": token, "do": "confirm", **GOOD}
    answer = desk.client.post(path, data=sent, headers={"Origin": "http://elsewhere.example"})
    assert (answer.status_code, answer.headers["location"].startswith("/sign-in")) == (303, True)


def test_of_a_page_that_cannot_show_it_again_the_texts_are_shown(ended: tuple[Desk, str, str]) -> None:
    desk, path, token = ended
    case = path.split("/")[2]
    asked = desk.client.post(f"/cases/{case}/verbs/extend", data={"form_token": token, "reason": "等鉴定"})
    assert "等鉴定" in asked.text


def test_what_is_packed_is_unpacked_and_nothing_else() -> None:
    typed = Typed({"q.a": ["一", "二"], "form_token": ["x"], "do": ["confirm"], "password": ["geheim"]})
    found = unsent_of("/cases/a-1/steps/b", typed, again=True)
    assert found == Unsent("/cases/a-1/steps/b", {"q.a": ["一", "二"]}, True, [])
    assert found is not None
    assert unpacked(found.packed()) == found
    assert found.shown == ["一", "二"]
    assert unsent_of("/x", Typed({"do": ["y"], "q.a": [" "]}), again=True) is None
    assert unsent_of("/x", Typed({"q.a": ["x" * 400_001]}), again=True) is None
    for wrong in (
        "",
        "{",
        "[]",
        '{"address": 1}',
        '{"texts": {"a": 1}, "address": "", "again": true, "files": []}',
    ):
        assert unpacked(wrong) is None
