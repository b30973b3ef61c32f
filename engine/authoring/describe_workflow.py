"""A definition read aloud: states, who, deadlines and their bases, steps with their conditions, what follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from engine.authoring.describe_deadlines import clock_lines, display_names
from engine.language import Message, say, translate
from engine.lifecycle.deadlines.period_text import describe_period
from engine.lifecycle.effects import ABOVE, BACK
from engine.lifecycle.expressions.expression import Expression
from engine.lifecycle.model.key import DefinitionKey, KeyKind
from engine.lifecycle.model.requirement import Requirement
from engine.lifecycle.model.workflow import LEAVE, Effect, Sign, State, Transition, Verb
from engine.lifecycle.process import Process
from engine.lifecycle.verbs.table import DECLARED

Line = Message | str


def describe_workflow(process: Process) -> str:
    """Return the whole definition as plain sentences in the language of the process."""
    return "\n".join(str(line).rstrip() for line in _lines(process))


def _lines(process: Process) -> Iterator[Line]:
    workflow = process.workflow
    yield say(
        "《{title}》（{id}，第 {version} 版）", title=workflow.title, id=workflow.id, version=process.version
    )
    if workflow.help:
        yield translate(workflow.help)
    if workflow.basis:
        yield say("依据：{basis}。", basis=workflow.basis)
    yield from _start(process)
    if own := [title for name, title in workflow.parties.items() if name not in workflow.superiors]:
        yield say("本件的当事各方：{parties}。", parties=own)
    ends = [state.title for state in workflow.states.values() if state.final]
    yield say(
        "共 {count} 个环节，从“{first}”开始，到“{ends}”结束。",
        count=len(workflow.states),
        first=process.state(workflow.initial).title,
        ends=ends,
    )
    for number, state in enumerate(workflow.states.values(), 1):
        yield ""
        yield from _state(process, number, state)
    if workflow.clocks:
        yield ""
        yield say("时限")
        for clock in workflow.clocks.values():
            yield from clock_lines(process, clock)


def _start(process: Process) -> Iterator[Line]:
    """Yield who or what starts a case, and from which day on."""
    workflow = process.workflow
    if workflow.start_by:
        yield say("由{who}启动。", who=display_names(process, workflow.start_by))
    elif workflow.calendar_start is None:
        yield say("由其他流程启动，不能直接启动。")
    if (starts := workflow.calendar_start) is not None:
        yield say(
            "自 {month} 月 {day} 日起，每 {months} 个月由系统启动，给{role}。",
            month=starts.month,
            day=starts.day,
            months=starts.cycle.months,
            role=process.title_of(starts.role),
        )
    if workflow.effective is not None:
        yield say("自 {day} 起施行；此前启动的案件用前一版本。", day=workflow.effective.isoformat())
    if workflow.start_form:
        yield say("启动时填写《{form}》。", form=process.form(workflow.start_form).title)
    for effect in workflow.start_then:
        yield say("启动时{what}。", what=_effect(process, effect))


def _state(process: Process, number: int, state: State) -> Iterator[Line]:
    yield say("{number}. {title}（{id}）", number=number, title=state.title, id=state.id)
    if state.final:
        yield say("   到此结束。")
        if state.open_children == LEAVE:
            yield say("   未办结的子件继续办理。")
    elif state.audience:
        yield say("   由{who}办理。", who=display_names(process, state.audience))
    else:
        yield say("   此时没有要人办理的事，等系统或其他件。")
    if state.lock:
        yield say("   同时只能有一件（独占“{lock}”），其余的等它离开。", lock=state.lock)
    if state.help:
        yield say("   说明：{text}", text=state.help)
    running = [clock.title for clock in process.workflow.clocks.values() if state.id in clock.during]
    if running:
        yield say("   计时：{clocks}。", clocks=running)
    for verb in state.verbs.values():
        yield say("   {sentence}", sentence=_verb(process, verb))
    for transition in process.workflow.leaving(state.id):
        yield from _transition(process, transition)


def _transition(process: Process, step: Transition) -> Iterator[Line]:
    target = process.state(step.target).title if step.target else None
    where = say("转到“{state}”", state=target) if target else say("环节不变")
    yield say(
        "   · {title}（{id}）：{how}，{where}。",
        title=step.title,
        id=step.id,
        how=_how(process, step),
        where=where,
    )
    if step.branch:
        yield say("     与本环节的其他各项并行，办一次。")
    if step.help:
        yield say("     说明：{text}", text=step.help)
    if step.when is not None:
        clauses = [expression.source for expression in step.when.expressions()]
        yield say("     仅当满足条件时：{clauses}", clauses=clauses)
    if step.form:
        form = process.form(step.form)
        if step.item_forms:
            yield say("     填写《{form}》和各抽查事项的检查表（一企一表）。", form=form.title)
        else:
            yield say("     填写《{form}》（{id}）。", form=form.title, id=form.id)
        for constraint in form.constraints:
            yield _requirement(constraint, say("     表单填写不当时提示"))
    if step.reason:
        yield say("     须说明理由。")
    if step.sign is not None:
        yield _sign(process, step, step.sign)
    for requirement in step.require:
        yield _requirement(requirement, say("     不准办理的情形"))
    for requirement in step.warn:
        yield _requirement(requirement, say("     只提示、不阻止"))
    for effect in step.then:
        yield say("     随即{what}。", what=_effect(process, effect))


def _how(process: Process, step: Transition) -> Message:
    if step.join is not None:
        return say(
            "全部“{workflow}”子件到达“{states}”时自动办理",
            workflow=step.join.workflow,
            states=sorted(step.join.states),
        )
    if step.after is not None:
        return say("满 {period} 自动办理", period=describe_period(step.after))
    if step.on_expiry is not None:
        return say("时限“{clock}”届满时自动办理", clock=process.workflow.clocks[step.on_expiry].title)
    if step.automatic:
        return say("自动办理")
    if step.by:
        return say("由{who}办理", who=display_names(process, step.by))
    return say("由本环节的人办理")


def _requirement(requirement: Requirement, head: Message) -> Message:
    if requirement.basis:
        return say(
            "{head}：{text}（依据：{basis}）。", head=head, text=requirement.message, basis=requirement.basis
        )
    return say("{head}：{text}。", head=head, text=requirement.message)


def _verb(process: Process, verb: Verb) -> Message:
    who = display_names(process, verb.by) if verb.by else [say("本环节的人")]
    spec = DECLARED[verb.id]
    sentence = spec.sentence or say("{verb}：由{who}办理", verb=spec.title)
    said = _filled(sentence, who=who)
    keys = (spec.keys or {}).items()
    limits = [
        line
        for name, key in sorted(keys, key=lambda item: _KINDS.index(item[1].kind))
        if (line := _key_line(process, key, verb.value(name))) is not None
    ]
    if verb.approve:
        limits.append(say("须经{who}批准", who=display_names(process, verb.approve)))
    if verb.basis:
        limits.append(say("依据：{basis}", basis=verb.basis))
    if limits:
        return say("{sentence}（{limits}）。", sentence=said, limits=limits)
    return say("{sentence}。", sentence=said)


def _sign(process: Process, step: Transition, sign: Sign) -> Message:
    who = display_names(process, sign.by)
    if sign.named_in is not None and step.form is not None:
        asked = [one for one in process.form(step.form).fields if one.name == sign.named_in]
        field = asked[0].title if asked else sign.named_in
        return say("     须{who}签署：表中“{field}”写明的每一个人都要自己签。", who=who, field=field)
    if sign.in_order:
        return say("     须{who}依次签署（依次审批）。", who=who)
    if sign.count is None:
        return say("     须{who}全部签署（会签）。", who=who)
    if sign.count == 1:
        return say("     {who}任一人签署即可（或签）。", who=who)
    return say("     须{who}中 {count} 人签署。", who=who, count=sign.count)


#: The order in which the keys of a verb are read aloud: how long and how often first.
_KINDS = (
    *(KeyKind.PERIOD, KeyKind.INTEGER, KeyKind.CLOCK, KeyKind.CLOCKS, KeyKind.STATES, KeyKind.STATE),
    *(KeyKind.FLAG, KeyKind.AUDIENCE, KeyKind.ROLES, KeyKind.ROLE),
)


def _key_line(process: Process, key: DefinitionKey, value: Any) -> Message | None:
    """Return what was written under a key of a verb in words; None where nothing was."""
    if key.sentence is None or value in (None, (), False):
        return None
    match key.kind:
        case KeyKind.FLAG:
            return key.sentence
        case KeyKind.PERIOD:
            value = describe_period(value)
        case KeyKind.CLOCK:
            value = process.workflow.clocks[value].title
        case KeyKind.CLOCKS:
            value = [process.workflow.clocks[name].title for name in value]
        case KeyKind.STATE | KeyKind.STATES:
            value = [process.state(name).title for name in value]
        case KeyKind.AUDIENCE | KeyKind.ROLES:
            value = display_names(process, value)
        case KeyKind.ROLE:
            value = process.title_of(value)
    return _filled(key.sentence, value=value)


def _filled(sentence: Message, **values: Any) -> Message:
    return Message(sentence.text, {**sentence.values, **values})


def _effect(process: Process, effect: Effect) -> Message:
    what = (
        _EFFECTS[effect.kind](process, effect)
        if effect.kind in _EFFECTS
        else say("办理“{word}”", word=effect.kind)
    )
    if ABOVE in effect.arguments:
        what = say("在上级件：{what}", what=what)
    if ABOVE in effect.arguments and BACK in effect.arguments:
        what = say("{what}，并退回“{state}”", what=what, state=effect.arguments[BACK])
    if effect.when is None:
        return what
    clauses = [expression.source for expression in effect.when.expressions()]
    return say("{what}（仅当：{clauses}）", what=what, clauses=clauses)


def _words(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, (tuple, list)) else [str(value)]


def _fields(process: Process, effect: Effect) -> Message:
    fields = process.workflow.fields
    return say("记下{names}", names=[fields[n].title if n in fields else n for n in effect.arguments["set"]])


def _assigned(process: Process, effect: Effect) -> Message:
    parties = process.workflow.parties
    return say("确定{names}的人选", names=[parties.get(name, name) for name in effect.arguments["assign"]])


def _notified(process: Process, effect: Effect) -> Message:
    who = display_names(process, _words(effect.arguments["notify"]))
    return say("立即通知{who}", who=who) if effect.arguments.get("urgent") else say("通知{who}", who=who)


def _started(_process: Process, effect: Effect) -> Message:
    workflow, each = effect.arguments["start"], effect.arguments.get("each")
    if each is None:
        return say("启动一件“{workflow}”", workflow=workflow)
    if isinstance(each, Expression):
        return say("逐个启动“{workflow}”（{each}）", workflow=workflow, each=each.source)
    return say("为每个抽中的对象启动一件“{workflow}”", workflow=workflow)


def _ended(_process: Process, effect: Effect) -> Message:
    workflow, where = effect.arguments["end"], effect.arguments.get("where")
    state = effect.arguments["to"]
    if where is None:
        return say("终止未办结的“{workflow}”子件，转到“{state}”", workflow=workflow, state=state)
    which = [expression.source for expression in where.expressions()]
    return say("终止“{workflow}”子件（{which}），转到“{state}”", workflow=workflow, which=which, state=state)


def _said(text: str, argument: str) -> Callable[[Process, Effect], Message]:
    return lambda process, effect: Message(text, {"what": _words(effect.arguments[argument])})


_EFFECTS: Mapping[str, Callable[[Process, Effect], Message]] = {
    "set": _fields,
    "assign": _assigned,
    "notify": _notified,
    "start": _started,
    "end": _ended,
    "publish": _said(say("向社会公示（{what}）").text, "publish"),
    "withdraw": _said(say("撤下公示（{what}）").text, "withdraw"),
    "freeze": _said(say("冻结名录（{what}）").text, "freeze"),
    "commit": lambda process, effect: say("冻结抽取名册并公布抽取承诺"),
    "enter": lambda process, effect: say("把第一次录入的开奖结果以摘要记入公开日志"),
    "draw": _said(say("用公开随机源抽取（{what}）").text, "draw"),
    "replace": lambda process, effect: say("按随机次序更换检查人员"),
    "remove": lambda process, effect: say("从抽取名册中排除所列对象，理由公开"),
    "void": lambda process, effect: say("作废抽取，永久公开"),
    "reveal": lambda process, effect: say("公开保管人的代码，任何人都能核验名单"),
    "render": _said(say("生成文书（{what}）").text, "render"),
    "paper": _said(say("登记文书的办理（{what}）").text, "paper"),
    "archive": lambda process, effect: say("归档本件"),
}
