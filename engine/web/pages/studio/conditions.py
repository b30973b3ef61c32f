"""The conditions of a definition as rows: question, operator, value. An edit changes that place of the text and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.definition.condition_rows.choosing import (
    OF_SEVERAL,
    OPERATORS,
    RowQuestion,
    forms_filled,
    name_of,
    questions_for,
    titles_of,
    typed_values,
    value_of,
)
from engine.definition.condition_rows.outline import (
    WORDS,
    EmptyGroupError,
    OutlineLine,
    lines_of,
    rows_from,
)
from engine.definition.condition_rows.places import ConditionPlace, conditions_in
from engine.definition.condition_rows.replacing import NotReplacedError, replaced
from engine.definition.condition_rows.rows import (
    MAX_DEPTH,
    ConditionRow,
    ConditionRows,
    RowOperator,
    rows_of,
    same_expression,
)
from engine.definition.condition_rows.spoken import spoken
from engine.definition.types import ANY
from engine.kernel.refusal import Refusal
from engine.language import DefinedText, Message, say
from engine.web.pages.cases import unknown
from engine.web.pages.studio.texts import WorkingTexts, keep_text, working_texts
from engine.web.rendering import page, refused
from engine.web.visit import Answer, PageVisit, go_to
from engine.yamltext.source import read_source

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Lines of one condition that are asked for, and questions whose values are ticked.
MAX_ROWS, MAX_TICKS = 40, 40
#: How the rows of a group are joined, by its word: as a line among the others, and of the outermost.
GROUPS: Mapping[str, Message] = {
    "and": say("一组：每一行都成立"),
    "or": say("一组：有一行成立"),
    "not and": say("一组：不是每一行都成立"),
    "not or": say("一组：没有一行成立"),
}
JOINED: Mapping[str, Message] = {
    "and": say("并且：每一行都成立"),
    "or": say("或者：有一行成立"),
    "not and": say("不是每一行都成立"),
    "not or": say("没有一行成立"),
}
#: What is before the word of a group where a question is chosen.
_GROUP = "group:"
#: Key of a condition -> what it is for.
KEYS: Mapping[str, Message] = {
    "when": say("在什么情形下"),
    "require": say("必须成立"),
    "warn": say("不成立时提醒"),
    "to": say("去向"),
    "then": say("何时才做"),
    "constraint": say("填写要求"),
    "constraints": say("填写要求"),
    "where": say("数哪些"),
    "offered": say("何时可选"),
}


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row in words, or the beginning of a group; `before` is what joins it to the row above."""

    question: str
    operator: Message | str
    value: str
    depth: int = 0
    before: Message | str = ""


@dataclass(frozen=True, slots=True)
class ShownCondition:
    """One condition as a page shows it: its place, and its rows or what it says read aloud."""

    place: ConditionPlace
    kind: Message
    rows: Sequence[ShownRow]
    aloud: str

    @property
    def at(self) -> str:
        """Return where it is: line and column."""
        return place_at(self.place)


@dataclass(frozen=True, slots=True)
class EditedRow:
    """One row of the form: what is chosen, and what can be."""

    question: str
    operator: str
    values: Sequence[str]
    operators: Sequence[RowOperator]
    choices: Mapping[str, str]
    several: bool
    wrong: Message | None = None
    depth: int = 0

    @property
    def group(self) -> str:
        """Return the word of the group that begins here; "" for a row."""
        return self.question.removeprefix(_GROUP) if self.question.startswith(_GROUP) else ""

    @property
    def alone(self) -> bool:
        """Tell whether the row asks for no value."""
        return self.operator in ("yes", "no", "filled", "empty")


def place_at(place: ConditionPlace) -> str:
    """Return where a condition is written: line and column."""
    return f"{place.node.line}-{place.node.column}"


def show(visit: PageVisit) -> Answer:
    """List the conditions of a file; with ``at`` show one to be edited, by POST write it into the text."""
    working = working_texts(visit, visit.parts["workflow"])
    if isinstance(working, Refusal):
        return refused(visit, working)
    file = visit.typed.one("file") or visit.query.get("file", "") or working.own
    if file not in working.published:
        return unknown(visit)
    places = _places(working, file)
    at = visit.typed.one("at") or visit.query.get("at", "")
    chosen = next((one for one in places if place_at(one) == at), None)
    if visit.method == "POST":
        return _typed(visit, working, file, chosen)
    if at and chosen is not None and (rows := _editable(chosen)) is not None:
        return _editor(visit, working, file, chosen, rows.word, _as_edited(working, chosen, rows))
    return page(
        visit,
        "conditions.html",
        workflow=working.workflow,
        working=working,
        file=file,
        files=files_with_conditions(working),
        found=[_shown(working, one) for one in places],
        changed=visit.query.get("done", ""),
        moved=bool(at) and chosen is None,
    )


