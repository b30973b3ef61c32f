"""Fields of a form as a page asks them: name, label, kind of control, basis, what was typed, what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from engine.definition.condition_rows.asked_when import asked_when
from engine.kernel.refusal import RefusalReason
from engine.language import Message, say, translate
from engine.lifecycle.forms.answers import ROW_ANSWERS, ROW_CHOICES
from engine.lifecycle.forms.row_parts import FAIL, parts_of
from engine.lifecycle.model.form import YES_NO_NA, Field, FieldType, Form
from engine.web.forms.answers import PREFIX, files_typed, reason_name, rows_typed
from engine.web.forms.typed import Typed

#: Choices shown at once; more of them are a list to open.
MAX_RADIOS = 8
#: Rows of a list that are blank at first.
BLANK_ROWS = 3
_CONTROLS: Mapping[FieldType, str] = {
    FieldType.LONG_TEXT: "area",
    FieldType.PERSONS: "area",
    FieldType.LIST: "area",
    FieldType.INTEGER: "number",
    FieldType.DECIMAL: "decimal",
    FieldType.BOOLEAN: "radios",
    FieldType.DATE: "date",
    FieldType.DATETIME: "datetime-local",
    FieldType.CHOICES: "boxes",
    FieldType.FILE: "file",
    FieldType.FILES: "files",
    FieldType.PHOTO: "file",
    FieldType.SIGNATURE: "signature",
    FieldType.PHOTOS: "files",
    FieldType.YES_NO_NA: "radios",
    FieldType.MONEY: "decimal",
    FieldType.TIME: "time",
    FieldType.NOTE: "note",
    FieldType.PERSON: "person",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question of a page."""

    #: Its place in the form, as refusals name it: ``visited_on``, ``rows.r1``, ``items.onsite.rows.r1``.
    place: str
    name: str
    title: str
    control: str
    required: bool = False
    #: It should be answered, and may stay empty; `why` asks for the reason.
    recommended: bool = False
    why: Question | None = None
    #: The condition under which it is asked, in words; empty: it always is.
    when: str = ""
    help: str | None = None
    basis: str | None = None
    unit: str | None = None
    example: str | None = None
    #: The page of the form that begins with it, and the part; `parted`: the form has pages, of which parts are a part.
    page: str | None = None
    section: str | None = None
    parted: bool = False
    #: note: its condition does not hold by what is typed now.
    closed: bool = False
    options: Sequence[tuple[str, str]] = ()
    value: str = ""
    values: Sequence[str] = ()
    wrong: Sequence[str] = ()
    #: list with columns: the headings, and the questions of each row.
    headings: Sequence[str] = ()
    lines: Sequence[Sequence[Question]] = ()
    #: check row: what is to be looked at, what may be said beside the answer, and that of a problem alone.
    points: str | None = None
    beside: Sequence[Question] = ()
    of_problem: Sequence[Question] = ()
    files: Sequence[tuple[str, str]] = field(default=())

    @property
    def id(self) -> str:
        """Return the id of its control in the page."""
        return "q-" + self.place.replace(".", "-")


@dataclass(frozen=True, slots=True)
class QuestionGroup:
    """The questions of one form."""

    title: str
    help: str | None
    basis: str | None
    questions: Sequence[Question]


def questions_of(
    form: Form,
    item_forms: Sequence[Form],
    typed: Typed,
    reasons: Sequence[RefusalReason] = (),
    others: Sequence[Form] = (),
    closed: Collection[str] = (),
) -> list[QuestionGroup]:
    """Return the questions of a form and of the item forms beside it; their conditions may read `others` too.

    `closed` are the places of the notes that are not shown now.
    """
    wrong: dict[str, list[str]] = {}
    for reason in reasons:
        if reason.field:
            wrong.setdefault(reason.field, []).append(str(reason))
    beside = [("", form), *((f"items.{item.id}.", item) for item in item_forms)]
    return [_group(one, typed, prefix, wrong, others, closed) for prefix, one in beside]


def place_id(place: str | None) -> str | None:
    """Return the id of the control a reason is about; None where it is about the whole."""
    return None if place is None else "q-" + place.replace(".", "-")


