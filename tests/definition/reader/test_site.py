"""A site file: the kinds of public pages, checked against the fields that are published."""

from __future__ import annotations

import pytest
from parts import node_of

from engine.definition.reader.site import PublicationFields, outline_site, read_site
from engine.lifecycle.model.form import Field, FieldType, Form
from engine.lifecycle.model.workflow import Effect, State, Transition, Workflow
from engine.lifecycle.page_types import PageColumn, PageTypes

SITE = """\
site: public
private: [phone]
columns:
  position: {title: 序号, value: publication.position}
  name: {title: 名称, title_en: Name, value: [subject.name, publication.title]}
  day: {title: 日期, value: on, format: date}
pages:
  visit:
    title: 检查
    title_en: Visits
    help: 说明
    path: visits
    about: batch
    list: [position, name, day]
    csv: [position, name, day, share]
    details: [name]
    sort: day
    descending: true
    all_draws: true
    private: [share]
    columns:
      share: {title: 占比, value: case.share, format: ratio}
"""


def field(name: str, kind: FieldType, public: bool = True) -> Field:
    return Field(name=name, title=name, type=kind, public=public)


FORM = Form(
    id="check",
    title="检查",
    fields=(
        field("on", FieldType.DATE),
        field("phone", FieldType.TEXT, public=False),
        field("found", FieldType.LIST),
        field("share", FieldType.RATIO, public=False),
    ),
)
FLOW = Workflow(
    id="w",
    title="w",
    about="none",
    initial="open",
    states={"open": State(id="open", title="待办")},
    transitions=(
        Transition(
            id="x",
            title="x",
            sources=("open",),
            target=None,
            then=(
                Effect(kind="publish", arguments={"publish": "visit"}),
                Effect(kind="withdraw", arguments={"withdraw": "plan"}),
            ),
        ),
    ),
    fields={"share": field("share", FieldType.RATIO)},
    forms={"check": FORM},
)
PUBLISHED = PublicationFields.of([FLOW])


def read(text: str, published: PublicationFields | None = PUBLISHED) -> tuple[PageTypes | None, list[str]]:
    types, problems = read_site("site.yaml", text, node_of(text), published)
    return types, [f"{one.line} {one.severity} {one.rule} {one.message}" for one in problems]


def test_what_is_published_is_known_by_name_by_form_and_by_case() -> None:
    (kind,) = PUBLISHED.fields
    known = PUBLISHED.fields[kind]
    assert kind == "visit"
    assert set(known) == {
        "share", "case.share", "on", "phone", "found",
        "forms.check.on", "forms.check.phone", "forms.check.found", "forms.check.share",
    }  # fmt: skip
    # A public field comes before a private one of the same name.
    assert known["share"].public is True
    assert known["forms.check.share"].public is False
    assert PublicationFields.of([]).fields == {}


def test_the_outline_is_the_names_of_the_pages() -> None:
    assert outline_site(node_of(SITE)) == ("visit",)
    assert outline_site(node_of("公示网站: x\n栏目: {a: 1, b: 2}\n")) == ("a", "b")
    assert outline_site(node_of("site: x\npages: 5\n")) == ()
    assert outline_site(None) == ()


def test_a_whole_site() -> None:
    types, problems = read(SITE)
    assert problems == []
    assert types is not None
    assert types.id == "public"
    page = types.pages["visit"]
    assert (page.path, page.title, page.title_en, page.help, page.about) == (
        "visits", "检查", "Visits", "说明", "batch",
    )  # fmt: skip
    assert [column.id for column in page.listed] == ["position", "name", "day"]
    assert [column.id for column in page.exported] == ["position", "name", "day", "share"]
    assert page.details == (
        PageColumn(id="name", title="名称", title_en="Name", values=("subject.name", "publication.title")),
    )
    assert (page.link, page.sort and page.sort.id, page.descending, page.draws) == ("name", "day", True, True)
    assert page.private == {"phone", "share"}


