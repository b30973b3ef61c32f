"""An article is printed at its place: what empowers in a notice, what was breached and what orders it to be put right in an order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.definition.library import Library, load_paths
from engine.definition.reader.citations import citations
from engine.documents.duties import Duties, DutyFileError, cited, duties_of, read_duties
from engine.documents.parts.made_up import made_up_document
from engine.documents.parts.paper_tests import find_paper_tests
from engine.documents.parts.places import squeezed
from engine.yamltext.plain import plain_value
from engine.yamltext.source import read_source

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "forms/templates"
#: Articles a firm has to keep whose consequence is settled by no article that was read: a paper leaves them to be filled in.
TO_BE_CHECKED = {"《人力资源服务机构管理规定》第六条第三项", "《就业促进法》第四十条第三项"}


@pytest.fixture(scope="module")
def duties() -> Duties:
    return read_duties((TEMPLATES,))


@pytest.fixture(scope="module")
def library() -> Library:
    loaded = load_paths(
        [*sorted((ROOT / "workflows").glob("*.yaml")), *sorted((ROOT / "forms").glob("*.yaml"))]
    )
    return loaded.library


def bases(library: Library) -> Iterator[str]:
    """Yield the basis of every check row and of every sample item."""
    for form in library.forms.values():
        yield from (row.basis for row in form.rows)
    samples = ROOT / "engine/synthetic/samples/items.yaml"
    root = read_source("items.yaml", samples.read_bytes()).root
    assert root is not None
    yield from (item["basis"] for item in plain_value(root)["items"])


@pytest.mark.parametrize(
    ("basis", "found"),
    [
        ("劳动合同法 第四条、第七十四条第一项", ["劳动合同法 第四条", "劳动合同法 第七十四条第一项"]),
        ("劳动保障监察条例 第十一条第三项、第四项", ["劳动保障监察条例 第十一条第三项、第四项"]),
        ("违反《中华人民共和国劳动合同法》第十条第一款", ["劳动合同法 第十条第一款"]),
        ("劳动合同法第十条；劳动法 第四十四条", ["劳动合同法 第十条", "劳动法 第四十四条"]),
        ("见附件；", [" 见附件"]),
        ("", []),
    ],
)
def test_what_is_cited_is_read_however_it_is_written(basis: str, found: list[str]) -> None:
    assert [f"{one.law} {one.text}" for one in cited(basis)] == found


def test_ranges_and_articles_between_two_others_have_all_their_numbers() -> None:
    assert [
        one.numbers for one in cited("民办教育促进法 第五十三条至第五十五条；刑法 第二百七十六条之一")
    ] == [
        ("53", "54", "55"),
        ("276-1",),
    ]


@pytest.mark.parametrize(
    ("basis", "owed", "order", "otherwise"),
    [
        (
            "劳动保障监察条例 第十一条第八项；民办教育促进法 第三十八条",
            "《民办教育促进法》第三十八条",
            "《民办教育促进法》第六十二条、《民办教育促进法实施条例》第六十三条",
            "《民办教育促进法》第六十二条、《民办教育促进法实施条例》第六十三条",
        ),
        (
            "人力资源市场暂行条例 第三十三条、第三十四条",
            "《人力资源市场暂行条例》第三十三条",
            "《人力资源市场暂行条例》第四十四条",
            "《人力资源市场暂行条例》第四十四条",
        ),
        (
            "劳动保障监察条例 第十一条第六项；劳动合同法 第三十条、第七十四条第五项",
            "《劳动合同法》第三十条",
            "《劳动保障监察条例》第十八条第一款第二项、第二十六条、《劳动合同法》第八十五条",
            "《劳动保障监察条例》第二十六条、第三十条第一款第三项、《劳动合同法》第八十五条",
        ),
        (
            "劳动合同法 第六十六条、第七十四条第三项；劳务派遣暂行规定 第四条",
            "《劳动合同法》第六十六条；《劳务派遣暂行规定》第四条",
            "《劳动合同法》第九十二条第二款",
            "《劳动合同法》第九十二条第二款",
        ),
        (
            "劳动合同法 第四条、第七十四条第一项",
            "《劳动合同法》第四条",
            "《劳动保障监察条例》第十八条第一款第二项、《劳动合同法》第八十条",
            "《劳动保障监察条例》第三十条第一款第三项",
        ),
        ("条例", "条例", "", ""),
    ],
)
def test_a_breach_is_ordered_to_be_put_right_by_its_own_article(
    duties: Duties, basis: str, owed: str, order: str, otherwise: str
) -> None:
    assert (duties.owed(basis), duties.order([basis]), duties.otherwise([basis])) == (owed, order, otherwise)


def test_several_breaches_name_each_article_once_and_in_its_order(duties: Duties) -> None:
    breached = [
        "劳动合同法 第五十七条",
        "劳动合同法 第五十八条",
        "劳动合同法 第十六条",
        "社会保险法 第六十条",
    ]
    assert (
        duties.order(breached)
        == "《劳动保障监察条例》第十八条第一款第二项、《劳动合同法》第八十一条、第九十二条"
    )
    assert duties.elsewhere(breached) == ["社会保险费征收机构"]


def test_whoever_is_inspected_assists_by_the_law_that_empowers(duties: Duties) -> None:
    agency = "人力资源市场暂行条例 第十八条、第二十六条至第三十六条"
    assert duties.assistance([agency]) == "《人力资源市场暂行条例》第三十四条第三款"
    insured = "劳动保障监察条例 第十一条第七项；社会保险法 第五十七条、第七十七条"
    assert duties.assistance([insured]) == "《劳动保障监察条例》第六条、《社会保险法》第七十七条第二款"
    assert duties.empowering(insured) == "《劳动保障监察条例》第十一条第七项；《社会保险法》第七十七条"
    assert duties.assistance(["条例"]) == ""


def test_every_article_of_the_file_is_in_the_table(library: Library, duties: Duties) -> None:
    assert library.articles is not None
    laws = {law.title: law for law in library.articles.laws}
    known = [*duties.powers, *duties.answers, *duties.assisting]
    assert [key for key in known if key[0] not in laws or key[1] not in laws[key[0]].articles] == []
    texts = [text for one in duties.answers.values() for text in (one.order, one.otherwise) if text]
    for text in [*texts, *duties.assisting.values()]:
        assert all(one.known for one in citations(text, library.articles)), text


def test_every_shipped_basis_says_what_is_owed_and_by_what_it_is_ordered(
    library: Library, duties: Duties
) -> None:
    """Rows of the bureau's own and those that only name the matter are no ground of an order."""
    open_ones = set()
    for basis in bases(library):
        for one in cited(duties.owed(basis)):
            answered = duties.order([f"{one.law} {one.text}"]) or duties.elsewhere([f"{one.law} {one.text}"])
            if one.law and not answered:
                open_ones.add(f"《{one.law}》{one.text}")
    assert open_ones == TO_BE_CHECKED