def _places(working: WorkingTexts, file: str) -> list[ConditionPlace]:
    """Return the conditions of a file; what its author wrote about them is shown in the language of the page."""
    return [
        replace(one, title=DefinedText(one.title), says=DefinedText(one.says))
        for one in conditions_in(read_source(file, working.texts[file]).root)
    ]


def files_with_conditions(working: WorkingTexts) -> list[tuple[str, int]]:
    """Return the files with conditions that belong to the workflow, its own first, each with how many it has."""
    sound = working.loaded.workflows.get(working.workflow)
    forms = forms_filled(sound) if sound is not None else []
    names = [working.own, *(f"{form}.form.yaml" for form in forms)]
    counted = [
        (name, len(conditions_in(read_source(name, working.texts[name]).root)))
        for name in dict.fromkeys(names)
        if name in working.texts
    ]
    return [(name, count) for name, count in counted if count]


def _questions(working: WorkingTexts, place: ConditionPlace) -> list[RowQuestion]:
    loaded = working.loaded
    workflow = loaded.workflows.get(working.workflow)
    return questions_for(workflow, loaded.forms, place.form)


def _editable(place: ConditionPlace) -> ConditionRows | None:
    """Return the rows of a condition; None where it has none, or more than are asked for."""
    rows = rows_of(place.text)
    return rows if rows is not None and _space_for(rows) <= MAX_ROWS else None


def _space_for(rows: ConditionRows) -> int:
    """Return how many lines its form has: each group ends with an empty one."""
    lines = list(lines_of(rows))
    return len(lines) + sum(1 for line in lines if line.word) + 1


def _shown(working: WorkingTexts, place: ConditionPlace) -> ShownCondition:
    questions = _questions(working, place)
    rows = _editable(place)
    kind = KEYS.get(place.key) or say("条件")
    if rows is None:
        return ShownCondition(place, kind, (), spoken(place.text, titles_of(questions)))
    if rows.negated:
        return ShownCondition(place, kind, list(_group_in_words(rows, questions, 0, "")), "")
    return ShownCondition(place, kind, list(_rows_in_words(rows, questions, 0)), "")


def _rows_in_words(rows: ConditionRows, questions: Sequence[RowQuestion], depth: int) -> Iterator[ShownRow]:
    before: Message | str = ""
    for part in rows.rows:
        if isinstance(part, ConditionRows):
            yield from _group_in_words(part, questions, depth, before)
        else:
            yield replace(_row_in_words(part, questions), depth=depth, before=before)
        before = say("或者") if rows.joined == "or" else say("并且")


def _group_in_words(
    rows: ConditionRows, questions: Sequence[RowQuestion], depth: int, before: Message | str
) -> Iterator[ShownRow]:
    yield ShownRow(str(GROUPS[rows.word]), "", "", depth, before)
    yield from _rows_in_words(rows, questions, depth + 1)


def _row_in_words(row: ConditionRow, questions: Sequence[RowQuestion]) -> ShownRow:
    question = next((one for one in questions if one.path == row.question), None)
    texts = []
    for text in typed_values(row, question):
        if text.startswith("="):
            texts.append(spoken(text[1:].strip(), titles_of(questions)))
        else:
            texts.append(question.choices.get(text, text) if question is not None else text)
    value = str(say("{items}", items=texts)) if texts else ""
    return ShownRow(name_of(row.question, questions), OPERATORS[row.operator], value)


def _as_edited(working: WorkingTexts, place: ConditionPlace, rows: ConditionRows) -> list[EditedRow]:
    questions = {one.path: one for one in _questions(working, place)}
    return [
        replace(
            _edited(
                row.question, row.operator.value, typed_values(row, questions.get(row.question)), questions
            ),
            depth=line.depth,
        )
        if (row := line.row) is not None
        else _begun(line.word, line.depth)
        for line in lines_of(rows)
    ]


def _begun(word: str, depth: int) -> EditedRow:
    """Return the line with which a group begins."""
    return EditedRow(_GROUP + word, "", (), (), {}, several=False, depth=depth)


def _edited(
    path: str,
    operator: str,
    values: Sequence[str],
    questions: Mapping[str, RowQuestion],
    wrong: Message | None = None,
) -> EditedRow:
    question = questions.get(path) or RowQuestion(path, path, ANY)
    operators = list(question.operators)
    if operator in {one.value for one in RowOperator} and RowOperator(operator) not in operators:
        operators.append(RowOperator(operator))
    several = operator in {one.value for one in OF_SEVERAL}
    choices = question.choices if len(question.choices) <= MAX_TICKS else {}
    # A value that is an expression is typed.
    if any(value.startswith("=") for value in values):
        choices = {}
    return EditedRow(path, operator, values, operators, choices, several, wrong)


def _typed_rows(visit: PageVisit) -> Iterator[tuple[int, str, str, list[str]]]:
    """Yield depth, question, operator and values of the lines that were filled in; a group goes with what is in it."""
    without: int | None = None
    for number in range(MAX_ROWS):
        seen = visit.typed.one(f"d{number}")
        depth = min(int(seen), MAX_DEPTH) if seen.isascii() and seen.isdecimal() and len(seen) < 3 else 0
        if without is not None and depth > without:
            continue
        question = visit.typed.one(f"q{number}")
        without = None if question else depth
        if question:
            yield depth, question, visit.typed.one(f"o{number}"), list(visit.typed.all(f"v{number}"))