def _group(
    form: Form,
    typed: Typed,
    prefix: str,
    wrong: Mapping[str, Sequence[str]],
    others: Sequence[Form],
    closed: Collection[str],
) -> QuestionGroup:
    asked = [f for f in form.fields if f.computed is None]
    # A page and a part are named once, before their first question.
    questions = [
        replace(
            _question(f, typed, prefix + f.name, wrong, lambda one: asked_when(form, one, others)),
            why=_why(f, typed, prefix) if f.recommended else None,
            page=None if before is not None and before.page == f.page else f.page,
            section=None if before is not None and before.section == f.section else f.section,
            parted=any(one.page for one in asked),
            closed=prefix + f.name in closed,
        )
        for f, before in zip(asked, [None, *asked], strict=False)
    ]
    for row in form.rows:
        place = f"{prefix}rows.{row.id}"
        name = PREFIX + place
        beside = [_beside(part, typed, place) for part in parts_of("")]
        of_problem = [_beside(part, typed, place) for part in parts_of(FAIL)[len(beside) :]]
        questions.append(
            Question(
                place=place,
                name=f"{name}.answer",
                title=row.title,
                control="radios",
                required=True,
                basis=row.basis,
                help=row.method,
                points=row.points,
                options=[(code, str(word)) for code, word in zip(ROW_ANSWERS, ROW_CHOICES, strict=True)],
                value=typed.one(f"{name}.answer"),
                wrong=wrong.get(place, ()),
                beside=beside,
                of_problem=of_problem,
            )
        )
    return QuestionGroup(form.title, form.help, form.basis, questions)


def _beside(part: Field, typed: Typed, place: str) -> Question:
    """Return what is asked beside the answer of a check row; of a problem its note must be written."""
    name = f"{PREFIX}{place}.{part.name}"
    title = str(say("问题说明（不符合的须写）")) if part.name == "note" else translate(part.title)
    control = _CONTROLS.get(part.type, "text")
    return Question(
        place=f"{place}.{part.name}", name=name, title=title, control=control, value=typed.one(name)
    )


def _why(asked: Field, typed: Typed, prefix: str) -> Question:
    """Return what is asked beside a recommended question: why it stays empty."""
    name = reason_name(PREFIX + prefix, asked)
    return Question(
        place=name.removeprefix(PREFIX),
        name=name,
        title=str(say("不填“{title}”的理由（可不写）", title=asked.title)),
        control="text",
        value=typed.one(name),
    )


def _question(
    asked: Field,
    typed: Typed,
    place: str,
    wrong: Mapping[str, Sequence[str]],
    when: Callable[[Field], str],
) -> Question:
    name = PREFIX + place
    control = _CONTROLS.get(asked.type, "text")
    options: list[tuple[str, str]] = []
    headings: list[str] = []
    lines: list[list[Question]] = []
    if asked.type is FieldType.BOOLEAN:
        options = [("true", str(say("是"))), ("false", str(say("否")))]
    elif asked.type is FieldType.YES_NO_NA:
        options = list(YES_NO_NA.items())
    elif asked.choices:
        options = list(asked.choices.items())
        if asked.type is FieldType.CHOICE:
            control = "radios" if len(options) <= MAX_RADIOS else "select"
    if asked.type is FieldType.LIST and asked.columns:
        columns = [column for column in asked.columns if column.computed is None]
        control, headings = "table", [column.title for column in columns]
        lines = [
            [_cell(_question(c, typed, f"{place}.{number}.{c.name}", wrong, when)) for c in columns]
            for number in range(rows_typed(typed, name) or BLANK_ROWS)
        ]
    return Question(
        place=place,
        name=name,
        title=asked.title,
        control=control,
        required=asked.required,
        recommended=asked.recommended,
        when=when(asked),
        help=_help(asked),
        basis=asked.basis,
        unit=asked.unit,
        example=None if asked.example is None else str(asked.example),
        options=options,
        value=typed.one(name),
        values=typed.all(name),
        wrong=wrong.get(place, ()),
        headings=headings,
        lines=lines,
        files=files_typed(typed, name, several=control == "files"),
    )


def _cell(question: Question) -> Question:
    """Return a question as it fits into a row: choices to open instead of side by side."""
    return replace(question, control="select") if question.control == "radios" else question


def _help(asked: Field) -> str | None:
    more: Message | None = None
    if asked.type in (FieldType.PERSONS, FieldType.LIST) and not asked.columns:
        more = say("每行一项")
    elif asked.type is FieldType.RATIO:
        more = say("如 5%、0.05 或 1/20")
    elif asked.type in (FieldType.FILE, FieldType.FILES):
        more = say("检查时存入案卷，按内容核对类型")
    elif asked.type is FieldType.SIGNATURE:
        more = say("签名图片不是可靠电子签名；须有当事人在场签署。")
    if more is None:
        return asked.help
    return str(more) if not asked.help else f"{translate(asked.help)} {more}"