def test_what_is_not_written_follows_from_the_list() -> None:
    types, problems = read("site: public\ncolumns: {name: {title: 名, value: subject.name}}\npages: {visit: {title: 检查, path: v, list: name}}\n")  # fmt: skip
    assert problems == []
    assert types is not None
    page = types.pages["visit"]
    assert page.exported == page.listed
    assert (page.link, page.sort, page.descending, page.details) == ("name", None, False, ())


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("path: visits", "path: a/b", "error bad-name 网址“a/b”不合写法"),
        ("path: visits", "path: style", "error bad-name 网址“style”不合写法"),
        ("list: [position, name, day]", "list: [position, nam]", "error unknown-name 没有列“nam”"),
        ("sort: day", "sort: date", "error unknown-name 没有列“date”"),
        ("sort: day", "link: position", "error unknown-name 列出的列里没有“position”"),
        ("value: publication.position", "value: publicaton.position", "error unknown-name 公示里没有“publicaton”"),
        ("value: publication.position", "value: publication.place", "error unknown-name “publication”里没有“place”"),
        ("value: publication.position}", "value: publication.position, format: date}", "error type-mismatch “publication.position”只能原样列出"),
        ("value: publication.position}", "value: draw.number, format: count}", "error type-mismatch “draw.number”不是列表，数不出项数"),
        ("value: on, format: date", "value: onn, format: date", "error undeclared-field 公示的表单里没有字段“onn”"),
        ("value: on, format: date", "value: forms.check.on, format: number", "error type-mismatch “forms.check.on”是"),
        ("value: on, format: date", "value: phone", "warning undeclared-field 字段“phone”没有写 public: true（公开）"),
        ("value: on, format: date", "value: plan.nothing", "error undeclared-field 公示的表单里没有字段“plan.nothing”"),
        ("value: case.share", "value: case.shar", "error undeclared-field 公示的表单里没有字段“case.shar”"),
        ("  visit:\n", "  visits:\n", "warning unknown-word 没有哪个流程公示“visits”"),
        ("about: batch", "about: case", "error unknown-word 应为下列之一："),
    ],
)  # fmt: skip
def test_each_thing_that_is_wrong(old: str, new: str, problem: str) -> None:
    text = SITE.replace(old, new)
    assert text != SITE
    types, problems = read(text)
    assert (types is None) is problem.startswith("error")
    assert len(problems) == 1
    assert problems[0].split(" ", 1)[1].startswith(problem)


def test_two_pages_may_not_have_one_address() -> None:
    problems = read(SITE + "  other: {title: 他, path: visits, list: [name]}\n")[1]
    assert [problem.split(" ", 1)[1] for problem in problems] == [
        "warning unknown-word 没有哪个流程公示“other”（publish: other）",
        "error duplicate-name 网址“visits”已是栏目“visit”的",
    ]


def test_values_that_need_no_field_are_shown_as_they_are() -> None:
    values = "value: [case.id, plan.title, batch.on], format: date"
    text = SITE.replace("value: on, format: date", values)
    assert read(text)[1] == []
    (problem,) = read(text.replace("batch.on", "batch.found"))[1]
    assert problem.split(" ", 1)[1].startswith("error type-mismatch “batch.found”是")
    counted = SITE.replace("value: on, format: date", "value: draw.selected, format: count")
    assert read(counted)[1] == []


def test_a_shared_column_is_told_of_once() -> None:
    text = SITE.replace("value: on, format: date", "value: onn").replace("details: [name]", "details: [day]")
    assert len(read(text)[1]) == 1


def test_without_workflows_fields_are_not_checked() -> None:
    text = SITE.replace("value: on, format: date", "value: anything").replace("  visit:\n", "  other:\n")
    assert read(text, None)[1] == []


def test_a_file_that_is_no_site_has_its_keys_missing() -> None:
    types, problems = read("contact: {甲: 乙}\n")
    assert types is None
    assert [problem.split(" ")[2] for problem in problems] == ["missing-key", "missing-key"]
