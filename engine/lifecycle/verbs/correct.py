"""更正: one answer typed wrong is put right without going back, and the old one is kept. Pure, as `decide` is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from datetime import datetime
from typing import Any

from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import SOURCE_LANGUAGE, Message, say, term
from engine.lifecycle.case import Case, Change, EventKind, RunningClock
from engine.lifecycle.command import CasePath, InformedCommand
from engine.lifecycle.deadlines.clock_transitions import asked_again, with_those_beside
from engine.lifecycle.deadlines.corrected_clocks import counted_from_corrected
from engine.lifecycle.decision import Outcome
from engine.lifecycle.expressions.condition import Condition
from engine.lifecycle.expressions.expression import EvaluationError, Expression
from engine.lifecycle.forms.fields import boolean_of
from engine.lifecycle.forms.order import in_order_of_need
from engine.lifecycle.forms.personal import MASKED, PersonalText, marked
from engine.lifecycle.forms.relevance import is_blank
from engine.lifecycle.forms.repeated_rows import read_answer, rows_worked_out, worked_out_again
from engine.lifecycle.model.form import Field, FieldType, Form
from engine.lifecycle.model.requirement import Requirement
from engine.lifecycle.model.workflow import Transition
from engine.lifecycle.process import Process
from engine.lifecycle.scope import make_scope
from engine.lifecycle.verb_guard import check_verb, unmet
from engine.lifecycle.verbs.asking.ask import with_correction
from engine.lifecycle.verbs.spec import ArgumentKind, Need, VerbArgument, VerbSpec
from engine.value import named_value

#: What is put right by typing it; rows, lists, people and files are given anew with their step.
TYPED = frozenset(
    {
        *(FieldType.TEXT, FieldType.LONG_TEXT, FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY),
        *(FieldType.RATIO, FieldType.DATE, FieldType.DATETIME, FieldType.TIME, FieldType.BOOLEAN),
        *(FieldType.CHOICE, FieldType.YES_NO_NA),
    }
)


@named_value
class Correct(InformedCommand):
    """更正: the answer `fact` (``FORM.FIELD``) is `value` from now on."""

    fact: str
    value: str
    passage: CasePath = field(default_factory=CasePath)


def correct(process: Process, case: Case, command: Correct, now: datetime) -> Outcome:
    """Put one answer right, with what is worked out from it; refused where a step would not have been allowed with it."""
    verb, reasons = check_verb(process, case, CORRECT, command, granted=command.granted)
    if verb is None or reasons:
        return Refusal(case.id, CORRECT.title, tuple(reasons))
    found = _place(process, case, command.fact)
    if isinstance(found, RefusalReason):
        return Refusal(case.id, CORRECT.title, (found,))
    form, asked = found
    before = case.forms[form.id]
    scope = make_scope(process, case, command.actor, now, command.facts, command.reason)
    value, wrong = _read(asked, command.value, before, scope)
    if wrong:
        problems = tuple(RefusalReason("form", one, asked.basis, field=asked.name) for one in wrong)
        return Refusal(case.id, CORRECT.title, problems)
    try:
        answers = _worked_out(form, asked, {**before, asked.name: value}, scope)
    except EvaluationError as problem:
        return Refusal(case.id, CORRECT.title, (RefusalReason("form", problem.message, asked.basis),))
    after = {**scope, "forms": {**case.forms, form.id: answers}}
    reasons = unmet(tuple(_asked_of_it(process, form, asked)), {**after, "form": answers})
    reasons += _of_later_steps(process, case, form, asked, after)
    if reasons:
        return Refusal(case.id, CORRECT.title, tuple(reasons))
    # What each taken step decided is asked again by a correction alone: other commands go without it.
    from engine.lifecycle.verbs.correcting.facts_corrected import PutRight, follow_correction

    try:
        put = PutRight(case.forms, {**case.forms, form.id: answers}, asked.title)
        followed = follow_correction(process, case.fields, command.passage.taken, put)
    except EvaluationError as problem:
        return Refusal(case.id, CORRECT.title, (RefusalReason("form", problem.message, asked.basis),))
    if followed.elsewhere is not None:
        reason = _other_way(process, asked, *followed.elsewhere)
        return Refusal(case.id, CORRECT.title, (reason,))
    if followed.reasons:
        return Refusal(case.id, CORRECT.title, followed.reasons)
    if followed.unknown is not None:
        return Refusal(case.id, CORRECT.title, (_not_known(asked, followed.unknown),))
    facts = dict(followed.facts)
    after = {**after, "case": {**after["case"], **facts}}
    try:
        clocks = _clocks(process, case, scope, after, now)
    except EvaluationError as problem:
        return Refusal(case.id, CORRECT.title, (RefusalReason("clock", problem.message),))
    words = {"form": form.title, "title": asked.title}
    old, new = _shown(asked, before.get(asked.name)), _shown(asked, value)
    message = say(
        "“{case}”的《{form}》“{title}”已更正：{old} 改为 {new}；理由：{reason}",
        case=case.title,
        old=old,
        new=new,
        reason=command.reason,
        **words,
    )
    change = Change(
        form=form.id,
        answers=answers,
        fields=facts,
        clocks=clocks,
        asked=with_correction(case),
    )
    # The history names it in the language its other entries have.
    done = say("更正《{form}》的“{title}”：{old} 改为 {new}", old=old, new=new, **words)
    return (
        EventKind.CORRECTED,
        done.render(SOURCE_LANGUAGE),
        change,
        tuple((to, message) for to in process.state(case.state).audience),
    )


def _read(
    asked: Field, text: str, before: Mapping[str, Any], scope: Mapping[str, Any]
) -> tuple[Any, list[Message]]:
    """Return what was typed as the form keeps it, and what is wrong with it. `before` are the answers of the form as they are."""
    if asked.required and is_blank(text):
        # It was asked and answered: what must be filled in cannot be emptied.
        return None, [say("“{title}”必须填写", title=asked.title)]
    value, wrong = read_answer(asked, _value(asked, text), {**scope, "form": before})
    if asked.personal:
        value = marked(asked, value)
    if not wrong and value == before.get(asked.name):
        wrong = [say("“{title}”本来就是“{value}”", title=asked.title, value=_shown(asked, text))]
    return value, wrong


def _other_way(process: Process, asked: Field, way: Transition, target: str | None) -> RefusalReason:
    """Return why an answer cannot be put right alone that has decided where the case went."""
    words = {"title": asked.title, "step": way.title}
    if target is None:
        message = say("“{title}”更正后，“{step}”就不该办了，不能单独更正", **words)
    else:
        state = process.state(target).title
        message = say("“{title}”更正后，“{step}”应转入“{state}”，不能单独更正", state=state, **words)
    return RefusalReason(
        "state", message, asked.basis, hint=say("请退回“{step}”之前的环节，改正后重办", step=way.title)
    )


def _not_known(asked: Field, way: Transition | str) -> RefusalReason:
    """Return why an answer cannot be put right alone that a step has read beside what is not known any more."""
    if isinstance(way, str):
        message = say("启动时由“{title}”和当时的情形算出的，不能由系统重算，不能单独更正", title=asked.title)
        return RefusalReason("state", message, asked.basis)
    message = say(
        "“{step}”由“{title}”和当时的情形（下级件、名录、上级件等）得出，不能由系统重算，不能单独更正",
        step=way.title,
        title=asked.title,
    )
    return RefusalReason(
        "state", message, asked.basis, hint=say("请退回“{step}”之前的环节，改正后重办", step=way.title)
    )


def kept_values(process: Process, case: Case, command: Correct) -> dict[str, str]:
    """Return the new value, and a personal one of before, as they may be kept until somebody approves the new one."""
    found = _place(process, case, command.fact)
    if isinstance(found, RefusalReason) or not found[1].personal:
        return {"value": command.value}
    form, asked = found
    before = case.forms[form.id].get(asked.name)
    return {"value": PersonalText(command.value), "old": PersonalText(str(before))}


def _place(process: Process, case: Case, fact: str) -> tuple[Form, Field] | RefusalReason:
    """Return the form and the question `fact` names: ``FORM.FIELD`` by ids or titles, or a question no other form has."""
    forms = [process.form(name) for name in case.forms if name in process.workflow.forms]
    head, dot, rest = fact.partition(".")
    named = [one for one in forms if head in (one.id, one.title)] if dot else forms
    wanted = rest if dot else fact
    found = [
        (one, asked)
        for one in named
        for asked in one.fields
        if wanted in (asked.name, asked.written, asked.title)
    ]
    if len(found) > 1:
        places = [f"{one.id}.{asked.written}" for one, asked in found]
        return RefusalReason(
            "form", say("“{fact}”不止一处：{places}，请写明是哪一处", fact=fact, places=places)
        )
    if not found:
        known = [one.id for one in forms]
        return RefusalReason(
            "form",
            say("已提交的表单里没有“{fact}”", fact=fact),
            hint=say("写作 表单.栏目；本件已提交：{known}", known=known)
            if known
            else say("本件还没有提交过表单；并行环节所办的一项，由办理人撤回后重办"),
        )
    form, asked = found[0]
    if asked.name not in case.forms[form.id]:
        return RefusalReason("form", say("“{title}”当时没有填，没有可更正的", title=asked.title))
    if asked.computed is not None:
        return RefusalReason("form", say("“{title}”由系统计算，请更正它所依据的", title=asked.title))
    if asked.type not in TYPED or asked.columns:
        message = say("“{title}”不是一个值（名单、明细、人员或附件），不能这样更正", title=asked.title)
        return RefusalReason("form", message, hint=say("请退回原步骤重新填写"))
    if _decides_what_is_asked(form, asked):
        message = say("别的问题要不要填取决于“{title}”，不能单独更正", title=asked.title)
        return RefusalReason("form", message, hint=say("请退回原步骤重新填写"))
    return form, asked


def _decides_what_is_asked(form: Form, asked: Field) -> bool:
    """Tell whether other questions, or columns of rows, are asked or judged, or their codes offered, by an answer or what is worked out from it."""
    columns = [column for one in form.fields for column in one.columns]
    conditions = [one.relevant for one in (*form.fields, *columns) if one.relevant is not None]
    conditions += [constraint.that for column in columns for constraint in column.constraints]
    conditions += [offer.when for one in (*form.fields, *columns) for offer in one.offered]
    resting = _resting_on(form, asked)
    return any(_looks_at(condition, form, each) for condition in conditions for each in resting)


def _resting_on(form: Form, asked: Field) -> list[Field]:
    """Return an answer and what is worked out from it, one from another."""
    found = [asked]
    for one in in_order_of_need(form.fields, "form"):
        if one.computed is not None and any(_looks_at(one.computed, form, each) for each in found):
            found.append(one)
    return found


def _value(asked: Field, text: str) -> Any:
    """Return what is typed as the form takes it; what does not fit is refused by the form."""
    if asked.type is FieldType.BOOLEAN:
        flag = boolean_of(text.strip().lower())
        return text if flag is None else flag
    if asked.choices and text not in asked.choices:
        return next((code for code, shown in asked.choices.items() if shown == text), text)
    return text


def _shown(asked: Field, value: Any) -> str:
    if asked.personal:
        # What the history says of it in words stays there for good.
        return MASKED
    if isinstance(value, bool):
        return str(say("是") if value else say("否"))
    return asked.choices.get(str(value), str(value)) if asked.choices else str(value)


def _worked_out(
    form: Form, asked: Field, answers: dict[str, Any], scope: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the answers with those anew that are worked out from the one that was put right, one from another."""
    moved = [asked]
    for one in in_order_of_need(form.fields, "form"):
        inside = {**scope, "form": answers}
        if one.computed is not None and any(_looks_at(one.computed, form, each) for each in moved):
            answers[one.name] = worked_out_again(one, answers.get(one.name), inside)
            moved.append(one)
        elif one.name in answers and any(_is_in_columns(one, form, each) for each in moved):
            answers[one.name] = rows_worked_out(one, answers[one.name], inside)
            moved.append(one)
    return answers


