"""Templates: the standard ones say what they must, hostile names stay texts, and no template gets out."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
from document_factories import DRAWS, HOSTILE, ITEMS, PEOPLE, TEMPLATES, TODAY, definitions, inspection

from engine.app.ports.signatures import SignatureState
from engine.documents.context import document_context
from engine.documents.paper.formats import written
from engine.documents.parts.paper_tests import find_paper_tests
from engine.documents.qr import check_visit_code, qr_svg, visit_code
from engine.documents.render import (
    OUTPUT_BYTES,
    TEMPLATE_BYTES,
    RenderError,
    check_template,
    render,
    template_text,
    templates,
)
from engine.documents.sandbox import Sandbox
from engine.documents.steps import STEPS
from engine.documents.template_folder import read_texts
from engine.value import Later

STANDARD = {
    "approval",
    "check_sheet",
    "commitment",
    "draw_minutes",
    "notice",
    "record",
    "rectification_order",
    "referral_letter",
    "result_review",
    "supervision_circular",
}


def context(name: str = "清河电子科技有限公司", template: str = "notice") -> dict[str, Any]:
    """Return the context of the made-up inspection."""
    workflows, bureau = definitions()
    return document_context(
        inspection(name),
        bureau,
        PEOPLE,
        workflow=workflows["inspection"],
        today=TODAY,
        number="示人社检通〔2024〕17号",
        items=ITEMS,
        draw=DRAWS.get(template),
        texts=read_texts([TEMPLATES]),
    )


def made(template: str, name: str = "清河电子科技有限公司") -> str:
    """Return a standard document as text."""
    return render(template, context(name, template), [TEMPLATES]).decode()


def refused(source: str, tmp_path: Path, values: dict[str, Any] | None = None, steps: int = STEPS) -> str:
    """Return the sentence a template of one's own is refused with."""
    (tmp_path / "own.html").write_text(source, "utf-8")
    with pytest.raises(RenderError) as caught:
        render("own", values or {}, [tmp_path], steps=steps)
    return str(caught.value)


def test_the_standard_templates_are_all_there() -> None:
    tests = find_paper_tests((TEMPLATES.parent,))
    assert tests is not None
    # Each has its list of obligatory parts; tests/documents/parts renders them all.
    assert set(templates([TEMPLATES])) == set(tests.kinds)
    assert set(tests.kinds) > STANDARD


@pytest.mark.parametrize("template", sorted(STANDARD))
def test_every_standard_template_renders_and_escapes(template: str) -> None:
    text = made(template, HOSTILE)
    assert "<script>alert(1)" not in text
    assert text.startswith("<!DOCTYPE html>")
    assert text.rstrip().endswith("</html>")
    assert 'lang="zh-CN"' in text
    assert "示例区人力资源和社会保障局" in text


@pytest.mark.parametrize("template", sorted(STANDARD))
def test_every_standard_template_renders_before_any_form_is_filled(template: str) -> None:
    workflows, bureau = definitions()
    empty = replace(inspection(), forms={}, parties={}, fields={})
    values = document_context(
        empty,
        bureau,
        (),
        workflow=workflows["inspection"],
        today=TODAY,
        draw=DRAWS.get(template),
    )
    assert render(template, values, [TEMPLATES])


def test_only_verified_names_stand_as_official() -> None:
    official = {"notice": "行政检查通知书", "approval": "行政检查审批表", "record": "现场检查笔录"}
    for template in STANDARD:
        text = made(template)
        if template in official:
            assert official[template] in text
        else:
            assert not any(name in text.partition("<h2>")[0] for name in official.values())
        # A note to the office is on nothing that leaves it; the number of the bureau's own records is in the foot.
        assert "本局格式" not in text, template
        assert ("内部编号" in text) is (template != "draw_minutes"), template


def test_the_notice_names_what_it_must() -> None:
    text = made("notice")
    wanted = (
        "inspection-17",
        "清河电子科技有限公司",
        "2024年9月14日",
        "冀A-0101",
        "冀A-0102",
        "陈述、申辩",
        "申请其回避",
        "<svg",
    )
    assert [word for word in wanted if word not in text] == []
    for line in read_texts([TEMPLATES])["discipline"]:
        assert line in text


