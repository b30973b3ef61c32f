"""What conditions and days of one workflow are in the words of its section: questions, states, clocks and child cases by their titles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from engine.definition.condition_rows.choosing import questions_for
from engine.definition.condition_rows.spoken import code_of, said, said_condition
from engine.language import Message, current_language, say, translate
from engine.lifecycle.expressions.condition import Condition
from engine.lifecycle.expressions.expression import Expression, ExpressionNode, Name
from engine.lifecycle.expressions.rows import OverRows
from engine.lifecycle.model.bureau import Bureau
from engine.lifecycle.model.form import Field
from engine.lifecycle.model.workflow import Workflow

#: What every expression may read, and what it is called.
_EVERYWHERE: Mapping[str, Message] = {
    "today": say("今天"),
    "reason": say("理由"),
    "actor.id": say("办理的人"),
    "actor.name": say("办理的人的姓名"),
    "actor.section": say("办理的人的科室"),
    "actor.roles": say("办理的人的角色"),
    "subject.id": say("对象的编号"),
    "subject.name": say("对象的名称"),
    "case.id": say("案件编号"),
    "case.title": say("案件标题"),
    "case.state": say("所在环节"),
    "case.section": say("承办科室"),
    "case.opened_on": say("启动日期"),
    "case.opened_by": say("启动的人"),
    "case.subject": say("对象"),
    "draw.committed": say("已公布抽取承诺"),
    "draw.drawn": say("已抽取"),
    "draw.spoiled": say("两次录入的开奖结果不一致"),
    "draw.lapsed": say("抽取已失效"),
    "branches.total": say("并行各项的总数"),
    "branches.open": say("并行各项中未办的项数"),
    "branches.done": say("并行各项中已办的项数"),
}
#: What is known of one person of a party.
_OF_PERSON: Mapping[str, Message] = {
    "id": say("编号"),
    "name": say("姓名"),
    "section": say("科室"),
    "cert_no": say("证件号"),
    "cert_valid_to": say("证件有效期"),
    "status": say("状态"),
    "labels": say("标签"),
    "trained_on": say("培训日期"),
}
_REGISTERS: Mapping[str, Message] = {
    "objects": say("检查对象名录"),
    "inspectors": say("检查人员名录"),
    "items": say("抽查事项清单"),
    "experts": say("专家名录"),
}


@dataclass(frozen=True, slots=True)
class ConditionWords:
    """The words of one workflow. What it does not know it leaves as it is written."""

    workflow: Workflow
    #: The workflows that may be below or above it.
    others: Mapping[str, Workflow] = field(default_factory=dict)
    bureau: Bureau | None = None
    #: (language, form) -> the titles of what a step with that form may read; made when they are first needed.
    _known: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)

    def condition(self, condition: Condition, form: str | None = None) -> str:
        """Return a condition in words; `form` is the form of the step it is at."""
        expression = condition.expression
        return said_condition(expression, self._titles(expression, form))

    def value(self, expression: Expression, form: str | None = None) -> str:
        """Return what an expression gives, a day or rows, in words."""
        return said(expression, self._titles(expression, form))

    def child(self, workflow: str) -> str:
        """Return what a workflow is called; its id where it is not known."""
        found = self.others.get(workflow)
        return translate(found.title) if found is not None else workflow

    def states(self, workflow: str, names: Iterable[str]) -> list[str]:
        """Return the titles of states of another workflow, in the order it has them."""
        found = self.others.get(workflow)
        if found is None:
            return sorted(names)
        wanted = set(names)
        return [translate(state.title) for name, state in found.states.items() if name in wanted]

    def who(self, name: str) -> str:
        """Return what a role or party is called."""
        if name in self.workflow.parties:
            return translate(self.workflow.parties[name])
        role = self.bureau.roles.get(name) if self.bureau is not None else None
        return translate(role.title) if role is not None else name

    def _titles(self, expression: Expression, form: str | None) -> Mapping[str, str]:
        # Titles are kept in the language they are shown in.
        key = (current_language(), form or "")
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = dict(self._made(form or ""))
        return {**known, **dict(self._of_rows(expression.node, form or ""))}

    def _made(self, form: str) -> Iterator[tuple[str, str]]:
        workflow = self.workflow
        yield from ((name, str(title)) for name, title in _EVERYWHERE.items())
        for other in self.others.values():
            shared = [one for one in other.fields.values() if one.to_children]
            yield from _of_fields(shared, "parent.")
        # The first of two with one name counts, so the last here.
        asked = [*questions_for(workflow, workflow.forms, form), *questions_for(workflow, workflow.forms, "")]
        for one in reversed(asked):
            yield one.path, translate(one.title)
            yield from ((code_of(one.path, code), translate(text)) for code, text in one.choices.items())
        yield from ((name, self.who(name)) for name in workflow.parties)
        yield from (
            (code_of("case.state", name), translate(state.title)) for name, state in workflow.states.items()
        )
        for name, clock in workflow.clocks.items():
            yield f"clocks.{name}.due_on", str(say("{clock}的到期日", clock=clock.title))
            yield f"clocks.{name}.running", str(say("{clock}正在计时", clock=clock.title))
            yield f"clocks.{name}.late", str(say("{clock}已逾期", clock=clock.title))
        for name, title in _REGISTERS.items():
            for key, text in _of_register(title):
                yield f"registers.{name}.{key}", str(text)
        for name, child in self.others.items():
            values = {"workflow": child.title}
            yield f"children.{name}", str(say("{workflow}子件", **values))
            yield f"children.{name}.each", str(say("{workflow}子件", **values))
            yield f"children.{name}.total", str(say("{workflow}子件的件数", **values))
            yield f"children.{name}.open", str(say("未办结的{workflow}子件的件数", **values))
            for state in child.states.values():
                text = say("到了{state}的{workflow}子件的件数", state=state.title, **values)
                yield f"children.{name}.in.{state.id}", str(text)
        for step in workflow.transitions:
            if step.branch:
                yield f"branches.{step.id}.done", str(say("{step}已办", step=step.title))
        if self.bureau is not None:
            yield from (
                (code_of(name, code), translate(title))
                for name in ("case.section", "actor.section")
                for code, title in self.bureau.sections.items()
            )
            for name, measure in self.bureau.measures.items():
                yield f"kpi.{name}", translate(measure.title)
                yield f"of_subject.{name}", str(say("该户的{measure}", measure=measure.title))
                yield f"targets.{name}", str(say("{measure}的目标", measure=measure.title))

    def _of_rows(self, node: ExpressionNode, form: str) -> Iterator[tuple[str, str]]:
        """Yield what a row, which is ``it``, has: columns of a list, facts of a child case, facts of a person."""
        for part in node.parts():
            yield from self._of_rows(part, form)
        if not isinstance(node, OverRows) or not isinstance(node.rows, Name):
            return
        match node.rows.path:
            case ("children", name) | ("children", name, "each") if (
                child := self.others.get(name)
            ) is not None:
                yield "it.state", str(say("所在环节"))
                yield from (
                    (code_of("it.state", one), translate(state.title)) for one, state in child.states.items()
                )
                yield from _of_fields(child.fields.values(), "it.")
                for one in child.forms.values():
                    yield from _of_fields(one.fields, f"it.forms.{one.id}.")
            case ("case", name):
                yield from self._of_columns(self.workflow.fields.values(), name)
            case ("form", name) if (own := self.workflow.forms.get(form)) is not None:
                yield from self._of_columns(own.fields, name)
            case ("forms", other, name) if (asked := self.workflow.forms.get(other)) is not None:
                yield from self._of_columns(asked.fields, name)
            case (name,) if name in self.workflow.parties:
                yield from ((f"it.{key}", str(title)) for key, title in _OF_PERSON.items())

    @staticmethod
    def _of_columns(fields: Iterable[Field], name: str) -> Iterator[tuple[str, str]]:
        for one in fields:
            if name in (one.name, one.written):
                yield from _of_fields(one.columns, "it.")


def _of_fields(fields: Iterable[Field], prefix: str) -> Iterator[tuple[str, str]]:
    for one in fields:
        for name in {one.name, one.written}:
            yield prefix + name, translate(one.title)
            yield from ((code_of(prefix + name, code), translate(text)) for code, text in one.choices.items())


def _of_register(register: Message) -> Iterator[tuple[str, Message]]:
    yield "rows", say("{register}的条数", register=register)
    yield "active", say("{register}中有效的条数", register=register)
    yield "own", say("{register}中本科室的条数", register=register)
    yield "unlabelled", say("{register}中没有标签的条数", register=register)
    yield "unclaimed", say("{register}中没有人领用的条数", register=register)
    yield "updated_on", say("{register}的更新日期", register=register)
    yield "age_days", say("{register}距上次更新的天数", register=register)