def _typed(visit: PageVisit, working: WorkingTexts, file: str, place: ConditionPlace | None) -> Answer:
    if place is None or place.text != visit.typed.one("was"):
        return page(
            visit,
            "sentence.html",
            status=409,
            title=say("这一条已经不在原处"),
            text=say("文字在另一个窗口里改过。请回到条件的列表，重新打开这一条。"),
        )
    questions = {one.path: one for one in _questions(working, place)}
    joined = word if (word := visit.typed.one("joined")) in WORDS else "and"
    edited: list[EditedRow] = []
    lines: list[OutlineLine] = []
    write = visit.typed.one("do") == "write"
    for depth, path, operator, values in _typed_rows(visit):
        if path.startswith(_GROUP):
            group = word if (word := path.removeprefix(_GROUP)) in WORDS else "and"
            edited.append(_begun(group, depth))
            lines.append(OutlineLine(depth, word=group))
            continue
        row, wrong = _row_typed(path, operator, values, questions)
        edited.append(
            replace(_edited(path, operator, values, questions, wrong if write else None), depth=depth)
        )
        if row is not None:
            lines.append(OutlineLine(depth, row))
    if write and len(lines) == len(edited):
        try:
            found = rows_from(joined, lines)
        except EmptyGroupError:
            sentence = (
                say("一组里至少要有一行；不要这一组，就选“不要这一组”") if edited else say("至少要有一行")
            )
            return _editor(visit, working, file, place, joined, edited, [sentence])
        if rows_of(found.text) is None:
            return _editor(visit, working, file, place, joined, edited, [say("这几行合起来不是一个条件")])
        return _written(visit, working, file, place, found)
    return _editor(visit, working, file, place, joined, edited)


def _row_typed(
    path: str, operator: str, values: Sequence[str], questions: Mapping[str, RowQuestion]
) -> tuple[ConditionRow | None, Message | None]:
    question = questions.get(path)
    if operator not in {one.value for one in RowOperator}:
        return None, say("请选怎样比较")
    chosen = RowOperator(operator)
    if question is not None and chosen not in question.operators:
        message = say(
            "“{question}”不能这样比：“{operator}”", question=question.title, operator=OPERATORS[chosen]
        )
        return None, message
    value = value_of(values, chosen, question)
    if value is None:
        return None, say("请写值；要与另一栏比，写“= ”和它的名字，如 = today")
    return ConditionRow(path, chosen, value), None


def _written(
    visit: PageVisit, working: WorkingTexts, file: str, place: ConditionPlace, rows: ConditionRows
) -> Answer:
    text = working.texts[file]
    if not same_expression(rows.text, place.text):
        try:
            text = replaced(text, place.node, rows.text)
        except NotReplacedError as problem:
            edited = _as_edited(working, place, rows)
            return _editor(visit, working, file, place, rows.word, edited, [problem.message])
    if (not_kept := keep_text(visit, working, file, text)) is not None:
        return refused(visit, not_kept)
    at = place_at(place)
    from urllib.parse import urlencode

    answer = go_to("studio", working.workflow, "conditions", query=urlencode({"file": file, "done": at}))
    return Answer(status=303, headers={"Location": f"{answer.headers['Location']}#c-{at}"})


def _editor(
    visit: PageVisit,
    working: WorkingTexts,
    file: str,
    place: ConditionPlace,
    joined: str,
    rows: Sequence[EditedRow],
    wrong: Sequence[Message] = (),
) -> Answer:
    questions = _questions(working, place)
    known = {one.path for one in questions}
    return page(
        visit,
        "condition.html",
        status=422 if wrong or any(row.wrong for row in rows) else 200,
        workflow=working.workflow,
        file=file,
        shown=_shown(working, place),
        place=place,
        at=place_at(place),
        joined=joined,
        rows=list(_with_space(rows))[:MAX_ROWS],
        words=JOINED,
        groups={_GROUP + word: title for word, title in GROUPS.items()},
        deepest=MAX_DEPTH - 1,
        questions=questions,
        others=[row.question for row in rows if row.question not in known and not row.group],
        operators=OPERATORS,
        wrong=[*wrong, *(row.wrong for row in rows if row.wrong)],
    )


def _with_space(rows: Sequence[EditedRow]) -> Iterator[EditedRow]:
    """Yield the lines with an empty one at the end of each group, for what is added there."""
    depth = 0
    for row in rows:
        for left in range(depth, row.depth, -1):
            yield _blank(left)
        yield row
        depth = row.depth + (1 if row.group else 0)
    for left in range(depth, -1, -1):
        yield _blank(left)


def _blank(depth: int) -> EditedRow:
    return EditedRow("", "", (), tuple(RowOperator), {}, several=False, depth=depth)
