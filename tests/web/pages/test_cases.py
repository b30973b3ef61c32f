"""A case: what is around it, its clocks day by day, its chain verified, found by number and name."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from page_visits import text_of, visit_of
from workbench_fixtures import Desk, heading

from engine.app.commands import Caller
from engine.app.commands.migration.migrate_cases import migrate
from engine.app.ports.records import Document
from engine.deployment.site_channel import single_handed_of
from engine.kernel.refusal import Refusal
from engine.web.pages import cases
from engine.web.pages.file import public
from engine.web.pages.studio import proposals, versions


def test_a_case_with_all_around_it(signed_in: Desk) -> None:
    case = signed_in.bureau.start()
    signed_in.bureau.take(case, "report", "clerk-1", {"found": "漏签合同", "count": 3})
    page = signed_in.get(f"/cases/{case}").text
    for word in ("经过", "时限", "人员", "文书", "公众看到的", "漏签合同"):
        assert word in page
    assert "上报" in signed_in.get(f"/cases/{case}/history").text
    assert cases.PER_PAGE > 1


def test_an_answer_that_is_not_in_the_history_is_said_at_the_top(signed_in: Desk) -> None:
    case = signed_in.bureau.start()
    signed_in.bureau.take(case, "report", "clerk-1", {"found": "漏签合同", "count": 3})
    with signed_in.bureau.application.store.write() as transaction:
        found = transaction.cases.get(case)
        assert found is not None
        forms = {name: {**answers, "count": 4} for name, answers in found.forms.items()}
        transaction.cases.save(replace(found, forms=forms), found.rev)
    page = signed_in.get(f"/cases/{case}").text
    assert "表单与历史不符" in page
    assert "在办理以外被改动" in page


def test_clocks_day_by_day(signed_in: Desk) -> None:
    case = signed_in.bureau.start()
    page = signed_in.get(f"/cases/{case}/clocks").text
    assert "期限 20 个工作日" in page
    assert "2024-09-15" in page


def test_the_chain_is_verified_by_a_button(signed_in: Desk) -> None:
    case = signed_in.bureau.start()
    answer = signed_in.post(f"/cases/{case}/verify", at=f"/cases/{case}")
    assert heading(answer.text) == "历史链核验"
    assert "逐条核验了 1 条" in answer.text


def test_found_by_number_and_name_ended_ones_too(signed_in: Desk) -> None:
    case = signed_in.bureau.start()
    for text in (case, "示例", "E1"):
        assert f"/cases/{case}" in signed_in.get(f"/cases?text={text}").text
    assert "没有查到" in signed_in.get("/cases?text=nothing").text


def test_a_document_is_given_to_be_kept_only(signed_in: Desk) -> None:
    assert signed_in.get("/documents/visit-9/1").status_code == 404
    assert cases.document is not None


def test_a_case_by_rules_one_person_published_says_so_wherever_it_is_listed(signed_in: Desk) -> None:
    before = signed_in.bureau.start()
    signed_in.publish_alone()
    after = signed_in.bureau.start()
    assert "单人办理" not in signed_in.get(f"/cases/{before}").text
    page = signed_in.get(f"/cases/{after}").text
    assert "单人办理" in page
    assert "本件所依的流程（第 2 版）由一人发布，没有第二人确认" in page
    rows = signed_in.get("/cases?text=示例").text.split("<tr>")
    assert ["单人办理" in row for row in rows if f"/cases/{before}" in row] == [False]
    assert ["单人办理" in row for row in rows if f"/cases/{after}" in row] == [True]
    lines = text_of(versions.show(visit_of(signed_in, "/studio/visit/versions", "head-1", workflow="visit")))
    assert ["单人办理" in line for line in lines.split("<tr>")[2:]] == [True, False]
    listed = text_of(proposals.show(visit_of(signed_in, "/proposals", "head-1")))
    assert "单人办理的" in listed
    assert listed.count("definition.publish") == 1


def test_a_step_of_the_history_that_one_person_took_for_two_is_marked(signed_in: Desk) -> None:
    case = signed_in.bureau.start()
    signed_in.publish_alone()
    assert not isinstance(migrate(signed_in.bureau.application, Caller("head-1"), "visit", 2), Refusal)
    for address in (f"/cases/{case}", f"/cases/{case}/history"):
        entries = (
            signed_in.get(address).text.split('<ol class="timeline">')[1].split("</ol>")[0].split("<li>")[1:]
        )
        assert ["单人办理" in entry for entry in entries] == [True, False]


def test_a_paper_from_a_template_one_person_published_says_so_wherever_its_case_is_listed(
    signed_in: Desk,
) -> None:
    application = signed_in.bureau.application
    before, after = signed_in.bureau.start(), signed_in.bureau.start()
    now = application.clock.now()

    def file(case: str) -> None:
        with application.store.write() as transaction:
            paper = Document(f"{case}/1", case, "note", "01-note.html", "0" * 64, b"<title>x</title>", now)
            transaction.records.put_document(paper)

    file(before)
    assert "单人办理" not in signed_in.get(f"/cases/{before}").text
    signed_in.bureau.clock.advance(timedelta(minutes=5))
    signed_in.publish_template_alone("<p>2</p>")
    signed_in.bureau.clock.advance(timedelta(minutes=5))
    now = application.clock.now()
    file(after)
    assert "单人办理" not in signed_in.get(f"/cases/{before}").text
    page = signed_in.get(f"/cases/{after}").text
    assert "本件的文书 01-note.html 所用的模板由一人发布，没有第二人确认" in page
    assert page.count("单人办理") == 2
    rows = signed_in.get("/cases?text=示例").text.split("<tr>")
    assert ["单人办理" in row for row in rows if f"/cases/{before}" in row] == [False]
    assert ["单人办理" in row for row in rows if f"/cases/{after}" in row] == [True]
    signed_in.bureau.take(after, "report", "clerk-1", {"found": "漏签", "count": 3})
    signed_in.bureau.take(after, "accept", "chief-1")
    assert "单人办理" in text_of(public.show(visit_of(signed_in, case=after)))
    with application.store.read() as transaction:
        published = transaction.records.publications()
        assert single_handed_of(transaction, published).cases == {after}
