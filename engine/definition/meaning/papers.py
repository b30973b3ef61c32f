"""What the papers of a workflow read that is not there when they are printed, and names nobody has given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from engine.definition.condition_rows.choosing import forms_filled
from engine.definition.meaning.names_read import Fact, fact_of, walked
from engine.definition.meaning.paper_reads import COMPUTED, STATEMENT, NotFollowed, PaperRead, scan_of
from engine.definition.meaning.ways import Ways
from engine.kernel.did_you_mean import did_you_mean
from engine.language import Message, say
from engine.lifecycle.expressions.expression import Expression, Name
from engine.lifecycle.expressions.rows import NOT_ASKED
from engine.lifecycle.model.form import Form
from engine.lifecycle.model.workflow import Effect, Transition, Workflow
from engine.yamltext.problem import Problem, Severity

#: What the answers of every form hold besides its own fields.
WITH_ANSWERS = ("rows", "items", "problems", "problem_count", NOT_ASKED)
#: Where templates are, as seen from a deployment; whoever has their folder puts it in its place.
FOLDER = "forms/templates/"
UNKNOWN, UNWRITTEN, COMPUTED_NAME = "unknown-template", "read-before-written", "computed-name"


def papers_alone(templates: Mapping[str, str]) -> dict[str, str]:
    """Return the templates that are papers, without those that are parts of others."""
    return {name: text for name, text in templates.items() if not name.startswith("_")}


@dataclass(slots=True)
class PaperReads:
    """The templates of papers, and who prints them; what a template reads is worked out once."""

    templates: Mapping[str, str]
    workflows: Mapping[str, Workflow]
    _scans: dict[str, tuple[tuple[PaperRead, ...], tuple[NotFollowed, ...]]] = field(default_factory=dict)
    _printing: dict[str, list[Workflow]] | None = None

    def problems(self, ways: Ways, *, needed: bool = False) -> Iterator[Problem]:
        """Yield what is wrong with the papers of one workflow, at the lines of their templates; with `needed` what keeps them from being printed."""
        for name, steps in _printed(ways.workflow).items():
            if name in self.templates:
                reads, refused = self._scan(name)
                if not needed:
                    yield from (_not_followed(one) for one in refused)
                for read in reads:
                    if needed and not (read.needed or _of_no_form(read, ways.workflow)):
                        continue
                    found = self._unknown(name, read, ways.workflow) or _unwritten(name, read, steps, ways)
                    if found is not None:
                        yield found

    def _scan(self, name: str) -> tuple[tuple[PaperRead, ...], tuple[NotFollowed, ...]]:
        found = self._scans.get(name)
        if found is None:
            found = self._scans[name] = scan_of(name, self.templates)
        return found

    def _printers(self, template: str) -> list[Workflow]:
        if self._printing is None:
            self._printing = {}
            for workflow in self.workflows.values():
                for name in _printed(workflow):
                    self._printing.setdefault(name, []).append(workflow)
        return self._printing.get(template, [])

    def _unknown(self, paper: str, read: PaperRead, workflow: Workflow) -> Problem | None:
        """Return what is wrong with a name none of the workflows that print the paper has; None where one has it."""
        kind, name = read.fact
        if kind == "forms":
            form = workflow.forms.get(name)
            if form is not None:
                if not read.field or _answers(form, read.field) or (read.earlier and not read.needed):
                    return None
                others = (workflow.forms.get(one) for one in read.among)
                if any(other is None or _answers(other, read.field) for other in others):
                    return None
                message = say(
                    "文书模板“{name}”要写表单“{form}”的“{field}”，表单里没有这一栏",
                    name=paper,
                    form=name,
                    field=read.field,
                )
                hint = did_you_mean(read.field, [asked.name for asked in form.fields])
                return _problem(read, UNKNOWN, message, hint or _fields_of(form))
            if not read.field or not (read.needed or _of_no_form(read, workflow)):
                return None
            message = say(
                "文书模板“{name}”要写表单“{form}”，流程“{workflow}”不填这张表单",
                name=paper,
                form=name,
                workflow=workflow.title,
            )
            return _problem(read, UNKNOWN, message, did_you_mean(name, workflow.forms) or _guard(read))
        printers = self._printers(paper) or [workflow]
        known = {one for each in printers for one in (each.fields if kind == "case" else each.parties)}
        if name in known or (kind == "case" and not read.needed and not did_you_mean(name, known)):
            return None
        if kind == "case":
            message = say("文书模板“{name}”要写案件的“{field}”，流程里没有这个字段", name=paper, field=name)
        else:
            message = say("文书模板“{name}”要写参与人“{party}”，流程里没有", name=paper, party=name)
        return _problem(read, UNKNOWN, message, did_you_mean(name, known) or _these(known))


def _not_followed(found: NotFollowed) -> Problem:
    """Return what is wrong with a place of a template nobody can follow."""
    if found.why == STATEMENT:
        message = say("文书模板里不能用“{word}”", word=found.written)
        hint = say("可用：if、for、set、include")
    elif found.why == COMPUTED:
        message = say("文书模板里“{name}”的名字是算出来的，查不出写的是哪一栏", name=found.written)
        hint = say(
            "请逐栏写明；要循环的，在循环里直接列出各栏的名字，如 {example}",
            example='{% for f in ["a", "b"] %}',
        )
    else:
        message = say("文书模板把“{name}”整个拿来用，查不出写的是哪些栏", name=found.written)
        hint = say("请逐栏写明，如 {example}", example="shown.record.staff")
    place = f"{FOLDER}{found.template}.html"
    return Problem(place, found.line, found.column, COMPUTED_NAME, Severity.ERROR, message, hint)


def _of_no_form(read: PaperRead, workflow: Workflow) -> bool:
    """Tell whether an answer is looked up in a form the workflow does not have: no value in its place helps."""
    return read.fact[0] == "forms" and read.fact[1] not in workflow.forms and read.direct and bool(read.field)


def _answers(form: Form, name: str) -> bool:
    return name in WITH_ANSWERS or any(name == one.name for one in form.fields)


def _fields_of(form: Form) -> Message:
    return _these([asked.name for asked in form.fields])


def _these(names: Iterable[str]) -> Message:
    return say("可写：{names}", names=sorted(names))


def _printed(workflow: Workflow) -> dict[str, list[tuple[int, Effect]]]:
    """Return, for each template, the effects that print it, or print it anew, with the numbers of their steps; -1: the start."""
    found: dict[str, list[tuple[int, Effect]]] = {}
    starts = [(-1, effect) for effect in workflow.start_then]
    steps = [(number, one) for number, step in enumerate(workflow.transitions) for one in step.then]
    for number, effect in (*starts, *steps):
        name = effect.arguments.get("render") if effect.kind == "render" else None
        if effect.kind == "paper" and effect.arguments.get("becomes") == "approved":
            name = effect.arguments["paper"]
        if name is not None:
            found.setdefault(name, []).append((number, effect))
    return found


def _unwritten(paper: str, read: PaperRead, printing: list[tuple[int, Effect]], ways: Ways) -> Problem | None:
    """Return what is wrong with an answer or a fact that is not there, or need not be, when a paper is printed."""
    kind, name = read.fact
    workflow = ways.workflow
    if not ways.entries or kind == "parties" or _of_items(workflow, read.fact):
        return None
    if kind == "forms" and name not in workflow.forms:
        return None
    ever = False
    for number, effect in printing:
        may, must = _there(ways, number)
        there = may is None or read.fact in may
        ever = ever or there
        if not read.needed or effect.kind != "render" or read.fact in must:
            continue
        step = workflow.transitions[number] if number >= 0 else None
        if may is None or read.fact in _asked_for(workflow, step, effect):
            continue
        return _problem(
            read,
            UNWRITTEN,
            _not_yet(paper, read, workflow, step, there),
            _guard(read),
            None if there else Severity.ERROR,
        )
    # A form that no step of the process fills in is of another process or version, which prints the paper too.
    if ever or kind != "forms" or name not in forms_filled(workflow):
        return None
    message = say(
        "文书模板“{name}”读表单“{form}”（{title}），而打印它时那张表单还没有填过，这里总是空的",
        name=paper,
        form=name,
        title=workflow.forms[name].title,
    )
    return _problem(read, UNWRITTEN, message, say("请删去，或在那张表单填写以后打印"))


def _there(ways: Ways, number: int) -> tuple[frozenset[Fact] | None, frozenset[Fact]]:
    """Return what can be there when a step prints, None where nobody comes to it, and what surely is."""
    workflow = ways.workflow
    if number < 0:
        begin = frozenset({("forms", workflow.start_form)} if workflow.start_form is not None else ())
        return begin, begin
    step = workflow.transitions[number]
    before, sure = ways.before({number}), ways.must()
    sources = [state for state in step.sources if state in before]
    if not sources:
        return None, frozenset()
    may, must = ways.written[number]
    kept = sure[sources[0]]
    for state in sources:
        may |= before[state]
        kept &= sure[state]
    return may, must | kept


def _asked_for(workflow: Workflow, step: Transition | None, effect: Effect) -> set[Fact]:
    """Return what the conditions of a step, or of the effect that prints, look at: where they hold it is there."""
    conditions = [effect.when]
    if step is not None:
        conditions += [step.when, *(one.that for one in step.require)]
    expressions: list[Expression] = [
        one for condition in conditions if condition is not None for one in condition.expressions()
    ]
    names = [part for one in expressions for part in walked(one.node) if isinstance(part, Name)]
    return {fact for part in names if (fact := fact_of(part.path, workflow)) is not None}


def _of_items(workflow: Workflow, fact: Fact) -> bool:
    """Tell whether a form may be one of those a step asks for by the items of a case."""
    form = workflow.forms.get(fact[1]) if fact[0] == "forms" else None
    return form is not None and bool(form.rows) and any(step.item_forms for step in workflow.transitions)


def _not_yet(
    paper: str, read: PaperRead, workflow: Workflow, step: Transition | None, there: bool
) -> Message:
    kind, name = read.fact
    title = step.title if step is not None else workflow.title
    if kind == "case":
        if there:
            return say(
                "“{step}”打印文书“{name}”时字段“{field}”不一定记过，没有记过就打印不出来",
                step=title,
                name=paper,
                field=name,
            )
        return say(
            "“{step}”打印文书“{name}”时字段“{field}”还没有记过，打印不出来",
            step=title,
            name=paper,
            field=name,
        )
    form = workflow.forms[name].title
    if there:
        return say(
            "“{step}”打印文书“{name}”时表单“{form}”（{title}）不一定填过，没有填过就打印不出来",
            step=title,
            name=paper,
            form=name,
            title=form,
        )
    return say(
        "“{step}”打印文书“{name}”时表单“{form}”（{title}）还没有填过，打印不出来",
        step=title,
        name=paper,
        form=name,
        title=form,
    )


def _guard(read: PaperRead) -> Message:
    kind, name = read.fact
    if kind == "case":
        return say("可能没有的值请写成 {fix}", fix='{{ … | default("") }}')
    return say(
        "可能没有的值请写成 {fix}，或放进先问 shown.{form} 的 if 里", fix='{{ … | default("") }}', form=name
    )


def _problem(
    read: PaperRead, rule: str, message: Message, hint: Message | None, severity: Severity | None = None
) -> Problem:
    usual = Severity.ERROR if rule == UNKNOWN else Severity.WARNING
    place = f"{FOLDER}{read.template}.html"
    return Problem(place, read.line, read.column, rule, severity or usual, message, hint)
