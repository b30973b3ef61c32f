"""A case and its present task as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from engine.authoring.answer_sheet import kind_of, must_text
from engine.cli.next_actions import reason_text
from engine.kernel.instants import from_text, local_minute
from engine.kernel.plain_text import visible
from engine.language import Message, say
from engine.language import translate as in_words
from engine.lifecycle.expressions.template import format_value
from engine.lifecycle.forms.answers import ROW_CHOICES
from engine.lifecycle.model.period_mark import join_messages, mark_text

if TYPE_CHECKING:
    from engine.app.queries.cases import StepView, TaskView
    from engine.lifecycle.model.form import Field, Form


def case_text(view: TaskView) -> str:
    """Return what a person reads."""
    return "\n".join(str(line) for line in _lines(view))


def _lines(view: TaskView) -> Iterator[str | Message]:
    case, process = view.case, view.process
    state = process.state(case.state)
    yield say(
        "{id}  {title}（{workflow}）", id=case.id, title=visible(case.title), workflow=process.workflow.title
    )
    yield say("环节：{title}（{state}）", title=state.title, state=case.state)
    yield from _alone_lines(view)
    if state.help:
        yield say("说明：{text}", text=state.help)
    for one in view.deadlines:
        yield say(
            "时限：{title} {due}{mark}{late}",
            title=one.title,
            due=one.due,
            mark=join_messages(mark_text(one.mark), say("（暂定）") if one.provisional else ""),
            late=say("【逾期】") if one.late else say("【停计】") if one.paused else "",
        )
    for party, people in case.parties.items():
        yield say("{party}：{people}", party=process.title_of(party), people=[visible(one) for one in people])
    yield from _branch_lines(view)
    yield from _entrusted_lines(view)
    yield from _copy_lines(view)
    yield from _verb_lines(view)
    yield from _kept_lines(view)
    if not view.steps:
        yield say("现在没有要人办理的步骤。")
    for step in view.steps:
        yield from _step_lines(step)


def _alone_lines(view: TaskView) -> Iterator[Message]:
    """Yield what one person did where two have to agree (单人办理)."""
    if view.rules_alone:
        yield say(
            "单人办理：本件所依的流程（第 {version} 版）由一人发布，没有第二人确认。",
            version=view.case.version,
        )
    if view.acts_alone:
        yield say("单人办理：{acts}", acts=[visible(one) for one in view.acts_alone])
    if view.papers_alone:
        yield say(
            "单人办理：本件的文书 {papers} 所用的模板由一人发布，没有第二人确认。",
            papers=list(view.papers_alone),
        )


def _step_lines(step: StepView) -> Iterator[str | Message]:
    yield ""
    words = {"title": step.called, "id": step.id, "who": list(step.who)}
    if any(obstacle.code == "not-allowed" for obstacle in step.obstacles):
        yield say("他人可办：{title}（{id}）——由{who}办理", **words)
    else:
        yield say("可办：{title}（{id}）——由{who}办理", **words)
    if step.help:
        yield say("  说明：{text}", text=step.help)
    if step.reason:
        yield say("  须用 --reason 说明理由")
    yield from _signed_lines(step)
    if step.form:
        yield say("  表单：{title}（{id}）", title=step.form.title, id=step.form.id)
        yield from _form_lines(step.form, "    ", step.asked_when)
        for form in step.item_forms:
            yield say("    items.{id}：{title}", id=form.id, title=form.title)
            yield from _form_lines(form, "      ", step.asked_when)
    yield from _known_lines(step)
    for obstacle in step.obstacles:
        yield say("  尚不能办：{reason}", reason=reason_text(obstacle))


def _known_lines(step: StepView) -> Iterator[Message]:
    """Yield what a step's form works out by itself, and what its papers would leave blank."""
    for title, text in step.worked_out:
        yield say("  系统计算：{title} {text}", title=title, text=text)
    if step.blanks:
        yield say("  文书还有空白：{blanks}", blanks=list(step.blanks))


