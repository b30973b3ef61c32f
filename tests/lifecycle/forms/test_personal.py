"""Personal answers read as texts; where they are written an id takes their place, and what is destroyed reads so."""

from __future__ import annotations

from engine.lifecycle.chain import canonical
from engine.lifecycle.forms.personal import (
    FORGOTTEN,
    MARK,
    NOTHING_KEPT,
    KeptTexts,
    PersonalText,
    holds_personal,
    in_clear,
    marked,
    marked_answers,
    read_back,
    with_markers,
    without_id,
    without_texts,
)
from engine.lifecycle.model.form import CheckRow, Field, FieldType, Form

NAME = Field(name="name", title="姓名", type=FieldType.TEXT)
AGE = Field(name="age", title="年龄", type=FieldType.TEXT)
ROWS = Field(name="rows_of", title="人", type=FieldType.LIST, personal=True, columns=(NAME,))
PHONE = Field(name="phone", title="电话", type=FieldType.TEXT, personal=True, alias="tel")
PLACE = Field(name="place", title="地点", type=FieldType.TEXT)
FORM = Form(id="f", title="表", fields=(PHONE, PLACE, ROWS))


def test_a_personal_text_is_the_text_it_is() -> None:
    text = marked(PHONE, "138")
    assert (text, type(text), hash(text)) == ("138", PersonalText, hash("138"))
    assert canonical({"a": text}) == '{"a":"138"}'
    assert marked(PHONE, text) is text
    assert marked(ROWS, ({"name": "甲", "age": "4"},)) == [{"name": "甲", "age": "4"}]
    assert marked(PHONE, 7) == 7


def test_answers_are_marked_by_either_name_and_below_items() -> None:
    given = {
        "tel": "138",
        "place": "街",
        "rows_of": [{"name": "甲"}],
        "items": {"f": {"phone": "139"}, "g": {}},
    }
    found = marked_answers(FORM, given, [FORM])
    kinds = [type(found["tel"]), type(found["place"]), type(found["items"]["f"]["phone"])]
    assert kinds == [PersonalText, str, PersonalText]
    assert type(found["rows_of"][0]["name"]) is PersonalText
    assert found == given
    assert type(given["tel"]) is str
    assert holds_personal([FORM])
    assert not holds_personal([Form(id="g", title="表", fields=(PLACE,))])


def test_ids_stand_in_their_place_and_are_read_back() -> None:
    texts = dict[str, str]()
    answers = marked_answers(FORM, {"phone": "138", "place": "街", "rows_of": [{"name": "甲", "age": "4"}]})
    new = list(without_id({"answers": answers}))
    assert new == ["138", "甲"]
    for number, text in enumerate(new, 1):
        text.id = f"id-{number}"
    assert list(without_id({"answers": answers})) == []
    written = with_markers({"answers": answers}, texts)
    assert written == {
        "answers": {"phone": {MARK: "id-1"}, "place": "街", "rows_of": [{"name": {MARK: "id-2"}, "age": "4"}]}
    }
    assert texts == {"id-1": "138", "id-2": "甲"}
    again = dict[str, str]()
    assert with_markers({"answers": answers}, again) == written
    assert again == texts
    kept = KeptTexts.from_json(KeptTexts("k", texts).as_json())
    back = read_back(written, kept)
    assert back == {"answers": answers}
    assert without_texts(back) == written
    assert without_texts({"a": PersonalText("new")}) == {"a": "new"}


def test_what_is_destroyed_keeps_its_id() -> None:
    back = read_back({"phone": {MARK: "id-1"}}, NOTHING_KEPT)
    assert back == {"phone": FORGOTTEN}
    texts = dict[str, str]()
    assert with_markers(back, texts) == {"phone": {MARK: "id-1"}}
    assert texts == {}


def test_what_was_given_before_the_mark_is_counted() -> None:
    clear = {"phone": "138", "place": "街", "rows_of": [{"name": "甲"}]}
    assert in_clear({"f": FORM}, {"f": clear, "gone": {"phone": "1"}}) == 2
    assert in_clear({"f": FORM}, {"f": marked_answers(FORM, clear)}) == 0
    assert in_clear({"f": FORM}, {"f": {"phone": None, "rows_of": [{"age": "4"}]}}) == 0


def test_who_is_to_put_a_problem_right_is_a_personal_text_of_its_check_row() -> None:
    check = Form(
        id="c", title="检查表", fields=(), rows=(CheckRow(id="r", title="行", points="点", basis="据"),)
    )
    assert holds_personal([check])
    rows = {"r": {"answer": "fail", "note": "未订", "person": "甲"}, "s": {"answer": "pass"}, "t": "pass"}
    found = marked_answers(FORM, {"items": {"c": {"rows": rows}}}, [check])
    assert found == {"items": {"c": {"rows": rows}}}
    assert list(without_id(found)) == ["甲"]
    assert list(without_id(marked_answers(check, found["items"]["c"]))) == ["甲"]
    assert (
        in_clear({"f": FORM, "c": check}, {"f": {"items": {"c": {"rows": rows}}}, "c": {"rows": rows}}) == 2
    )
    assert in_clear({"c": check}, {"c": found["items"]["c"]}) == 0
