"""Answers to a form: checked against its fields, worked out where a field is computed, never filled in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from engine.kernel.clean_text import folded, without_invisible
from engine.kernel.refusal import RefusalReason
from engine.language import Message, say, term
from engine.lifecycle.expressions.expression import EvaluationError, Scope
from engine.lifecycle.expressions.rows import NOT_ASKED
from engine.lifecycle.forms.fields import read_value
from engine.lifecycle.forms.order import in_order_of_need
from engine.lifecycle.forms.personal import marked
from engine.lifecycle.forms.relevance import answered_rows, is_blank, relevant_now
from engine.lifecycle.forms.repeated_rows import computed_value, read_answer
from engine.lifecycle.forms.row_parts import FAIL, ROW_PARTS, parts_of, problem_of
from engine.lifecycle.model.form import CheckRow, Field, FieldType, Form
from engine.lifecycle.model.requirement import Requirement

#: Where answers say why questions that should have been answered were not: name -> reason.
UNANSWERED = "unanswered"

#: What a check row may be answered with.
ROW_ANSWERS: Mapping[str, str] = {"pass": term("符合"), "fail": term("不符合"), "n/a": term("不适用")}
#: The same for people to choose from; in English they are the codes.
ROW_CHOICES = (say("符合"), say("不符合"), say("不适用"))
_ROW_WORDS = {**{word: code for code, word in ROW_ANSWERS.items()}, **{code: code for code in ROW_ANSWERS}}


@dataclass(slots=True)
class CheckedAnswers:
    """The answers as they will be kept, and everything that is wrong with them."""

    answers: dict[str, Any] = field(default_factory=dict)
    problems: list[RefusalReason] = field(default_factory=list)

    def refuse(
        self, name: str, message: Message, basis: str | None = None, clause: str | None = None
    ) -> None:
        """Note that the answer to `name` cannot stand."""
        self.problems.append(RefusalReason("form", message, basis=basis, clause=clause, field=name))


def read_answers(
    form: Form,
    item_forms: Sequence[Form],
    given: Mapping[str, Any],
    scope: Scope,
    held: Mapping[str, Any] | None = None,
) -> tuple[dict[str, Any], list[RefusalReason]]:
    """Check `given` against `form` and the item forms beside it.

    Returns the answers to keep and all problems. `scope` is what conditions inside the form may look at, besides
    ``form`` itself. The answers of item forms stand under ``items``; failed check rows of all forms are collected
    under ``problems`` and counted under ``problem_count``. `held` are questions that cannot be answered now, with the
    answers they had before (None: none).
    """
    reading = CheckedAnswers()
    known, renamed = _known_names(form)
    if renamed:
        given = _by_id(form.fields, given)
    items = given.get("items") if item_forms else None
    if item_forms:
        known = known | {"items"}
    if not known.issuperset(given):
        _refuse_unknown(reading, form, given, known)
    with_rows = bool(form.rows) or (bool(item_forms) and any(item.rows for item in item_forms))
    if with_rows:
        failed = list(_read_rows(reading, form, given.get("rows"), ""))
        if item_forms:
            failed += _read_items(reading, item_forms, items, scope)
        reading.answers["problems"] = failed
        reading.answers["problem_count"] = len(failed)
    elif item_forms:
        _read_items(reading, item_forms, items, scope)
    _read_fields(reading, form.fields, given, scope, held or {})
    if form.constraints:
        _check_whole(reading, form.constraints, scope)
    return reading.answers, reading.problems


#: What `_known_names` gives of forms asked for before, by the identity of the form: a form is a deep value, its hash costs
#: more than this.
_NAMES: dict[int, tuple[Form, frozenset[str], bool]] = {}
_MAX_NAMES = 1024


def _known_names(form: Form) -> tuple[frozenset[str], bool]:
    """Return the names under which a form of its own may be answered, and whether some field or column was renamed."""
    found = _NAMES.get(id(form))
    if found is not None and found[0] is form:
        return found[1], found[2]
    if len(_NAMES) >= _MAX_NAMES:
        _NAMES.clear()
    rows = {"rows"} if form.rows else set[str]()
    names = frozenset({asked.name for asked in form.fields} | rows | _more_names(form))
    renamed = any(one.alias is not None for asked in form.fields for one in (asked, *asked.columns))
    _NAMES[id(form)] = (form, names, renamed)
    return names, renamed


#: What was seen of fields before, by their identity: every look at all fields of a long form costs what reading some answers does.
_SEEN: dict[
    int,
    tuple[tuple[Field, ...], Mapping[str, str], Mapping[str, tuple[Field, ...]], tuple[Field, ...]],
] = {}


def _looked_through(
    fields: tuple[Field, ...],
) -> tuple[tuple[Field, ...], Mapping[str, str], Mapping[str, tuple[Field, ...]], tuple[Field, ...]]:
    """Return the fields, name of today -> id, id -> columns of which one is called otherwise, and those with constraints."""
    found = _SEEN.get(id(fields))
    if found is not None and found[0] is fields:
        return found
    if len(_SEEN) >= _MAX_NAMES:
        _SEEN.clear()
    found = (
        fields,
        {asked.alias: asked.name for asked in fields if asked.alias is not None},
        {asked.name: asked.columns for asked in fields if any(one.alias for one in asked.columns)},
        tuple(asked for asked in fields if asked.constraints),
    )
    _SEEN[id(fields)] = found
    return found


def _by_id(fields: tuple[Field, ...], given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what is given under the ids fields are kept by; a renamed field, or column, may be given under its name of today."""
    _, ids, nested, _ = _looked_through(fields)
    if not ids and not nested:
        return given
    found = {key if ids.get(key, key) in given else ids[key]: value for key, value in given.items()}
    for name, columns in nested.items():
        rows = found.get(name)
        if isinstance(rows, (list, tuple)):
            found[name] = [_by_id(columns, row) if isinstance(row, Mapping) else row for row in rows]
    return found