def _is_in_columns(rows: Field, form: Form, asked: Field) -> bool:
    """Tell whether a column of `rows` is worked out from an answer."""
    return any(
        column.computed is not None and _looks_at(column.computed, form, asked) for column in rows.columns
    )


def _asked_of_it(process: Process, form: Form, asked: Field) -> Iterator[Requirement]:
    """Yield what the form and the steps that take it ask of one answer, and of what is worked out from it."""
    yield from asked.constraints
    resting = _resting_on(form, asked)
    others = [one for other in form.fields if other is not asked for one in other.constraints]
    taken = [one for step in process.workflow.transitions if step.form == form.id for one in step.require]
    for requirement in (*form.constraints, *others, *taken):
        if any(_looks_at(requirement.that, form, each) for each in resting):
            yield requirement


def _of_later_steps(
    process: Process, case: Case, form: Form, asked: Field, scope: Mapping[str, Any]
) -> list[RefusalReason]:
    """Return what other forms that were handed in asked of the answer, and does not hold with it any more."""
    found = []
    for step in process.workflow.transitions:
        if step.form is None or step.form == form.id or step.form not in case.forms:
            continue
        wanted = tuple(one for one in step.require if _looks_at(one.that, form, asked, within=False))
        found += unmet(wanted, {**scope, "form": case.forms[step.form]})
    return found


