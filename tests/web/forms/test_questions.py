"""Questions: their places, parts named once, what is wrong beside them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from document_factories import definitions

from engine.definition.library import load_files
from engine.documents.form_sheet import blank_sheet
from engine.kernel.refusal import RefusalReason
from engine.language import say
from engine.lifecycle.forms.answers import read_answers
from engine.lifecycle.model.form import Field, FieldType, Form
from engine.web.api.description import description
from engine.web.forms.answers import answers_of
from engine.web.forms.filled import typed_of
from engine.web.forms.questions import place_id, questions_of
from engine.web.forms.typed import Typed
from engine.web.rendering import _environment


def test_a_part_is_named_once_and_what_is_wrong_is_beside_its_question() -> None:
    fields = tuple(Field(name=name, title=name, type=FieldType.TEXT, section="一") for name in "ab")
    form = Form(id="f", title="表", fields=fields)
    reasons = [RefusalReason("form", say("错了"), field="b"), RefusalReason("guard", say("整体"))]
    [group] = questions_of(form, (), Typed(), reasons)
    assert [one.section for one in group.questions] == ["一", None]
    assert [list(one.wrong) for one in group.questions] == [[], ["错了"]]
    assert place_id("rows.r1") == "q-rows-r1"
    assert place_id(None) is None


def test_a_recommended_question_says_so_and_asks_why_it_stays_empty() -> None:
    fields = (
        Field(name="a", title="电话", type=FieldType.TEXT, required=False, recommended=True),
        Field(name="b", title="地址", type=FieldType.TEXT, required=False),
    )
    form = Form(id="f", title="表", fields=fields)
    typed = Typed({"q.unanswered.a": ["没有电话"], "q.items.f.unanswered.a": ["也没有"]})
    own, of_item = questions_of(form, (form,), typed)
    recommended, optional = own.questions
    assert (recommended.recommended, optional.recommended, optional.why) == (True, False, None)
    assert recommended.why is not None
    assert (recommended.why.name, recommended.why.value) == ("q.unanswered.a", "没有电话")
    assert of_item.questions[0].why is not None
    assert of_item.questions[0].why.value == "也没有"


def test_no_question_of_any_shipped_form_comes_with_an_answer() -> None:
    forms = {form.id: form for workflow in definitions()[0].values() for form in workflow.forms.values()}
    asked = [
        one
        for form in forms.values()
        for group in questions_of(form, (), Typed(), ())
        for one in group.questions
    ]
    assert len(asked) > 300
    assert [one.place for one in asked if one.value or list(one.values)] == []


WORKED_OUT = """
form: sums
title: 合计表
fields:
  - probs:
      title: 问题
      columns:
        - what: {title: 事实}
        - sum: {title: 数额, type: money, optional: true}
        - half: {title: 半数, type: money, computed: "round(it.sum / 2, 2)"}
        - more: {title: 其中, optional: true, columns: [days: {title: 天, type: integer}, twice: {title: 两倍, type: integer, computed: it.days * 2}]}
  - total: {title: 合计, type: money, computed: "sum(form.probs, it.sum)"}
"""


def test_what_is_worked_out_is_asked_for_in_no_row_and_taken_from_none() -> None:
    form = load_files({"f.yaml": WORKED_OUT.lstrip()}).forms["sums"]
    texts = {
        "q.probs.count": ["2"],
        "q.probs.0.what": ["甲"],
        "q.probs.0.sum": ["3"],
        "q.probs.0.half": ["99"],
    }
    texts |= {
        "q.total": ["99"],
        "q.probs.0.more.count": ["1"],
        "q.probs.0.more.0.days": ["2"],
        "q.probs.0.more.0.twice": ["9"],
    }
    [group] = questions_of(form, (), Typed(texts))
    [asked] = group.questions
    assert list(asked.headings) == ["事实", "数额", "其中"]
    assert [one.name for one in asked.lines[1]] == ["q.probs.1.what", "q.probs.1.sum", "q.probs.1.more"]
    assert [one.title for one in asked.lines[0][2].lines[0]] == ["天"]
    given = answers_of(form, (), Typed(texts))
    assert given == {"probs": [{"what": "甲", "sum": "3", "more": [{"days": "2"}]}]}
    kept, problems = read_answers(form, (), given, {})
    assert (problems, kept["probs"][0]["half"], kept["probs"][0]["more"], kept["total"]) == (
        [],
        "1.5",
        [{"days": 2, "twice": 4}],
        "3",
    )
    # What was kept is filled in again without it.
    again = typed_of(form, (), kept, ZoneInfo("Asia/Shanghai"))
    assert [name for name in again.texts if "half" in name or "twice" in name or "total" in name] == []
    assert answers_of(form, (), again) == given
    schemas = description([form])["components"]["schemas"].values()
    properties = next(one["properties"] for one in schemas if one.get("title") == "合计表")
    assert set(properties) == {"probs"}
    assert set(properties["probs"]["items"]["properties"]) == {"what", "sum", "more"}
    sheet = blank_sheet(form, "示范").decode()
    titles = [f'<th scope="col">{title}' in sheet for title in ("事实", "数额", "其中")]
    assert titles == [True, True, True]
    assert "半数" not in sheet


def test_an_answer_that_need_not_be_given_can_be_taken_back() -> None:
    fields = tuple(
        Field(name=name, title=name, type=FieldType.BOOLEAN, required=name == "b") for name in ("a", "b")
    )
    [group] = questions_of(Form(id="f", title="表", fields=fields), (), Typed({"q.a": ["true"]}))
    macros = _environment().get_template("macros.html").module
    optional, required = (str(macros.question(one)) for one in group.questions)  # type: ignore[attr-defined]
    assert '<input type="radio" name="q.a" value=""> 不填' in optional
    assert "不填" not in required
    assert answers_of(Form(id="f", title="表", fields=fields), (), Typed({"q.a": [""], "q.b": ["true"]})) == {
        "b": "true"
    }