def _more_names(form: Form) -> set[str]:
    """Return what may be given beside the answers themselves."""
    return {UNANSWERED} if any(asked.recommended for asked in form.fields) else set()


def _read_fields(
    reading: CheckedAnswers,
    fields: tuple[Field, ...],
    given: Mapping[str, Any],
    scope: Scope,
    held: Mapping[str, Any],
) -> None:
    answers = reading.answers
    order = in_order_of_need(fields)
    read = _read_each(reading, fields, order, given, {**scope, "form": answers}, held)
    if order is not fields or NOT_ASKED in answers or UNANSWERED in answers:
        for asked in fields:
            # As the form has them, whatever the order they were read in.
            if asked.name in answers:
                answers[asked.name] = answers.pop(asked.name)
    inside: Scope = {**scope, "form": answers}
    for asked in _looked_through(fields)[3]:
        # Only now: a constraint may look at any question of the form, also at one further down.
        if asked.name in read and not _hold(asked.constraints, inside):
            _check_whole(reading, asked.constraints, scope, asked.name)


def _read_each(
    reading: CheckedAnswers,
    fields: tuple[Field, ...],
    order: tuple[Field, ...],
    given: Mapping[str, Any],
    inside: Scope,
    held: Mapping[str, Any],
) -> set[str]:
    """Read every field; returns the names of those that were answered soundly, or worked out."""
    answers, read = reading.answers, set()
    reasons = _blank_reasons(reading, fields, given) if UNANSWERED in given else {}
    for asked in order:
        if asked.computed is not None or asked.type is FieldType.NOTE:
            if asked.name in given:
                _refuse_given(reading, asked)
            if asked.computed is not None and _work_out(reading, asked, inside):
                read.add(asked.name)
            continue
        value = given.get(asked.name)
        value = answered_rows(asked, value) if asked.columns else value
        if asked.name in held:
            _keep_held(reading, asked, value, held[asked.name])
            continue
        if asked.relevant is not None and not relevant_now(asked, inside):
            if not is_blank(value):
                reading.refuse(asked.name, say("“{title}”在此情形下不适用，请勿填写", title=asked.title))
            answers.setdefault(NOT_ASKED, []).append(asked.name)
        elif type(value) is not int and is_blank(value):
            _leave_blank(reading, asked, reasons)
        elif _read_one(reading, asked, value, inside):
            read.add(asked.name)
    return read