def test_the_check_sheet_has_every_row_and_no_answer() -> None:
    workflows, _ = definitions()
    forms = workflows["inspection"].forms
    rows = [row for item in ITEMS for row in forms[str(item.data["form"])].rows]
    text = made("check_sheet")
    assert all(row.title in text for row in rows)
    assert text.count("不适用</span>") == len(rows)
    assert "checked" not in text
    assert "☑" not in text
    assert "√" not in text


def test_the_record_shows_failed_rows_with_their_notes() -> None:
    text = made("record")
    assert "两名新职工未订立书面合同（证据：照片2）" in text
    assert "2024年9月14日 09:30" in text  # answers are kept in UTC and shown in the bureau's time


def test_the_commitment_shows_its_digest_in_groups_of_eight() -> None:
    assert made("commitment").count("<span>5f5f5f5f</span>") == 8


def test_a_bureaus_own_template_goes_before_the_standard_one(tmp_path: Path) -> None:
    (tmp_path / "notice.html").write_text("{{ bureau.title }}自己的通知", "utf-8")
    assert (
        render("notice", context(), [tmp_path, TEMPLATES]).decode() == "示例区人力资源和社会保障局自己的通知"
    )


def test_a_changed_template_is_read_again(tmp_path: Path) -> None:
    (tmp_path / "own.html").write_text("一", "utf-8")
    assert render("own", {}, [tmp_path]).decode() == "一"
    (tmp_path / "own.html").write_text("一二", "utf-8")
    assert render("own", {}, [tmp_path]).decode() == "一二"


def test_a_missing_template_is_suggested() -> None:
    with pytest.raises(RenderError, match="是不是“notice”"):
        render("notise", {}, [TEMPLATES])


@pytest.mark.parametrize("name", ["../notice", "/etc/passwd", "a\\b", "c:notice", ""])
def test_names_cannot_leave_the_folders(name: str, tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "notice.html").write_text("out", "utf-8")
    with pytest.raises(RenderError):
        render(name, {}, [tmp_path / "inner"])


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("甲\n{{ nothing }}", 2),
        ("甲\n\n{% if %}", 3),
        ("{{ x.y.z }}", 1),
        ("甲\n{% for a in b %}\n{{ 1 }}", 3),
        ("{{ case | nosuchfilter }}", 1),
    ],
)
def test_mistakes_are_told_with_file_and_line(source: str, line: int, tmp_path: Path) -> None:
    assert f"own.html:{line}" in refused(source, tmp_path, {"x": {}, "b": [1], "case": 1})


def test_a_mistake_in_an_included_part_names_the_part(tmp_path: Path) -> None:
    (tmp_path / "_part.html").write_text("\n\n{{ nothing }}", "utf-8")
    assert "_part.html:3" in refused('{% include "_part.html" %}', tmp_path)


ESCAPES = [
    "{{ ''.__class__.__mro__ }}",
    "{{ x.__init__.__globals__ }}",
    "{{ ().__class__ }}",
    "{{ x['__class__'] }}",
    "{{ x | attr('__class__') }}",
    "{{ [x] | map(attribute='__class__') | first }}",
    "{{ self.__init__ }}",
    "{{ say.__globals__ }}",
    "{{ range.__self__ }}",
    "{{ cycler.__init__ }}",
    "{{ lipsum.__globals__ }}",
    "{{ namespace() }}",
    "{{ '{0.__class__}'.format(x) }}",
    "{{ '%s' % x }}",
    "{{ text.format_map(x) }}",
    "{{ x.update({'a': 1}) }}",
    "{{ x.pop('a') }}",
    "{{ items.append(1) }}",
    "{{ text.encode() }}",
    "{% import 'own.html' as other %}",
    "{% from 'own.html' import a %}",
    "{% set a %}{{ text }}{% endset %}",
    "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
    "{% autoescape false %}{{ text }}{% endautoescape %}",
    "{{ text | safe }}",
    "{{ loop }}",
    "{% for a in items recursive %}{{ loop(items) }}{% endfor %}",
    "{{ items }}",
    "{{ x }}",
    "{{ say('{a.__class__}', a=text) }}",
    "{{ say('{a!r:>9999999}', a=text) }}",
    "{{ x | upper }}",
]