@pytest.mark.parametrize(
    ("breach", "order"),
    [
        ("民办教育促进法 第四十二条", "《民办教育促进法》第六十二条"),
        ("人力资源市场暂行条例 第三十二条、第三十四条", "《人力资源市场暂行条例》第四十四条"),
    ],
)
def test_the_order_to_a_school_or_an_agency_names_its_own_law(
    library: Library, breach: str, order: str
) -> None:
    tests = find_paper_tests((ROOT / "forms",))
    assert tests is not None
    assert library.bureau is not None
    rows = [{"item": "检查事项", "facts": "事实", "basis": breach}]
    example = {**tests.example, "fields": {**tests.example["fields"], "problem_list": rows}}
    changed = type(tests)(tests.file, tests.kinds, tests.never, tests.day, example)
    kind, workflow = tests.kinds["rectification_order"], library.workflow("follow_up")
    given = {**kind.answers, "rectification_order": {"law": ""}}
    kind = type(kind)(kind.template, kind.line, kind.workflow, kind.parts, given, kind.papers)
    html = squeezed(made_up_document(kind, workflow, library.bureau, changed, (TEMPLATES,)).decode())
    assert f"依照{order}，责令你单位" in html
    assert f"逾期拒不改正的，依照{order}处理" in html
    assert "劳动保障监察条例" not in html
    assert "第三十四条" not in html


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- 劳动合同法 第四条", "f.yaml:1：此处应是一组“键: 值”"),
        ("laws: []", "f.yaml:1：此处没有“laws”这个键"),
        ("powers: 劳动合同法 第四条", "f.yaml:1：此处应是一个列表"),
        ("powers:\n  - 劳动合同法", "f.yaml:2：此处应写法规全称和条号"),
        ("duties:\n  - {order: 劳动合同法 第八十条}", "f.yaml:2：此处应写法规全称和条号"),
        (
            "duties:\n  - {breach: 劳动合同法 第四条}\n  - {breach: 劳动合同法 第四条至第七条}",
            "f.yaml:3：《劳动合同法》第 4 条已经写过",
        ),
        ("duties: [", "f.yaml"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(text: str, said: str) -> None:
    with pytest.raises(DutyFileError) as refused:
        duties_of("f.yaml", text.encode())
    assert said in refused.value.message.render()


def test_a_folder_without_such_a_file_says_no_duties(tmp_path: Path) -> None:
    assert read_duties((tmp_path,)) == Duties()
    assert Duties().owed("劳动合同法 第四条") == "《劳动合同法》第四条"
    (tmp_path / "duties.yaml").write_text("powers: [劳动合同法 第四条]\n", encoding="utf-8")
    assert read_duties((tmp_path, TEMPLATES)).owed("劳动合同法 第四条、第七条") == "《劳动合同法》第七条"


def test_what_can_be_breached_in_a_basis_is_never_what_empowers(duties: Duties, library: Library) -> None:
    """The basis of a row names what empowers, plans and duties: what the public reads as breached is a duty of a law."""
    assert duties.breached("劳动保障监察条例 第十条；劳动合同法 第十条") == "《劳动合同法》第十条"
    assert duties.breached("劳动保障监察条例 第十条、第十一条") == ""
    assert duties.breached("实施方案 二（四）") == ""
    # Of several duties nobody but who inspected says which was breached: this one binds employers of migrant workers alone.
    assert duties.breached("工资支付暂行规定 第六条；保障农民工工资支付条例 第十五条") == ""
    assert duties.breached("劳动合同法 第十九条、第二十条") == ""
    assert (
        duties.breached("劳动合同法 第十九条第一款、第十九条第二款")
        == "《劳动合同法》第十九条第一款、第十九条第二款"
    )
    # A range is parted where an article in it empowers.
    agency = "人力资源市场暂行条例 第十八条、第二十六条至第三十六条"
    assert duties.owed(agency) == "《人力资源市场暂行条例》第十八条、第二十六条至第三十三条、第三十六条"
    assert duties.breached(agency) == ""
    own = Duties(frozenset({("某法", str(number)) for number in (10, 101, 111)}))
    assert own.owed("某法 第九条至第十二条、第一百条至第一百一十二条") == (
        "《某法》第九条、第十一条至第十二条、第一百条、第一百零二条至第一百一十条、第一百一十二条"
    )
    for basis in bases(library):
        for one in cited(duties.breached(basis)):
            assert one.law
            assert duties.powers.isdisjoint((one.law, number) for number in one.numbers), basis
            assert len(one.numbers) == 1, basis


@pytest.mark.parametrize(
    ("basis", "found"),
    [
        (
            "《劳动保障监察条例》第十一条，《劳动合同法》第三十条",
            [("劳动保障监察条例", "第十一条"), ("劳动合同法", "第三十条")],
        ),
        (
            "《劳动合同法》第三十条和《劳动保障监察条例》第十一条第六项",
            [("劳动合同法", "第三十条"), ("劳动保障监察条例", "第十一条第六项")],
        ),
        (
            "《劳动合同法》第三十条、《劳动保障监察条例》第十一条",
            [("劳动合同法", "第三十条"), ("劳动保障监察条例", "第十一条")],
        ),
        (
            "《劳动合同法》第三十条,第七十四条",
            [("劳动合同法", "第三十条"), ("劳动合同法", "第七十四条")],
        ),
    ],
)
def test_each_law_keeps_its_own_articles_however_they_are_joined(
    basis: str, found: list[tuple[str, str]]
) -> None:
    assert [(one.law, one.text) for one in cited(basis)] == found