def _work_out(reading: CheckedAnswers, asked: Field, inside: Scope) -> bool:
    """Keep what a computed field comes to, where it is asked for; tell whether there is a sound value."""
    answers = reading.answers
    if not relevant_now(asked, inside):
        answers.setdefault(NOT_ASKED, []).append(asked.name)
        return False
    try:
        answers[asked.name] = computed_value(asked, inside)
    except EvaluationError as problem:
        reading.refuse(asked.name, problem.message, asked.basis)
        return False
    return answers[asked.name] is not None


def _leave_blank(reading: CheckedAnswers, asked: Field, reasons: Mapping[str, str]) -> None:
    if asked.required:
        reading.refuse(asked.name, say("“{title}”必须填写", title=asked.title), asked.basis)
    elif asked.recommended:
        reading.answers.setdefault(UNANSWERED, {})[asked.name] = reasons.get(asked.name, "")


def _read_one(reading: CheckedAnswers, asked: Field, value: Any, inside: Scope) -> bool:
    """Keep one answer; tell whether it is sound."""
    kept, problems = read_answer(asked, value, inside)
    for problem in problems:
        reading.refuse(asked.name, problem, asked.basis)
    if not problems:
        reading.answers[asked.name] = marked(asked, kept) if asked.personal else kept
    return not problems


def _refuse_given(reading: CheckedAnswers, asked: Field) -> None:
    """Refuse an answer to what nobody answers."""
    if asked.computed is not None:
        reading.refuse(asked.name, say("“{title}”由系统计算，不应填写", title=asked.title))
    else:
        reading.refuse(asked.name, say("“{title}”是说明文字，不应填写", title=asked.title))


def _keep_held(reading: CheckedAnswers, asked: Field, value: Any, before: Any) -> None:
    """Keep the answer of before to a question that this step does not open."""
    if not is_blank(value) and value != before:
        reading.refuse(asked.name, say("“{title}”在此环节不能填写或更改", title=asked.title))
    if before is None:
        reading.answers.setdefault(NOT_ASKED, []).append(asked.name)
    else:
        reading.answers[asked.name] = before


def left_blank(form: Form, answers: Mapping[str, Any]) -> tuple[RefusalReason, ...]:
    """Return a warning for each question of `form` that should have been answered and was not, with the reason given."""
    blank: Mapping[str, str] = answers.get(UNANSWERED) or {}
    return tuple(
        RefusalReason(
            "recommended",
            say("建议填写“{title}”，未填写，理由：{reason}", title=asked.title, reason=blank[asked.name])
            if blank[asked.name]
            else say("建议填写“{title}”，未填写", title=asked.title),
            basis=asked.basis,
            field=asked.name,
        )
        for asked in form.fields
        if asked.name in blank
    )


def _blank_reasons(
    reading: CheckedAnswers, fields: tuple[Field, ...], given: Mapping[str, Any]
) -> Mapping[str, str]:
    """Return the reasons given for questions left empty, by the name of the question."""
    reasons = given.get(UNANSWERED)
    if reasons is None:
        return {}
    recommended = {asked.name for asked in fields if asked.recommended}
    if not isinstance(reasons, Mapping) or set(reasons) - recommended:
        message = say(
            "unanswered 写各建议栏目未填的理由：栏目 → 理由；可写：{names}", names=sorted(recommended)
        )
        reading.refuse(UNANSWERED, message)
        return {}
    return {name: without_invisible(str(text or "")) for name, text in reasons.items()}