def _clocks(
    process: Process, case: Case, before: Mapping[str, Any], after: Mapping[str, Any], now: datetime
) -> dict[str, RunningClock | None]:
    """Return the running clocks that are counted from what is otherwise with the scope `after`, counted again. Raises EvaluationError."""
    moved: dict[str, RunningClock | None] = {}
    for name, running in case.clocks.items():
        clock = process.workflow.clocks.get(name)
        if clock is None or not clock.read:
            continue
        again = counted_from_corrected(process, clock, running, before, after)
        try:
            again = asked_again(process, clock, again, now, after, case.clocks)
            if again != running:
                moved[name] = process.time.recounted(clock, again, now, case.clocks)
        except ValueError:
            message = say("时限“{clock}”超出日历所能计算的年份（1—9999 年），请核对日期", clock=clock.title)
            raise EvaluationError(message) from None
    return with_those_beside(process, case.clocks, moved, now) if moved else {}


def _looks_at(what: Condition | Expression, form: Form, asked: Field, *, within: bool = True) -> bool:
    """Tell whether an expression reads an answer: as ``form.FIELD`` of its own form (`within`), or as ``forms.FORM.FIELD``."""
    names = (asked.name, asked.written)
    expressions: Iterable[Expression] = what.expressions() if isinstance(what, Condition) else (what,)
    for expression in expressions:
        for path in expression.names():
            if within and len(path) > 1 and path[0] == "form" and path[1] in names:
                return True
            if len(path) > 2 and path[:2] == ("forms", form.id) and path[2] in names:
                return True
    return False


CORRECT = VerbSpec(
    word="correct",
    title=term("更正"),
    command=Correct,
    decide=correct,
    event=EventKind.CORRECTED,
    help=say("更正已提交表单里填错的一项，不退回：写明表单和栏目、新的值和理由，原值留在历史里。"),
    note=say("只更正一个值；名单、明细、人员和附件退回重填；已印的文书另行制作，已公示的随之更正"),
    happened=say("已提交表单里的一项被更正，原值仍在前面的记录里"),
    by_whom=say("更正的人；须经批准的，批准的人"),
    needs=(Need.HISTORY,),
    arguments=(
        VerbArgument(name="fact", kind=ArgumentKind.TEXT),
        VerbArgument(name="value", kind=ArgumentKind.TEXT),
    ),
    sentence=say("可由{who}更正填错的一项"),
    approvable=True,
)