@pytest.mark.parametrize("source", ESCAPES)
def test_no_template_gets_out(source: str, tmp_path: Path) -> None:
    values: dict[str, Any] = {"x": {"a": 1}, "text": "<b>甲</b>", "items": [1, 2]}
    assert "own.html" in refused(source, tmp_path, values)
    assert values == {"x": {"a": 1}, "text": "<b>甲</b>", "items": [1, 2]}


BOMBS = [
    "{{ 'a' * 1000000000 }}",
    "{{ 10 ** 100000000 }}",
    "{% set a = text ~ text %}{{ a }}",
    "{% set a = text + text %}{{ a }}",
    "{{ '%1000000000d' % 1 }}",
    "{{ text | center(1000000000) }}",
    "{{ [1] | batch(1000000000, 'x') | first }}",
    "{{ [[1, 2]] | sum(start=[]) }}",
    "{{ range(1000000000) | length }}",
    "".join(f"{{% set a{n + 1} = [a{n}, a{n}] | join('') %}}" for n in range(40)),
    "".join(f"{{% set a{n + 1} = [a{n}, a{n}] %}}" for n in range(40)) + "{{ a40 }}",
    "{% for a in range(90000) %}{% for b in range(90000) %}" + "甲" * 100 + "{% endfor %}{% endfor %}",
    "{% include 'own.html' %}",
    "{{ " + "(" * 5000 + ")" * 5000 + " }}",
    "{% for a in [1] %}" * 60 + "{% endfor %}" * 60,
]


@pytest.mark.parametrize("source", BOMBS)
def test_no_template_makes_too_much(source: str, tmp_path: Path) -> None:
    assert refused(source, tmp_path, {"text": "甲" * 1000, "a0": "甲" * 1000})