def _kept_lines(view: TaskView) -> Iterator[str | Message]:
    """Yield what was answered, in words, the papers and the files of the case."""
    for form in view.answers:
        yield ""
        yield say("已填：{title}（{by} {on}）", title=form.title, by=visible(form.by), on=form.on)
        if form.times > 1:
            yield say("  第 {times} 次填写，与上一次不同的在后面写明", times=form.times)
        for line in form.lines:
            answer = say("  {title}：{answer}", title=line.title, answer=visible(line.text) or "-")
            was = say("（原为：{before}）", before=visible(line.before) or "-") if line.changed else ""
            yield f"{answer}{was}"
    if view.papers:
        yield ""
    for paper in view.papers:
        fact = paper.facts[-1]
        yield say(
            "文书：{kind} {number} {state} {on}（{document}）",
            kind=paper.kind,
            number=paper.number or "-",
            state=fact.state.words,
            on=fact.on.isoformat(),
            document=paper.document,
        )
    for file in view.files:
        yield say(
            "附件：{id} {title}（{name}，{type}，{size} 字节）",
            id=file.id,
            title=visible(file.title),
            name=visible(file.name),
            type=file.type,
            size=file.size,
        )
    for one in view.signatures:
        words = {
            "person": visible(one.signature.person),
            "record": visible(one.signature.record),
            "way": one.signature.way.words,
            "device": visible(one.signature.device) or "-",
        }
        if one.holds and one.remark is None:
            yield say("签名：{person} 签 {record}（{way}，设备 {device}）", **words)
        elif one.holds:
            yield say(
                "签名：{person} 签 {record}（{way}，设备 {device}），{remark}", remark=one.words, **words
            )
        else:
            yield say(
                "签名已失效：{person} 签 {record}（{way}，设备 {device}），{remark}",
                remark=one.words,
                **words,
            )
    for sentence in view.altered:
        yield say("注意：{sentence}", sentence=sentence)


def _branch_lines(view: TaskView) -> Iterator[Message]:
    """Yield what each of the tasks side by side has answered: whoever decides reads it."""
    for branch in view.process.branches:
        said = view.case.branches.get(branch.id)
        if said is None:
            continue
        yield say("{title}：{person}，{day}", title=branch.title, person=visible(said["by"]), day=said["on"])
        form = view.process.workflow.forms.get(branch.form or "")
        for asked in form.fields if form is not None else ():
            answer = said["answers"].get(asked.name)
            if answer is not None:
                text = in_words(asked.choices.get(answer, "")) if isinstance(answer, str) else ""
                yield say(
                    "  {title}：{answer}", title=asked.title, answer=visible(text or format_value(answer))
                )


def _entrusted_lines(view: TaskView) -> Iterator[Message]:
    """Yield whom the task is entrusted to, and the answer with which it came back."""
    order = view.case.entrusted
    if order is None:
        return
    yield say(
        "“{by}”委派“{to}”：{reason}",
        by=visible(order["by"]),
        to=visible(order["to"]),
        reason=visible(order["reason"]),
    )
    if "answer" in order:
        yield say(
            "  “{person}”交回：{answer}",
            person=visible(order["answered_by"]),
            answer=visible(order["answer"]),
        )
    else:
        yield say("  待其交回")


def _copy_lines(view: TaskView) -> Iterator[Message]:
    """Yield who was sent a copy, and who has read it."""
    zone = view.process.time.zone
    for person, copy in view.case.copies.items():
        words = {
            "person": visible(person),
            "by": visible(copy["by"]),
            "on": f"{from_text(copy['at']).astimezone(zone):%Y-%m-%d}",
        }
        if "read_at" in copy:
            read = local_minute(from_text(copy["read_at"]), zone)
            yield say("传阅：{person}（{by} {on}），{read} 已阅", read=read, **words)
        else:
            yield say("传阅：{person}（{by} {on}），未回执", **words)


