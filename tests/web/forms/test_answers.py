"""What was typed, by the types of fields."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from engine.lifecycle.model.form import CheckRow, Field, FieldType, Form
from engine.web.forms.answers import answers_of, files_typed, rows_typed
from engine.web.forms.filled import typed_of
from engine.web.forms.questions import questions_of
from engine.web.forms.typed import Typed, TypedFile

ZONE = ZoneInfo("Asia/Shanghai")
FIELDS = tuple(
    Field(
        name=kind.name.lower(),
        title=kind.value,
        type=kind,
        choices={"a": "甲", "b": "乙"} if "CHOICE" in kind.name else {},
        columns=(Field(name="x", title="列", type=FieldType.INTEGER),) if kind is FieldType.LIST else (),
    )
    for kind in FieldType
)
FORM = Form(
    id="f", title="表", fields=FIELDS, rows=(CheckRow(id="r1", title="事项", points="要点", basis="条"),)
)
ITEM = Form(id="i", title="事项表", fields=(Field(name="n", title="数", type=FieldType.TEXT),))
TEXTS = {
    "q.text": [" 一行 "],
    "q.long_text": ["两\n行"],
    "q.integer": ["３"],
    "q.decimal": ["1.50"],
    "q.boolean": ["true"],
    "q.date": ["2024-04-20"],
    "q.datetime": ["2024-04-20T09:30"],
    "q.choice": ["a"],
    "q.choices": ["a", "b"],
    "q.person": ["p-1"],
    "q.persons": ["p-1\np-2\n"],
    "q.object": ["o-1"],
    "q.ratio": ["5%"],
    "q.money": ["12.50"],
    "q.time": ["09:30"],
    "q.yes_no_na": ["n/a"],
    "q.place": ["38.05,114.5"],
    "q.list.count": ["3"],
    "q.list.0.x": ["1"],
    "q.list.2.x": ["3"],
    "q.rows.r1.answer": ["fail"],
    "q.rows.r1.note": ["缺页"],
    "q.items.i.n": ["五"],
    "q.files.name": ["b.pdf"],
    "q.files.sha256": ["1" * 64],
}
TYPED = Typed(
    TEXTS,
    {
        "q.file": [TypedFile("a.pdf", "0" * 64)],
        "q.photo": [TypedFile("p.jpg", "2" * 64)],
        "q.photos": [TypedFile("p.jpg", "2" * 64)],
        "q.signature": [TypedFile("s.png", "3" * 64)],
    },
)


def test_every_type_is_read_and_nothing_is_filled_in() -> None:
    assert answers_of(FORM, (), Typed()) == {"rows": {}}
    found = answers_of(FORM, (ITEM,), TYPED)
    assert found["text"] == "一行"
    assert found["datetime"] == "2024-04-20T09:30"
    assert found["choices"] == ["a", "b"]
    assert found["persons"] == ["p-1", "p-2"]
    assert found["list"] == [{"x": "1"}, {"x": "3"}]
    assert found["file"] == {"name": "a.pdf", "sha256": "0" * 64}
    assert found["files"] == [{"name": "b.pdf", "sha256": "1" * 64}]
    assert found["rows"] == {"r1": {"answer": "fail", "note": "缺页"}}
    assert found["items"] == {"i": {"n": "五"}}
    assert found["yes_no_na"] == "n/a"
    assert found["photo"] == {"name": "p.jpg", "sha256": "2" * 64}
    # Nobody answers a note.
    assert set(found) == {f.name for f in FIELDS} - {"note"} | {"rows", "items"}


def test_nonsense_is_left_for_the_form_to_refuse() -> None:
    assert answers_of(FORM, (), Typed({"q.datetime": ["soon"]}))["datetime"] == "soon"
    assert rows_typed(Typed({"q.list.count": ["99999999"]}), "q.list") == 0
    assert rows_typed(Typed({"q.list.count": ["9999"]}), "q.list") == 500


def test_every_type_is_asked_with_what_was_typed() -> None:
    groups = questions_of(FORM, (ITEM,), TYPED)
    by_name = {question.name: question for group in groups for question in group.questions}
    assert by_name["q.boolean"].control == "radios"
    assert by_name["q.list"].headings == ["列"]
    assert [line[0].value for line in by_name["q.list"].lines] == ["1", "", "3"]
    assert by_name["q.rows.r1.answer"].value == "fail"
    assert by_name["q.items.i.n"].value == "五"
    assert by_name["q.file"].files == [("a.pdf", "0" * 64)]
    assert {question.id for question in by_name.values()} >= {"q-rows-r1", "q-items-i-n"}


def test_a_reason_why_a_recommended_question_stays_empty_is_an_answer_under_its_own_key() -> None:
    asked = Field(name="a", title="电话", type=FieldType.TEXT, required=False, recommended=True)
    form = Form(id="f", title="表", fields=(asked,))
    texts = {"q.a": [" "], "q.unanswered.a": [" 没有电话 "], "q.items.f.unanswered.a": ["也没有"]}
    found = answers_of(form, (form,), Typed(texts))
    assert found == {"unanswered": {"a": "没有电话"}, "items": {"f": {"unanswered": {"a": "也没有"}}}}
    assert answers_of(form, (form,), typed_of(form, (form,), found, ZONE)) == found
    # Where it was answered, nothing stays empty.
    texts["q.a"] = ["12345"]
    assert answers_of(form, (), Typed(texts)) == {"a": "12345"}


def test_of_nothing_but_blanks_no_long_text_is_made() -> None:
    form = Form(id="f", title="表", fields=(Field(name="a", title="记录", type=FieldType.LONG_TEXT),))
    assert answers_of(form, (), Typed({"q.a": [" \n\u3000"]})) == {}
    assert answers_of(form, (), Typed({"q.a": [" 两\n行 "]})) == {"a": " 两\n行 "}


def test_files_chosen_before_stay_until_they_are_struck_out_or_another_takes_their_place() -> None:
    before = {
        "q.files.name": ["a.png", "b.png"],
        "q.files.sha256": ["1" * 64, "2" * 64],
        "q.file.name": ["c.png"],
        "q.file.sha256": ["3" * 64],
    }
    new = {"q.files": [TypedFile("d.png", "4" * 64)], "q.file": [TypedFile("e.png", "5" * 64)]}

    def of(name: str, typed: Typed, *, several: bool) -> list[str]:
        return [title for title, _ in files_typed(typed, name, several=several)]

    assert of("q.files", Typed(before), several=True) == ["a.png", "b.png"]
    assert of("q.files", Typed(before, new), several=True) == ["a.png", "b.png", "d.png"]
    assert of("q.file", Typed(before, new), several=False) == ["e.png"]
    struck = {**before, "q.files.drop": ["1" * 64], "q.file.drop": ["3" * 64]}
    assert of("q.files", Typed(struck, new), several=True) == ["b.png", "d.png"]
    assert of("q.file", Typed(struck), several=False) == []
    # The same file twice is one.
    twice = {"q.files.name": ["a.png", "d.png"], "q.files.sha256": ["1" * 64, new["q.files"][0].sha256]}
    assert of("q.files", Typed(twice, new), several=True) == ["a.png", "d.png"]
