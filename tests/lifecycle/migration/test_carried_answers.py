"""What may be answered, at every level, against what a new version may do with it: nothing of an answer is lost in silence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any

import pytest
from sheet_levels import KEYS, LEVELS, NOW, Level, answered, carried, case, leaves, sheet_of, workflow

from engine.definition.grammar import SHAPES, ValueShape
from engine.definition.reader.fields import _TAKEN, OF_PROGRAMS
from engine.lifecycle.case import Case
from engine.lifecycle.expressions.condition import Condition
from engine.lifecycle.expressions.expression import Expression, Literal
from engine.lifecycle.forms.answers import ROW_ANSWERS
from engine.lifecycle.forms.fields import read_value
from engine.lifecycle.forms.personal import PersonalText
from engine.lifecycle.forms.row_parts import FAIL, ROW_PARTS, parts_of, problem_of
from engine.lifecycle.forms.signature import Signature, Signing
from engine.lifecycle.migration.carried_answers import BESIDE, AnswerChange, CarriedSheets, Gone
from engine.lifecycle.migration.carried_case import CarriedCase
from engine.lifecycle.migration.rename_map import KINDS, RenameMap
from engine.lifecycle.model.form import CheckRow, Field, FieldType, Form, Offer
from engine.lifecycle.model.requirement import Requirement

#: What else could be answered once the grammar had it: a part that is new is a failure here until its row is written below.
LISTS_OF_QUESTIONS = {
    ("workflow", "fields"): "fact",
    ("case field", "columns"): "fact",
    ("column", "columns"): "fact",
    ("form", "fields"): "form, item, branch",
    ("field", "columns"): "form, item, branch",
    ("row field", "columns"): "form, item, branch",
    ("form", "rows"): "check rows",
}
#: Parts of a file that name a form, and where its answers are kept.
FORMS_NAMED = {
    **dict.fromkeys(("transition", "step", "step of several", "start"), "forms"),
    "branch": "branches",
    "form": "its own name",
    "archive piece": "read",
}
#: What a case keeps that is answered; the rest nobody answers in a form.
ANSWERED_OF_A_CASE = {"forms", "branches", "fields", "signing", "asked"}
NOT_ANSWERED_OF_A_CASE = {
    *("id", "workflow", "version", "state", "rev", "head", "title", "section", "opened_at", "entered_at"),
    *("opened_by", "parent", "closed_at", "suspended_at", "held", "assignee", "subject", "parties", "clocks"),
    *("entrusted", "copies", "to_review", "personal", "last_at"),
}

LITERAL = Expression("1", Literal(1))
OTHER = Expression("2", Literal(2))
CONDITION = Condition(Expression("true", Literal(True)))


def test_every_place_the_grammar_has_for_questions_and_answers_is_known() -> None:
    lists = {
        (shape, key)
        for shape, keys in SHAPES.items()
        for key, spec in keys.items()
        if spec.form is ValueShape.FIELDS
    }
    assert lists == set(LISTS_OF_QUESTIONS)
    assert {shape for shape, keys in SHAPES.items() if {"form", "item_forms"} & set(keys)} == set(FORMS_NAMED)
    assert {one.name for one in fields(Case)} == ANSWERED_OF_A_CASE | NOT_ANSWERED_OF_A_CASE
    assert set(BESIDE) == set(_TAKEN) - set(OF_PROGRAMS)
    assert set(KINDS) == {"states", "steps", "clocks", "parties", "forms", "fields", "values"}
    assert set(SAMPLES) == set(FieldType) - {FieldType.NOTE}
    assert set(PARTS_OF_A_QUESTION) == {one.name for one in fields(Field)}
    assert set(PARTS_OF_A_ROW) == {one.name for one in fields(CheckRow)}
    assert {one.name for one in fields(Form)} == {
        *("id", "title", "fields", "rows", "constraints", "help", "basis", "english")
    }


FILE = {"name": "a.jpg", "sha256": "0" * 64}
#: An answer to each type, as it is kept.
SAMPLES: Mapping[FieldType, Any] = {
    FieldType.TEXT: "3",
    FieldType.LONG_TEXT: "上午\n下午",
    FieldType.INTEGER: 3,
    FieldType.DECIMAL: "3.25",
    FieldType.BOOLEAN: True,
    FieldType.DATE: "2024-09-02",
    FieldType.DATETIME: "2024-09-02T09:00:00+08:00",
    FieldType.CHOICE: "low",
    FieldType.CHOICES: ["low"],
    FieldType.PERSON: "insp-01",
    FieldType.PERSONS: ["insp-01", "insp-02"],
    FieldType.OBJECT: "obj-1",
    FieldType.FILE: FILE,
    FieldType.FILES: [FILE],
    FieldType.RATIO: "5%",
    FieldType.LIST: ["01", "02"],
    FieldType.MONEY: "12.50",
    FieldType.TIME: "09:30",
    FieldType.YES_NO_NA: "n/a",
    FieldType.PLACE: {"latitude": "30.1", "longitude": "120.2", "address": "某路1号"},
    FieldType.PHOTO: FILE,
    FieldType.PHOTOS: [FILE],
    FieldType.SIGNATURE: FILE,
}
CHOICES = {"low": "低", "high": "高"}


def question(kind: FieldType = FieldType.INTEGER, name: str = "q", **more: Any) -> Field:
    choices = CHOICES if kind in (FieldType.CHOICE, FieldType.CHOICES) else {}
    return Field(**{"name": name, "title": "问", "type": kind, "choices": choices, **more})


def told(found: CarriedCase) -> list[tuple[str, str]]:
    return [(move.name, move.what.value) for move in found.moves]


def outcome(found: CarriedCase) -> str:
    """Return what became of a case in a word: ``stays``, ``nothing``, or what was told."""
    if found.reasons:
        return "stays"
    return " ".join(sorted({what for _, what in told(found)})) or "nothing"


levels = pytest.mark.parametrize("level", LEVELS, ids=lambda level: f"{level.sheet}-{level.depth}")


@levels
@pytest.mark.parametrize("kind", SAMPLES)
def test_the_same_version_changes_nothing(level: Level, kind: FieldType) -> None:
    old = workflow(level, question(kind))
    kept, problem = read_value(question(kind), SAMPLES[kind])
    assert (kept, problem) == (SAMPLES[kind], None)
    assert carried(level, old, old, case(level, {"q": kept}))[0] == CarriedCase()


@levels
@pytest.mark.parametrize("kind", SAMPLES)
def test_of_any_type_into_any_other_an_answer_is_carried_told_or_keeps_the_case(
    level: Level, kind: FieldType
) -> None:
    for other in FieldType:
        one = case(level, {"q": SAMPLES[kind]})
        found, then = carried(level, workflow(level, question(kind)), workflow(level, question(other)), one)
        if found.reasons:
            continue
        now = answered(level, then)["q"]
        if now != SAMPLES[kind]:
            assert [move.before for move in found.moves if move.what is AnswerChange.CONVERTED], other
            assert (now, None) == read_value(question(other), now)
        elif kind is not other and level.sheet != "fact":
            assert told(found) == [(f"{level.place}.q", "asked-otherwise")], other


#: What a new version does with a question -> (the old one, its answer, the new ones, renames by its key, what comes of it as a
#: question, as a column, as a fact, as a column of a fact).
ACTS: Mapping[str, tuple[Field, Any, tuple[Field, ...], Callable[[str], RenameMap] | None, str]] = {
    "removed": (question(), 3, (), None, "removed stays removed removed"),
    "removed, worked out": (question(computed=LITERAL), 3, (), None, "removed removed removed removed"),
    "removed, worked out to nothing": (question(computed=LITERAL), None, (), None, "nothing"),
    "renamed": (
        question(),
        3,
        (question(name="n"),),
        lambda key: RenameMap(fields={f"{key}.q": "n"}),
        "renamed",
    ),
    "renamed, and one of its name is new": (
        question(),
        3,
        (question(name="n"), question()),
        lambda key: RenameMap(fields={f"{key}.q": "n"}),
        "renamed",
    ),
    "new, may stay empty": (question(name="o"), 3, (question(name="o"), question()), None, "nothing"),
    "new, required": (
        question(name="o"),
        3,
        (question(name="o"), question(required=True)),
        None,
        "unanswered unanswered nothing nothing",
    ),
    "required now": (
        question(),
        None,
        (question(required=True),),
        None,
        "unanswered unanswered nothing nothing",
    ),
    "of a type it fits": (question(), 3, (question(FieldType.DECIMAL),), None, "converted"),
    "of a type it does not fit": (question(), 3, (question(FieldType.DATE),), None, "stays"),
    "a text between the questions": (question(), 3, (question(FieldType.NOTE),), None, "stays"),
    "fewer may be chosen": (
        question(FieldType.CHOICE),
        "low",
        (question(FieldType.CHOICE, choices={"high": "高"}),),
        None,
        "stays",
    ),
    "fewer may be chosen, mapped": (
        question(FieldType.CHOICE),
        "low",
        (question(FieldType.CHOICE, choices={"high": "高"}),),
        lambda key: RenameMap(values={f"{key}.q": {"low": "high"}}),
        "converted",
    ),
    "fewer may be chosen, of several": (
        question(FieldType.CHOICES),
        ["low"],
        (question(FieldType.CHOICES, choices={"high": "高"}),),
        None,
        "stays",
    ),
    "another order": (
        question(),
        3,
        (question(name="before"), question(), question(name="after")),
        None,
        "nothing",
    ),
    "another order of what may be chosen": (
        question(FieldType.CHOICE),
        "low",
        (question(FieldType.CHOICE, choices={"high": "高", "low": "低"}),),
        None,
        "nothing",
    ),
    "worked out, in another writing": (
        question(FieldType.MONEY, computed=LITERAL),
        50,
        (question(FieldType.MONEY, computed=LITERAL),),
        None,
        "nothing",
    ),
    "typed, in another writing": (
        question(FieldType.MONEY),
        50,
        (question(FieldType.MONEY),),
        None,
        "nothing",
    ),
    "worked out to nothing": (
        question(FieldType.MONEY, computed=LITERAL),
        None,
        (question(FieldType.MONEY, computed=LITERAL),),
        None,
        "nothing",
    ),
    "worked out otherwise": (
        question(FieldType.MONEY, computed=LITERAL),
        "50",
        (question(FieldType.MONEY, computed=OTHER),),
        None,
        "asked-otherwise asked-otherwise nothing nothing",
    ),
    "worked out now": (
        question(),
        3,
        (question(computed=LITERAL),),
        None,
        "asked-otherwise asked-otherwise nothing nothing",
    ),
    "of a person": (
        question(FieldType.TEXT, personal=True),
        PersonalText("张", "x1"),
        (question(FieldType.TEXT, personal=True),),
        None,
        "nothing",
    ),
}


@levels
@pytest.mark.parametrize("act", ACTS)
def test_what_a_new_version_does_with_a_question(level: Level, act: str) -> None:
    old, value, new, renames, expected = ACTS[act]
    words = expected.split()
    wanted = words[(level.sheet == "fact") * 2 + (level.depth > 0)] if len(words) == 4 else expected
    one = case(level, {} if act == "required now" else {old.name: value})
    known = renames(level.key) if renames is not None else RenameMap()
    found, then = carried(level, workflow(level, old), workflow(level, *new), one, known)
    assert outcome(found) == wanted
    if wanted == "nothing":
        assert found == CarriedCase()
    if wanted == "stays":
        assert all(reason.message for reason in found.reasons)
        return
    # What is not there any more was told, whole.
    gone = [leaf for leaf in leaves(value) if leaf is not None and leaf not in leaves(sheet_of(level, then))]
    assert set(map(str, gone)) <= set(map(str, leaves([move.before for move in found.moves])))
    assert all(name.startswith(f"{level.place}.") for name, _ in told(found))


@levels
def test_what_was_worked_out_stays_as_it_was_signed_and_is_no_answer_to_a_later_question(
    level: Level,
) -> None:
    first, none = workflow(level, question(computed=LITERAL)), workflow(level)
    later = workflow(level, question(FieldType.TEXT, required=True))
    one = case(level, {"q": 50})
    found, then = carried(level, first, none, one)
    assert (told(found), then) == ([(f"{level.place}.q", "removed")], one)
    # It is told once.
    assert carried(level, none, none, then)[0] == CarriedCase()
    found, then = carried(level, none, later, then)
    if level.sheet == "fact":
        # What a step has set is the fact.
        assert (found, then) == (CarriedCase(), one)
        return
    assert dict(told(found)) == {f"{level.place}.q": "unanswered"}
    assert sorted(what for _, what in told(found)) == ["removed", "unanswered"]
    assert answered(level, then) == answered(level, case(level, {}))


@levels
@pytest.mark.parametrize("first", [True, False])
def test_what_came_to_nothing_takes_no_place(level: Level, first: bool) -> None:
    given = {"n": None, "q": 3} if first else {"q": 3, "n": None}
    renames = RenameMap(fields={f"{level.key}.q": "n"})
    old, new = workflow(level, question()), workflow(level, question(name="n"))
    found, then = carried(level, old, new, case(level, given), renames)
    assert (outcome(found), answered(level, then)["n"]) == ("renamed", 3)


@levels
def test_a_personal_text_keeps_its_id_where_others_change(level: Level) -> None:
    own = question(FieldType.TEXT, name="p", personal=True)
    one = case(level, {"p": PersonalText("张", "x1"), "q": 3})
    old, new = workflow(level, own, question()), workflow(level, own, question(FieldType.DECIMAL))
    found, then = carried(level, old, new, one)
    assert outcome(found) == "converted"
    text = answered(level, then)["p"]
    assert (text.id, str(text)) == ("x1", "张")


def test_two_answers_do_not_take_one_place() -> None:
    both = (question(), question(name="n"))
    for level in LEVELS:
        one = case(level, {"q": 3, "n": 4})
        renames = RenameMap(fields={f"{level.key}.q": "n"})
        assert carried(level, workflow(level, *both), workflow(level, question(name="n")), one, renames)[
            0
        ].reasons


#: Part of a question -> another of its kind, and what comes of an answer to it (as a fact: nothing, where it is only told).
PARTS_OF_A_QUESTION: Mapping[str, tuple[Any, str]] = {
    "name": ("n", "removed"),
    "title": ("另问", "asked-otherwise"),
    "type": (FieldType.TEXT, "converted"),
    "alias": ("now", "nothing"),
    "required": (True, "nothing"),
    "recommended": (True, "nothing"),
    "help": ("如此填", "nothing"),
    "basis": ("示例法", "nothing"),
    "unit": ("人", "asked-otherwise"),
    "choices": ({"3": "三"}, "nothing"),
    "exclusive": (("3",), "nothing"),
    "offered": ((Offer(codes=("3",), when=CONDITION),), "nothing"),
    "relevant": (CONDITION, "nothing"),
    "constraints": ((Requirement(that=CONDITION, message="不行"),), "nothing"),
    "columns": ((question(name="c"),), "nothing"),
    "least": (4, "stays"),
    "most": (2, "stays"),
    "public": (True, "nothing"),
    "personal": (True, "nothing"),
    "to_children": (True, "nothing"),
    "computed": (LITERAL, "asked-otherwise"),
    "page": ("第一页", "nothing"),
    "section": ("基本情况", "nothing"),
    "example": (5, "nothing"),
}


@levels
@pytest.mark.parametrize("part", PARTS_OF_A_QUESTION)
def test_what_a_part_of_a_question_does_to_its_answer(level: Level, part: str) -> None:
    value, expected = PARTS_OF_A_QUESTION[part]
    old, new = workflow(level, question()), workflow(level, replace(question(), **{part: value}))
    found, _ = carried(level, old, new, case(level, {"q": 3}))
    if level.sheet == "fact" and (expected == "stays" or expected == "asked-otherwise"):
        expected = "nothing"
    if part == "name" and level.depth and level.sheet != "fact":
        expected = "stays"
    if part == "required" and level.depth and level.sheet != "fact":
        # The second row has no answer to it.
        expected = "unanswered"
    assert outcome(found) == expected


ROW = CheckRow(id="r1", title="第一项", points="看一看", basis="示例法 第一条")
PARTS_OF_A_ROW: Mapping[str, tuple[Any, str]] = {
    "id": ("r9", "stays"),
    "title": ("另一项", "asked-otherwise"),
    "points": ("看二看", "asked-otherwise"),
    "basis": ("示例法 第二条", "asked-otherwise"),
    "method": ("查资料", "nothing"),
    "items": (("A01",), "nothing"),
}
SHEETS = [level for level in LEVELS if level.depth == 0 and level.sheet != "fact"]
sheets = pytest.mark.parametrize("level", SHEETS, ids=lambda level: level.sheet)


def said(answer: str) -> dict[str, Any]:
    """Return an answer to a check row with all that may be said with it."""
    return {
        "answer": answer,
        **{
            part.name: "2024-10-01" if part.type is FieldType.DATE else part.title
            for part in parts_of(answer)
        },
    }


def with_row(level: Level, answer: str) -> Case:
    given = said(answer)
    found: dict[str, Any] = {
        "problems": [{"form": KEYS[level.sheet], **problem_of(ROW, given)}],
        "problem_count": 1,
    }
    beside: dict[str, dict[str, Any]] = {level.sheet: {"rows": {"r1": given}}}
    whole = "branch" if level.sheet == "branch" else "form"
    beside[whole] = {**beside.get(whole, {}), **(found if answer == FAIL else {})}
    return case(level, {}, **beside)


@sheets
@pytest.mark.parametrize("answer", ROW_ANSWERS)
@pytest.mark.parametrize("part", PARTS_OF_A_ROW)
def test_what_a_part_of_a_check_row_does_to_its_answer(level: Level, part: str, answer: str) -> None:
    value, expected = PARTS_OF_A_ROW[part]
    old = workflow(level, rows={level.sheet: (ROW,)})
    new = workflow(level, rows={level.sheet: (replace(ROW, **{part: value}),)})
    found, then = carried(level, old, new, with_row(level, answer))
    assert outcome(found) == expected
    if expected != "stays":
        assert then == with_row(level, answer)
    else:
        (reason,) = found.reasons
        words = "；".join(part.title for part in parts_of(answer)[:2])
        assert f"“第一项”已填“{ROW_ANSWERS[answer]}；{words}" in str(reason.message)
        assert f"fields: {KEYS[level.sheet]}.rows.r1" in str(reason.message)


@sheets
@pytest.mark.parametrize("answer", ROW_ANSWERS)
def test_what_a_new_version_does_with_check_rows(level: Level, answer: str) -> None:
    old, one = workflow(level, rows={level.sheet: (ROW,)}), with_row(level, answer)
    second = replace(ROW, id="r2", title="第二项")
    new = workflow(level, rows={level.sheet: (second, ROW)})
    found, then = carried(level, old, new, one)
    assert (told(found), then) == ([(f"{level.place}.rows.r2", "unanswered")], one)
    # Gone, with all others: its results would be seen nowhere.
    assert outcome(carried(level, old, workflow(level), one)[0]) == "stays"
    renames = RenameMap(fields={f"{KEYS[level.sheet]}.rows.r1": "r2"})
    found, then = carried(level, old, workflow(level, rows={level.sheet: (second,)}), one, renames)
    assert told(found) == [(f"{level.place}.rows.r2", "renamed")]
    assert sheet_of(level, then)["rows"] == {"r2": said(answer)}
    if answer == FAIL:
        holder = then.branches["look"]["answers"] if level.sheet == "branch" else then.forms["sheet"]
        (problem,) = holder["problems"]
        assert (problem["row"], problem["form"]) == ("r2", KEYS[level.sheet])
        assert {part.name for part in ROW_PARTS} <= set(problem)
        # It was found against what the row said then.
        assert (problem["title"], problem["basis"]) == (ROW.title, ROW.basis)

    assert outcome(carried(level, old, old, one)[0]) == "nothing"


def test_rows_of_other_items_are_not_asked_for() -> None:
    level = Level("item", 0)
    own, other = replace(ROW, items=("A01",)), replace(ROW, id="r2", items=("B01",))
    one = replace(with_row(level, "pass"), fields={"items": [{"code": "A01"}]})
    old = workflow(level, rows={"item": (own,)})
    assert carried(level, old, workflow(level, rows={"item": (own, other)}), one)[0] == CarriedCase()
    more = (own, replace(other, items=("A01",)))
    assert told(carried(level, old, workflow(level, rows={"item": more}), one)[0]) == [
        ("sheet.items.it.rows.r2", "unanswered")
    ]


def test_forms_that_are_no_more_or_called_otherwise() -> None:
    level = Level("item", 0)
    one, rows = case(level, {"q": 3}), {"item": (ROW,)}
    old = workflow(level, question())
    new = workflow(level, question())
    item = new.forms.pop("it")  # type: ignore[attr-defined]  # made of a dictionary above
    found, then = carried(level, old, new, one)
    assert told(found) == [("sheet.items.it", "removed")]
    assert found.moves[0].before == {"key": "甲", "q": 3}
    assert "items" not in then.forms["sheet"]
    failed = with_row(level, FAIL)
    (reason,) = carried(level, workflow(level, rows=rows), new, failed)[0].reasons
    assert "《item表》已逐项检查（1 项），新版没有这张表单" in str(reason.message)
    new.forms["it2"] = replace(item, id="it2")  # type: ignore[index]  # as above
    found, then = carried(level, old, new, one, RenameMap(forms={"it": "it2"}))
    assert (told(found), then.forms["sheet"]["items"]) == ([], {"it2": {"key": "甲", "q": 3}})
    renamed = RenameMap(forms={"sheet": "side"})
    two = replace(one, forms={**one.forms, "side": {"key": "乙"}})
    assert outcome(carried(level, old, old, two, renamed)[0]) == "stays"


def test_a_branch_that_is_no_more_keeps_the_case_and_one_called_otherwise_is_done() -> None:
    level = Level("branch", 0)
    old, new = workflow(level, question()), workflow(level, question())
    finish, look = new.transitions
    new.transitions = (finish,)  # type: ignore[misc]  # made of a dictionary above
    one = case(level, {"q": 3})
    (reason,) = carried(level, old, new, one)[0].reasons
    assert "并行的“看”已由“anna”办理，新版没有" in str(reason.message)
    new.transitions = (finish, replace(look, id="see"))  # type: ignore[misc]  # as above
    found, then = carried(level, old, new, one, RenameMap(steps={"look": "see"}))
    assert (found.moves, found.reasons) == ([], [])
    assert then.branches == {"see": one.branches["look"]}
    new.transitions = (finish, replace(look, form=None))  # type: ignore[misc]  # as above
    found, then = carried(level, old, new, one)
    assert told(found) == [("branches.look", "removed")]
    assert found.moves[0].before == {"key": "甲", "q": 3}


def test_what_some_have_signed_and_others_have_yet_to_sign_stays_as_it_is() -> None:
    level = Level("form", 0)
    signing = Signing(signed=(Signature("anna", NOW),), answers={"key": "甲", "q": 3})
    one = replace(case(level, {"q": 3}), forms={}, signing={"finish": signing})
    old = workflow(level, question())
    assert carried(level, old, workflow(level, question(), question(name="o")), one)[0] == CarriedCase()
    for other in ((), (question(title="另问"),), (question(), question(name="o", required=True))):
        (reason,) = carried(level, old, workflow(level, *other), one)[0].reasons
        assert str(reason.message) == "“办结”正在会签，所签的内容在新版会改变；须先签完或撤回"


def test_an_answer_that_waits_to_be_put_right_is_put_right_first() -> None:
    level = Level("form", 0)
    asked = {"correct": {"by": "anna", "fact": "sheet.q", "value": "4"}}
    one = replace(case(level, {"q": 3}), asked=asked)
    old = workflow(level, question())
    assert carried(level, old, workflow(level, question(title="另问")), one)[0].reasons == []
    (reason,) = carried(level, old, workflow(level), one)[0].reasons
    assert str(reason.message) == "更正的申请待批准，已填的内容在新版会改变；须先批准或驳回"
    assert (
        carried(level, old, workflow(level), replace(one, asked={"suspend": {"by": "anna"}}))[0].reasons == []
    )


def test_questions_not_asked_and_reasons_for_empty_ones_keep_their_places() -> None:
    level = Level("form", 0)
    asked = (question(), question(name="r", recommended=True))
    one = case(level, {}, form={"not_asked": ["q"], "unanswered": {"r": "没有带"}})
    old = workflow(level, *asked)
    assert carried(level, old, workflow(level, asked[1]), one)[0] == CarriedCase()
    found, then = carried(level, old, workflow(level, asked[0]), one)
    assert [(move.name, move.what.value, move.before) for move in found.moves] == [
        ("sheet.unanswered.r", "removed", "没有带")
    ]
    renames = RenameMap(fields={"sheet.q": "q2", "sheet.r": "r2"})
    new = workflow(level, *(replace(each, name=f"{each.name}2") for each in asked))
    found, then = carried(level, old, new, one, renames)
    assert {name: then.forms["sheet"][name] for name in ("not_asked", "unanswered")} == {
        "not_asked": ["q2"],
        "unanswered": {"r2": "没有带"},
    }


def test_the_cells_of_all_rows_are_told() -> None:
    old, new = (
        Form(
            id="sheet",
            title="表",
            fields=(Field(name="list", title="清单", type=FieldType.LIST, columns=(question(kind),)),),
        )
        for kind in (FieldType.INTEGER, FieldType.DECIMAL)
    )
    sheets = CarriedSheets(RenameMap())
    rows = [{"q": 3}, {}, {"q": 4}]
    assert sheets.sheet(old, new, {"list": rows}, "sheet") == {"list": [{"q": "3"}, {}, {"q": "4"}]}
    (move,) = sheets.moves
    assert (move.name, move.title, move.before, move.after) == ("sheet.list.q", "清单 问", [3, 4], ["3", "4"])


def test_answers_that_are_handed_in_anew_lose_what_has_no_place_and_are_not_read() -> None:
    level = Level("form", 1)
    old = workflow(level, question(), rows={"form": (ROW,)}).forms["sheet"]
    new = replace(workflow(level).forms["sheet"], rows=())
    given = {
        "key": 3,
        "gone": 1,
        "list": [{"key": "甲", "q": 3}],
        "rows": {"r1": said(FAIL), "r2": {}},
        "problems": [1],
        "none": None,
    }
    found = CarriedSheets(RenameMap(), gone=Gone.LEFT_OUT)
    assert found.sheet(old, new, given, "sheet") == {"key": 3, "list": [{"key": "甲"}]}
    assert [(move.name, move.title, move.what.value) for move in found.moves] == [
        ("sheet.gone", "gone", "removed"),
        ("sheet.list.q", "清单 问", "removed"),
        ("sheet.problems", "problems", "removed"),
        ("sheet.rows.r1", "第一项", "removed"),
    ]
    assert found.problems == []