def _verb_lines(view: TaskView) -> Iterator[Message]:
    case, process = view.case, view.process
    if case.to_review:
        yield say(
            "换版后有变动、待看过：{names}（看过后用 ssj case review {id}）",
            names=list(case.to_review),
            id=case.id,
        )
    state = process.state(case.state)
    if view.urged:
        yield say("已催办 {count} 次", count=view.urged)
        urge = state.verbs.get("urge")
        if view.received_by:
            yield say("已回执：{people}", people=[visible(one) for one in view.received_by])
        elif urge is not None and urge.receipt:
            yield say("催办须回执：ssj task acknowledge {case}", case=case.id)
    for verb, words in case.asked.items():
        if verb == "ask":
            yield from _question_lines(view, words)
            continue
        who = [process.title_of(name) for name in state.verbs[verb].approve]
        yield say(
            "“{person}”申请{verb}，待{who}批准：{reason}",
            person=visible(words["by"]),
            verb=state.verbs[verb].title,
            who=who,
            reason=visible(words.get("reason") or "-"),
        )
        if words.get("content"):
            yield say("  申请的内容：{content}", content=visible(words["content"]))
        if "old" in words:
            yield say("  原值：{value}", value=visible(words["old"]))
            yield say("  新的值：{value}", value=visible(words["value"]))
    if view.verbs:
        yield say("还可以：{verbs}", verbs=[_verb_title(view, word) for word in view.verbs])


def _verb_title(view: TaskView, word: str) -> str:
    from engine.lifecycle.verbs.table import VERBS

    declared = view.process.state(view.case.state).verbs.get(word)
    return str(VERBS[word].title) if declared is None else declared.title


def _question_lines(view: TaskView, words: Mapping[str, str]) -> Iterator[Message]:
    from engine.lifecycle.verbs.asking.ask import WANTED

    case, zone = view.case, view.process.time.zone
    yield say(
        "自 {since} 起等待“{person}”{what}（{asker}征询）：{reason}",
        since=local_minute(from_text(words["at"]), zone),
        person=visible(words["to"]),
        what=WANTED[words["what"]],
        asker=visible(words["by"]),
        reason=visible(words["reason"]),
    )
    if "answer" in words:
        yield say(
            "已答复而没有更正：{answer}；等征询的人答复认可，或者等其更正", answer=visible(words["answer"])
        )
    if "due" in words:
        yield say("答复的期限：{day}", day=words["due"])
    still = [one.title for one in view.deadlines if one.paused]
    yield (say("等待期间停计：{clocks}", clocks=still) if still else say("等待期间时限照常计算"))
    yield say("答复：ssj task reply {case}", case=case.id)


def _signed_lines(step: StepView) -> Iterator[Message]:
    if step.signed is None:
        return
    for one in step.signed:
        if one.principal:
            yield say(
                "  已签署：{person}（代{principal}）",
                person=visible(one.person),
                principal=visible(one.principal),
            )
        else:
            yield say("  已签署：{person}", person=visible(one.person))
    yield say("  待签署：{people}", people=list(step.waiting) or "-")


def _form_lines(form: Form, indent: str, asked_when: Mapping[str, str]) -> Iterator[str]:
    for asked in form.fields:
        if asked.answered:
            yield indent + str(_field_line(asked, asked_when.get(asked.name, "")))
    if form.rows:
        yield indent + str(
            say("rows（逐项填 answer：{answers}；不符合须写 note）", answers=list(ROW_CHOICES))
        )
        for row in form.rows:
            yield indent + str(say("  {id}：{title}", id=row.id, title=row.title))


def _field_line(asked: Field, when: str) -> Message:
    must = must_text(asked, when)
    if asked.choices:
        options = [f"{code}={in_words(text)}" for code, text in asked.choices.items()]
        return say(
            "{name}：{title}（{must}；{options}）",
            name=asked.name,
            title=asked.title,
            must=must,
            options=options,
        )
    return say(
        "{name}：{title}（{must}；{type}）",
        name=asked.name,
        title=asked.title,
        must=must,
        type=kind_of(asked),
    )
