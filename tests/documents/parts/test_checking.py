"""A paper that lacks a part, has it in the wrong place, or says what no paper may."""

from __future__ import annotations

from paper_factories import page

from engine.documents.paper.html_reading import read_paper
from engine.documents.parts.checking import missing_parts
from engine.documents.parts.paper_tests import ObligatoryPart, PaperKind, Place

PAPER = read_paper(
    page(
        '<h1>通知书</h1><p class="number">示〔2026〕5号</p><p class="flat">示例公司：</p><p>依照《劳动法》第五条</p>'
        '<div class="seal"><p>示例局</p></div><p class="foot">内部编号 case-1</p>'
    )
)


def found(place: Place, *texts: str, never: tuple[str, ...] = (), internal: str = "case-1") -> list[str]:
    kind = PaperKind("own", 3, "w", (ObligatoryPart("某项", 7, ((place, texts),), "某法第一条"),), {})
    return [
        f"{line}:{message.render('zh_CN')}" for line, message in missing_parts(kind, PAPER, never, internal)
    ]


def test_parts_are_found_in_their_places_whatever_the_white_space() -> None:
    assert found(Place.NUMBER, "示 〔2026〕5号") == []
    assert found(Place.ADDRESSEE, "示例公司") == []
    assert found(Place.BODY, "依照《劳动法》", "第五条") == []
    assert found(Place.SEAL, "示例局") == []


def test_a_part_that_is_missing_or_elsewhere_is_named_with_its_line_and_what_asks_for_it() -> None:
    assert found(Place.BODY, "示例局") == ["7:文书“own”缺少“某项”：正文里应有“示例局”（某法第一条）"]
    assert found(Place.NUMBER, "6号") == ["7:文书“own”缺少“某项”：文号里应有“6号”（某法第一条）"]


def test_what_no_paper_may_say_is_named() -> None:
    assert found(Place.SEAL, "示例局", never=("劳动法",)) == ["3:文书“own”不能写“劳动法”：这是写给本局的话"]
    assert found(Place.SEAL, "示例局", internal="第五条") == [
        "3:文书“own”的正文里有内部编号“第五条”；内部编号只写在页脚"
    ]