def _hold(constraints: Iterable[Requirement], inside: Scope) -> bool:
    """Tell whether all hold: of most answers they do, and nothing more is to be asked of them."""
    try:
        for constraint in constraints:
            if not constraint.that.holds(inside):
                return False
    except EvaluationError:
        return False
    return True


def _check_whole(
    reading: CheckedAnswers, constraints: Iterable[Requirement], scope: Scope, name: str | None = None
) -> None:
    inside = {**scope, "form": reading.answers}
    wrong = {problem.field for problem in reading.problems if problem.field}
    for constraint in constraints:
        if name is None and wrong & set(asked_names(constraint)):
            # What it compares is missing or wrong, and that is said already.
            continue
        try:
            clauses = tuple(constraint.that.failing(inside))
        except EvaluationError as problem:
            if not reading.problems:
                reading.problems.append(
                    RefusalReason("form", problem.message, basis=constraint.basis, field=name)
                )
            continue
        if clauses:
            reading.problems.append(
                RefusalReason(
                    "form",
                    say("{text}", text=constraint.message),
                    basis=constraint.basis,
                    clause="; ".join(clauses),
                    field=name,
                )
            )


def asked_names(constraint: Requirement) -> Iterator[str]:
    """Yield the questions of the form a constraint of the whole form looks at."""
    for expression in constraint.that.expressions():
        for path in expression.names():
            if len(path) > 1 and path[0] == "form":
                yield str(path[1])


def _read_rows(reading: CheckedAnswers, form: Form, rows: Any, where: str) -> Iterable[dict[str, Any]]:
    if not form.rows:
        return
    if not isinstance(rows, Mapping):
        reading.refuse(
            f"{where}rows",
            say("《{form}》的检查事项尚未逐项填写（rows：事项编号 → answer）", form=form.title),
        )
        return
    prefix = f"{where}rows."
    for unknown in sorted(set(rows) - {row.id for row in form.rows}):
        reading.refuse(prefix + unknown, say("《{form}》没有检查事项“{row}”", form=form.title, row=unknown))
    kept: dict[str, Any] = {}
    for row in form.rows:
        answer = _read_row(reading, row, rows.get(row.id), prefix + row.id)
        if answer is None:
            continue
        kept[row.id] = answer
        if answer["answer"] == FAIL:
            yield {"form": form.id, **problem_of(row, answer)}
    if where:
        reading.answers.setdefault("items", {}).setdefault(form.id, {})["rows"] = kept
    else:
        reading.answers["rows"] = kept


def row_answer(given: Any) -> str | None:
    """Return the code of what a check row is answered with, typed as its code or its word, alone or with what is said of it; None where it is neither."""
    return _ROW_WORDS.get(folded(str(given.get("answer") if isinstance(given, Mapping) else given)))


def row_in_full(given: Any) -> Mapping[str, Any]:
    """Return what was given for a check row as answer and parts, the answer by its code; empty where it is no row.

    An answer alone is a row, and may be a word (符合). Answers need not have been checked: of a draft, what is no code stays.
    """
    full = {"answer": given} if isinstance(given, str) else given
    if not isinstance(full, Mapping):
        return {}
    answer = full.get("answer")
    return {**full, "answer": _ROW_WORDS.get(folded(answer), answer)} if isinstance(answer, str) else full


