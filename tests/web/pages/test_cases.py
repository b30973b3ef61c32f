"""A case: what is around it, its clocks day by day, its chain verified, found by number and name."""

from __future__ import annotations

from workbench_fixtures import Desk, heading

from engine.web.pages import cases


def test_a_case_with_all_around_it(signed_in: Desk) -> None:
    case = signed_in.bureau.start()
    signed_in.bureau.take(case, "report", "clerk-1", {"found": "漏签合同", "count": 3})
    page = signed_in.get(f"/cases/{case}").text
    for word in ("经过", "时限", "人员", "文书", "公众看到的", "漏签合同"):
        assert word in page
    assert "上报" in signed_in.get(f"/cases/{case}/history").text
    assert cases.PER_PAGE > 1


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