def test_sizes_are_bounded(tmp_path: Path) -> None:
    assert str(TEMPLATE_BYTES) in refused("甲" * TEMPLATE_BYTES, tmp_path)
    source = "{% for a in range(" + str(OUTPUT_BYTES // 3000 + 1) + ") %}" + "甲" * 1000 + "{% endfor %}"
    assert str(OUTPUT_BYTES) in refused(source, tmp_path)


def test_a_file_of_another_encoding_is_told(tmp_path: Path) -> None:
    (tmp_path / "own.html").write_bytes("第一行\n通知书".encode("gb18030"))
    with pytest.raises(RenderError, match=r"own\.html:1.*UTF-8"):
        render("own", {}, [tmp_path])


def test_texts_leave_out_comments_and_the_first_folder_wins(tmp_path: Path) -> None:
    (tmp_path / "discipline.txt").write_text("# 说明\n\n不得吃请\n", "utf-8")
    assert read_texts([tmp_path, TEMPLATES])["discipline"] == ["不得吃请"]
    assert len(read_texts([TEMPLATES])["discipline"]) >= 3


def test_a_visit_code_shows_a_change() -> None:
    code = visit_code("inspection-17", "91130102MA07X3K21Q", ["L02", "L01"], ["冀A-0101", "冀A-0102"])
    assert check_visit_code(code)
    assert not check_visit_code(code.replace("L01", "L03"))
    assert not check_visit_code(code.replace("0102", "0103"))
    assert not check_visit_code("inspection-17")


def test_the_qr_code_is_well_formed_and_its_title_escaped() -> None:
    root = ET.fromstring(qr_svg("SSJ1|a|b", "<script>"))  # noqa: S314 - our own drawing
    assert root.tag.endswith("svg")
    assert root[0].text == "<script>"


#: An answer that would be run where it were taken for a part of the page.
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def test_an_answer_with_a_script_is_text_in_every_format() -> None:
    workflows, bureau = definitions()
    case = replace(inspection(), title=SCRIPT)
    case = replace(
        case, forms={**case.forms, "onsite_check": {**case.forms["onsite_check"], "record": SCRIPT}}
    )
    values = document_context(case, bureau, [], workflow=workflows["inspection"], today=case.opened_at.date())
    page = render("record", values, [TEMPLATES])
    assert b"<script>" not in page
    assert b"&lt;script&gt;alert(1)&lt;/script&gt;" in page
    file = docx.Document(io.BytesIO(written(page, ".docx", case.opened_at.date())))
    assert any(SCRIPT in paragraph.text for paragraph in file.paragraphs)


def test_the_text_of_a_template_that_is_not_saved_goes_before_all_folders(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<p>{{ x }} old</p>", "utf-8")
    assert template_text("a", [tmp_path]) == "<p>{{ x }} old</p>"
    assert template_text("b", [tmp_path]) == template_text("../a", [tmp_path]) == ""
    assert render("a", {"x": "<"}, [tmp_path]) == b"<p>&lt; old</p>"
    assert render("a", {"x": "<"}, [tmp_path], drafts={"a.html": "<p>{{ x }} new</p>"}) == b"<p>&lt; new</p>"
    assert render("a", {"x": "<"}, [tmp_path]) == b"<p>&lt; old</p>"
    for wrong in ("{{ x.__class__ }}", "{{ y }}", "{% if %}", "x" * 2_000_000):
        with pytest.raises(RenderError):
            render("a", {"x": "<"}, [tmp_path], drafts={"a.html": wrong})


def test_digits_of_another_script_are_told(tmp_path: Path) -> None:
    (tmp_path / "x.html").write_text("<p>{{ 1.5\uff11 }}</p>", encoding="utf-8")
    with pytest.raises(RenderError, match="模板 x"):
        check_template("x", [tmp_path])


def test_without_a_public_site_no_code_is_printed_that_leads_nowhere() -> None:
    values = context(template="notice")
    bare = {**values, "office": {**values["office"], "site": ""}}
    text = render("notice", bare, [TEMPLATES]).decode()
    assert "<svg" not in text
    assert "本局没有公示网站，凭任务编号向本局" in text
    assert values["code"] in text


def test_a_template_is_parsed_once_however_often_it_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[str] = []
    parse = Sandbox._parse

    def parsing(sandbox: Sandbox, source: str, name: str | None, filename: str | None) -> Any:
        parsed.append(str(name))
        return parse(sandbox, source, name, filename)

    monkeypatch.setattr(Sandbox, "_parse", parsing)
    (tmp_path / "own.html").write_text('{% include "_part.html" %}{{ a }}', "utf-8")
    (tmp_path / "_part.html").write_text("{{ b }}", "utf-8")
    assert [render("own", {"a": number, "b": "x"}, [tmp_path]) for number in (1, 2)] == [b"x1", b"x2"]
    assert parsed == ["own.html", "_part.html"]


def test_what_is_made_later_is_made_where_a_template_asks_for_it(tmp_path: Path) -> None:
    asked: list[str] = []

    def make() -> list[str]:
        asked.append("made")
        return ["甲", "乙"]

    (tmp_path / "without.html").write_text("{{ a }}", "utf-8")
    (tmp_path / "part.html").write_text("{{ names | length }}", "utf-8")
    (tmp_path / "with.html").write_text('{{ names | join }}{% include "part.html" %}', "utf-8")
    values = {"a": 1, "names": Later(make)}
    assert render("without", values, [tmp_path]) == b"1"
    assert asked == []
    assert render("with", values, [tmp_path]).decode() == "甲、乙2"
    assert asked == ["made"]


def test_signatures_are_asked_for_by_the_papers_that_show_them() -> None:
    asked: list[str] = []

    def signatures() -> Sequence[SignatureState]:
        asked.append("signatures")
        return ()

    workflows, bureau = definitions()
    values = document_context(
        inspection("甲"),
        bureau,
        PEOPLE,
        workflow=workflows["inspection"],
        today=TODAY,
        items=ITEMS,
        texts=read_texts([TEMPLATES]),
        signatures=signatures,
    )
    render("notice", values, [TEMPLATES])
    assert (asked, type(dict(values)["signatures"])) == ([], Later)
    render("record", values, [TEMPLATES])
    assert asked == ["signatures"]
    found = dict(values.items())
    assert (found["signatures"], found["items"]) == (values["signatures"], values["items"])