def with_rows_in_full(answers: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return `answers` with each check row that is an answer alone in full, those of items too; they need not be sound."""
    found = dict(answers)
    if isinstance(rows := answers.get("rows"), Mapping):
        found["rows"] = {
            row: row_in_full(given) if isinstance(given, str) and given else given
            for row, given in rows.items()
        }
    if isinstance(items := answers.get("items"), Mapping):
        found["items"] = {
            item: with_rows_in_full(given) if isinstance(given, Mapping) else given
            for item, given in items.items()
        }
    return found


def _read_row(reading: CheckedAnswers, row: CheckRow, given: Any, where: str) -> dict[str, Any] | None:
    given = {"answer": given} if isinstance(given, str) else given
    if not isinstance(given, Mapping) or not given.get("answer"):
        reading.refuse(where, say("检查事项“{row}”未作答（符合、不符合或不适用）", row=row.title))
        return None
    answer = row_answer(given["answer"])
    if answer is None:
        reading.refuse(
            where,
            say(
                "检查事项“{row}”的答案应为 符合、不符合 或 不适用（pass、fail、n/a），实为“{seen}”",
                row=row.title,
                seen=given["answer"],
            ),
        )
        return None
    note = without_invisible(str(given.get("note") or ""))
    if answer == FAIL and not note:
        reading.refuse(where, say("检查事项“{row}”不符合，须写明问题（note）", row=row.title))
    kept = {"answer": answer}
    for part in parts_of(answer):
        text = without_invisible(str(given.get(part.name) or ""))
        if text and part.type is FieldType.DATE:
            text, wrong = read_value(part, text)
            if wrong is not None:
                reading.refuse(where, wrong)
                continue
        if text:
            kept[part.name] = text
    for unknown in sorted(set(given) - {"answer", *(part.name for part in ROW_PARTS)}):
        reading.refuse(where, say("检查事项“{row}”没有“{key}”一栏", row=row.title, key=unknown))
    return kept


def _read_items(
    reading: CheckedAnswers, item_forms: Sequence[Form], items: Any, scope: Scope
) -> list[dict[str, Any]]:
    failed: list[dict[str, Any]] = []
    if not isinstance(items, Mapping):
        names = [item.title for item in item_forms]
        reading.refuse("items", say("须填写事项表单：{names}（items：表单编号 → 答案）", names=names))
        return failed
    for unknown in sorted(set(items) - {item.id for item in item_forms}):
        reading.refuse(f"items.{unknown}", say("本件没有事项表单“{form}”", form=unknown))
    for item in item_forms:
        given = items.get(item.id)
        where = f"items.{item.id}."
        if not isinstance(given, Mapping):
            reading.refuse(where[:-1], say("事项表单《{form}》未填写", form=item.title))
            continue
        given = _by_id(item.fields, given)
        known = {f.name for f in item.fields} | {"rows"} | _more_names(item)
        _refuse_unknown(reading, item, given, known, where)
        own = list(_read_rows(reading, item, given.get("rows"), where))
        failed += own
        inner = CheckedAnswers()
        if item.rows:
            inner.answers.update(problems=own, problem_count=len(own))
        _read_fields(inner, item.fields, given, scope, {})
        _check_whole(inner, item.constraints, scope)
        reading.problems += [
            RefusalReason(p.code, p.message, p.basis, p.clause, p.hint, (where + (p.field or "")).rstrip("."))
            for p in inner.problems
        ]
        # Kept once, with those of the whole step.
        kept = {
            name: value for name, value in inner.answers.items() if name not in ("problems", "problem_count")
        }
        reading.answers.setdefault("items", {}).setdefault(item.id, {}).update(kept)
    return failed


def _refuse_unknown(
    reading: CheckedAnswers, form: Form, given: Mapping[str, Any], known: AbstractSet[str], where: str = ""
) -> None:
    for unknown in sorted(str(name) for name in given if name not in known):
        near = _nearest(form, unknown, known)
        if near is None:
            written = {asked.name: asked.written for asked in form.fields}
            words = {
                "form": form.title,
                "name": unknown,
                "known": sorted(written.get(name, name) for name in known),
            }
            message = say("《{form}》没有“{name}”这一栏；可填：{known}", **words)
        else:
            words = {"form": form.title, "name": unknown, "near": near}
            message = say("《{form}》没有“{name}”这一栏；是否想写“{near}”？", **words)
        reading.refuse(where + unknown, message)


def _nearest(form: Form, unknown: str, known: AbstractSet[str]) -> str | None:
    """Return the field somebody meant who wrote its title, or its name not quite right."""
    from engine.kernel.did_you_mean import nearest

    titled = next((asked.name for asked in form.fields if asked.title == unknown), None)
    return titled or nearest(unknown, sorted(known))
