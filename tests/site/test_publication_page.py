from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from site_factories import AT, BUREAU, PAGE_TYPES, fact, result, year

from engine.app.ports.records import Publication
from engine.site.publication_page import Fact, PublicationPage, grouped, make_notices


def made(*publications: Publication) -> list[PublicationPage]:
    notices, told = make_notices(publications, BUREAU, PAGE_TYPES, "zh_CN")
    assert told == []
    return notices


def test_a_code_in_groups_of_eight() -> None:
    assert grouped("0123456789abcdef0") == ["01234567", "89abcdef", "0"]
    assert grouped("") == []
    (notice,) = made(result())
    assert "".join(notice.groups) == notice.code
    assert [len(group) for group in notice.groups] == [8] * 8


def test_a_publication_made_ready() -> None:
    (notice,) = made(result(1))
    assert (notice.id, notice.case, notice.kind) == (
        "inspection-1/result/1",
        "inspection-1",
        PAGE_TYPES.pages["result"],
    )
    assert notice.name == "inspection-1-1"
    assert notice.page == f"{notice.kind.path}/inspection-1-1.html"
    assert notice.title == "清河电子科技有限公司检查结果"
    assert (notice.published_on, notice.due_on, notice.late) == (date(2024, 10, 8), date(2024, 10, 18), False)
    assert (notice.withdrawn_on, notice.withdrawn_because) == (None, "")


def test_the_code_is_the_digest_of_the_json() -> None:
    publication = replace(result(1), withdrawn_at=AT, withdrawn_because="登记有误", late=True)
    (notice,) = made(publication)
    assert notice.code == hashlib.sha256(notice.json).hexdigest()
    assert notice.json.endswith(b"\n")
    shown = json.loads(notice.json)
    assert shown["body"] == notice.body
    assert {name: value for name, value in shown.items() if name != "body"} == {
        "id": "inspection-1/result/1",
        "kind": "result",
        "title": "清河电子科技有限公司检查结果",
        "published_at": "2024-10-08T02:01:00.000000Z",
        "due_on": "2024-10-18",
        "late": True,
        "withdrawn_at": "2024-10-08T02:00:00.000000Z",
        "withdrawn_because": "登记有误",
    }
    (changed,) = made(replace(publication, title="另一标题"))
    assert changed.code != notice.code


def test_days_are_days_of_the_bureau() -> None:
    night = datetime(2024, 10, 8, 16, 30, tzinfo=UTC)
    (notice,) = made(replace(result(), published_at=night, withdrawn_at=night + timedelta(days=1)))
    assert (notice.published_on, notice.withdrawn_on) == (date(2024, 10, 9), date(2024, 10, 10))
    (undated,) = made(replace(result(), due_on=None))
    assert json.loads(undated.json)["due_on"] is None


def test_the_newest_comes_first_and_a_kind_nobody_knows_is_told() -> None:
    notices = made(*year())
    assert [notice.published_at for notice in notices] == sorted(
        (publication.published_at for publication in year()), reverse=True
    )
    odd = replace(result(2), kind="rumour")
    found, told = make_notices([odd, result(1)], BUREAU, PAGE_TYPES, "zh_CN")
    assert [notice.id for notice in found] == ["inspection-1/result/1"]
    assert [str(sentence) for sentence in told] == ["inspection-2/result/1：没有“rumour”这一类公示，未上网"]


def test_numbers_of_people_are_in_no_part() -> None:
    phone = "13800000000"
    publication = replace(
        result(1, facts=[fact("remark", "备注", f"电话{phone}")]),
        title=f"甲{phone}",
        withdrawn_at=AT,
        withdrawn_because=f"见{phone}",
    )
    (notice,), told = make_notices([publication], BUREAU, PAGE_TYPES, "zh_CN")
    assert phone.encode() not in notice.json
    assert phone not in notice.title + notice.withdrawn_because + notice.facts["remark"].text
    assert [str(sentence) for sentence in told] == ["inspection-1/result/1：文字里的电话号码或身份证号已隐去"]


def test_facts_by_the_name_of_their_field_and_by_their_place() -> None:
    facts = [
        fact("remark", "备注", "按期办结", 7),
        {**fact("count", "数量", ""), "form": "case", "text": None},
    ]
    (notice,) = made(result(1, facts=facts))
    assert notice.facts["remark"] == notice.facts["forms.result_entry.remark"] == Fact(7, "按期办结")
    assert notice.facts["case.count"] == notice.facts["count"]
    assert notice.facts["count"].text == ""


@pytest.mark.parametrize(
    ("ids", "names"),
    [
        (["a-1/result/1"], ["a-1-1"]),
        (["a b/result/1"], ["a-b-1-*"]),
        (["index"], ["index-*"]),
        (["page-2"], ["page-2-*"]),
        (["list", "search"], ["search-*", "list-*"]),
        (["///"], ["*"]),
        (["x/../../y"], ["x-y-*"]),
        (["甲"], ["*"]),
        (["x" * 90], ["x" * 80 + "-*"]),
    ],
)
def test_the_name_of_a_file(ids: list[str], names: list[str]) -> None:
    found = [notice.name for notice in made(*(replace(result(), id=one) for one in ids))]
    for name, wanted in zip(found, names, strict=True):
        if not wanted.endswith("*"):
            assert name == wanted
            continue
        assert name.startswith(wanted.removesuffix("*"))
        digest = name.removeprefix(wanted.removesuffix("*"))
        assert len(digest) == 12
        assert set(digest) <= set("0123456789abcdef")


@given(
    st.lists(
        st.text(st.sampled_from("a1/-. 甲"), min_size=1, max_size=5), min_size=2, max_size=5, unique=True
    )
)
def test_different_ids_have_different_names_without_a_path(ids: list[str]) -> None:
    names = [notice.name for notice in made(*(replace(result(), id=one) for one in ids))]
    assert len(set(names)) == len(ids)
    assert all(name and name.isascii() and not set(name) & set("/.\\ ") for name in names)


def test_the_fact_of_a_renamed_question_is_found_by_both_of_its_names() -> None:
    facts = [{**fact("staff", "人数", "7"), "written": "workers"}]
    (notice,) = made(result(1, facts=facts))
    assert notice.facts["staff"] == notice.facts["workers"]
    assert {name for name in notice.facts if name.endswith(".workers")}


def test_what_a_kind_of_page_calls_a_field_is_found_in_publications_of_every_version() -> None:
    publication = result(1)
    workflow = str(publication.body["workflow"])
    names = {workflow: {"result_entry": {"comment": "remark"}}}
    (notice,), _ = make_notices([publication], BUREAU, PAGE_TYPES, "zh_CN", (), names)
    assert notice.facts["forms.result_entry.comment"] == notice.facts["forms.result_entry.remark"]
    assert notice.facts["comment"].text == "按期办结"
    # The code of a page does not change with what others call a field of it later.
    assert notice.code == made(publication)[0].code
    # What is kept off the pages under its name of today is kept off those of before.
    kind = replace(PAGE_TYPES.pages["result"], private=frozenset({"comment"}))
    types = replace(PAGE_TYPES, pages={**PAGE_TYPES.pages, "result": kind})
    (notice,), told = make_notices([publication], BUREAU, types, "zh_CN", (), names)
    assert "remark" not in notice.facts
    assert "按期办结" not in notice.json.decode()
    assert len(told) == 1
