"""A task from its list to its receipt: form, all errors at once, check, confirmation."""

from __future__ import annotations

import re

from small_bureau import BUREAU, ERRAND, NOTE, VISIT
from workbench_fixtures import GOOD, Desk, heading

from engine.app.commands.application import CommandResult
from engine.app.definitions.versions import add_versions
from engine.app.session.new_case import NewCase
from engine.definition.library import load_files
from engine.lifecycle.command import SYSTEM

PAIR = """\
workflow: pair
title: 同签
about: object
initial: waiting
start: {by: [clerk]}
states:
  waiting: {title: 待签署, for: clerk}
  done: {title: 已签署, final: true}
transitions:
  - {do: sign, title: 签署, from: waiting, to: done, form: note, sign: {by: clerk}}
"""


def form(text: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', text))


def test_from_the_list_to_the_receipt(signed_in: Desk) -> None:
    case = signed_in.bureau.start()
    assert f'href="/cases/{case}?' in signed_in.get("/").text
    assert f'href="/cases/{case}/steps/report"' in signed_in.get(f"/cases/{case}").text
    page = signed_in.get(f"/cases/{case}/steps/report").text
    assert 'name="q.found"' in page
    checked = signed_in.post(f"/cases/{case}/steps/report", do="check", **GOOD)
    assert checked.status_code == 200
    assert "案件转到“待审核”" in checked.text
    assert "漏签合同" in checked.text
    view = signed_in.bureau.application.store
    with view.read() as transaction:
        assert transaction.cases.get(case).state == "there"  # type: ignore[union-attr] # it is there
    done = signed_in.client.post(f"/cases/{case}/steps/report", data={**form(checked.text), "do": "confirm"})
    assert done.status_code == 303
    assert done.headers["location"].startswith(f"/cases/{case}/receipt?number=")
    again = signed_in.client.post(f"/cases/{case}/steps/report", data={**form(checked.text), "do": "confirm"})
    assert again.status_code == 409
    receipt = signed_in.get(done.headers["location"])
    assert heading(receipt.text) == "已办理"
    assert f"{case}-2" in receipt.text


def test_all_errors_at_once_each_with_its_field_and_basis(signed_in: Desk) -> None:
    case = signed_in.bureau.start()
    answer = signed_in.post(
        f"/cases/{case}/steps/report", do="check", **{"q.found": "", "q.count": "many", "q.phone": "保留"}
    )
    assert answer.status_code == 422
    assert 'href="#q-found"' in answer.text
    assert 'href="#q-count"' in answer.text
    assert 'id="q-found"' in answer.text
    assert 'value="保留"' in answer.text
    assert 'value="many"' in answer.text
    answer = signed_in.post(f"/cases/{case}/steps/report", do="check", **{"q.found": "无", "q.count": "1"})
    assert "甲条例 第一条" in answer.text
    assert "乙条例 第二条" in answer.text


def test_back_to_the_form_nothing_typed_is_lost(signed_in: Desk) -> None:
    case = signed_in.bureau.start()
    checked = signed_in.post(f"/cases/{case}/steps/report", do="check", **GOOD)
    back = signed_in.client.post(f"/cases/{case}/steps/report", data={**form(checked.text), "do": "edit"})
    assert 'value="漏签合同"' in back.text


def test_an_obstacle_is_said_before_and_a_step_of_before_is_refused(signed_in: Desk) -> None:
    case = signed_in.bureau.start()
    assert signed_in.get(f"/cases/{case}/steps/accept").status_code == 409
    signed_in.bureau.take(case, "report", "clerk-1", {"found": "漏签", "count": 3})
    page = signed_in.get(f"/cases/{case}").text
    assert "尚不能办" in page
    assert "本局内部控制要求" in page
    # What was answered before is there to read, in words.
    assert "漏签" in page


def test_who_signs_after_another_confirms_without_a_form(desk: Desk) -> None:
    application = desk.bureau.application
    files = {"bureau.yaml": BUREAU, "note.yaml": NOTE, "visit.yaml": VISIT, "errand.yaml": ERRAND}
    with application.store.write() as transaction:
        add_versions(transaction, load_files({**files, "pair.yaml": PAIR}), application.clock.now(), SYSTEM)
    subject = {"id": "E1", "name": "示例企业"}
    begun = application.start("pair", "clerk-1", NewCase(title="示例企业", subject=subject))
    assert isinstance(begun, CommandResult)
    path = f"/cases/{begun.case}/steps/sign"
    for person, typed in (("clerk-1", GOOD), ("clerk-2", {})):
        desk.sign_in(person)
        checked = desk.post(path, do="check", **typed)
        assert checked.status_code == 200, checked.text
        done = desk.client.post(path, data={**form(checked.text), "do": "confirm"})
        assert done.status_code == 303, done.text
    with application.store.read() as transaction:
        case = transaction.cases.get(begun.case)
    assert case is not None
    assert case.state == "done"


CALL = """\
workflow: call
title: 联系
about: object
initial: waiting
start: {by: [clerk]}
states:
  waiting: {title: 待联系, for: clerk}
  done: {title: 已联系, final: true}
transitions:
  - {do: call, title: 联系, from: waiting, to: done, by: clerk, form: contact}
"""
CONTACT = """\
form: contact
title: 联系记录
fields:
  - said: {title: 答复}
  - phone: {title: 电话, recommended: true}
  - mail: {title: 邮箱, recommended: true}
"""


def test_why_a_recommended_question_stays_empty_is_asked_and_kept_as_by_a_file(desk: Desk) -> None:
    application = desk.bureau.application
    files = {"bureau.yaml": BUREAU, "note.yaml": NOTE, "visit.yaml": VISIT, "errand.yaml": ERRAND}
    more = {"call.yaml": CALL, "contact.yaml": CONTACT}
    with application.store.write() as transaction:
        add_versions(transaction, load_files({**files, **more}), application.clock.now(), SYSTEM)

    def begin() -> str:
        subject = {"id": "E1", "name": "示例企业"}
        begun = application.start("call", "clerk-1", NewCase(title="示例企业", subject=subject))
        assert isinstance(begun, CommandResult), begun
        return begun.case

    mine, other = begin(), begin()
    desk.sign_in("clerk-1")
    path = f"/cases/{mine}/steps/call"
    page = desk.get(path).text
    assert page.count("建议填写") == 2
    assert "选填" not in page
    assert 'name="q.unanswered.phone"' in page
    # What was typed beside the question is kept in the draft, and is there again.
    desk.post(path, do="save", draft_mark="", **{"q.said": "好", "q.unanswered.phone": "没有电话"})
    assert 'value="没有电话"' in desk.get(path).text
    checked = desk.post(path, do="check", **{"q.said": "好", "q.unanswered.phone": "没有电话"})
    assert "建议填写“电话”，未填写，理由：没有电话" in checked.text
    assert checked.text.count('name="q.unanswered.phone"') == 1
    assert checked.text.count('name="q.unanswered.mail"') == 1
    typed = {"q.unanswered.phone": "没有电话", "q.unanswered.mail": "不用邮箱"}
    done = desk.client.post(path, data={**form(checked.text), **typed, "do": "confirm"})
    assert done.status_code == 303, done.text
    written = {"said": "好", "unanswered": {"phone": "没有电话", "mail": "不用邮箱"}}
    outcome = application.advance(other, "call", "clerk-1", written)
    assert isinstance(outcome, CommandResult), outcome
    with application.store.read() as transaction:
        kept = [transaction.cases.get(case) for case in (mine, other)]
    assert kept[0] is not None
    assert kept[1] is not None
    assert kept[0].forms == kept[1].forms
    assert kept[0].forms["contact"]["unanswered"] == written["unanswered"]
