"""``publish`` and ``withdraw``: what the public may see, filtered field by field, and taken back only openly.

Only fields a form or the workflow marks ``public`` leave, and of the subject only what the bureau lists publicly:
政府信息公开条例 14-15, 个人信息保护法 6 and 34, 人力资源市场暂行条例 34.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from engine.app.ports.documents import BreachReader, DocumentError
from engine.app.ports.records import Publication
from engine.app.session.child_cases import below
from engine.app.session.refused import CommandRefused
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say, term
from engine.lifecycle.case import Case
from engine.lifecycle.effects import ABOVE
from engine.lifecycle.forms.answers import ROW_ANSWERS
from engine.lifecycle.forms.places import place_text
from engine.lifecycle.model.form import Field, FieldType
from engine.lifecycle.model.workflow import Effect
from engine.lifecycle.process import Process

if TYPE_CHECKING:
    from engine.app.session.effect_context import EffectContext
    from engine.app.session.unit_of_work import UnitOfWork

#: The answer to a row of a check list that something is wrong: then the page says by which article.
WRONG = "fail"
#: Where no article of the breach is known.
NOT_STATED = term("未写明")
#: The public answer of a correction that says that what was found wrong is not held to be wrong any more.
FINDINGS_WITHDRAWN = "findings_withdrawn"
#: What a public page may say of the enterprise (domain.md d.6). Its class is not public: the draw hides it too.
SUBJECT_COLUMNS = ("id", "name", "district")


def do_publish(context: EffectContext, effect: Effect) -> None:
    """Publish what is public of the case, and order the site to be built again."""
    kind: str = effect.arguments["publish"]
    title = effect.arguments["title"].render(context.scope) if "title" in effect.arguments else None
    above = _above(context, effect)
    # Only the clock of this very duty says when it should have been published.
    clock = context.case.clocks.get(effect.arguments.get("clock", ""))

    def publish(case: Case) -> None:
        uow = context.uow
        process = uow.process(case)
        owner = above or case
        known = uow.transaction.records.publications(kind=kind, case_id=owner.id)
        late = clock is not None and clock.late(uow.now)
        body = public_body(uow, process, case, kind, clock.due_on if clock else None, late)
        if above is not None:
            body = _over(public_body(uow, uow.process(above), above, kind, None, False), body)
        publication = Publication(
            id=f"{owner.id}/{kind}/{len(known) + 1}",
            kind=kind,
            case=owner.id,
            title=title or owner.title,
            body=body,
            published_at=uow.now,
            due_on=clock.due_on if clock else None,
            late=late,
        )
        uow.transaction.records.put_publication(publication)
        uow.send(case, "site", "site", None, {"publication": publication.id})

    context.notes.setdefault("published", []).append(kind)
    context.afterwards.append(publish)


def do_withdraw(context: EffectContext, effect: Effect) -> None:
    """Mark what was published as withdrawn, with the reason of the step or what ``because`` says; it stays listed."""
    kind: str = effect.arguments["withdraw"]
    uow = context.uow
    owner = _above(context, effect) or context.case
    known = uow.transaction.records.publications(kind=kind, case_id=owner.id)
    current = [p for p in known if p.withdrawn_at is None]
    if known and not current:
        # It was taken back when a paper was made void: what is left is to go on.
        uow.warnings.append(say("公示（{kind}）已经撤回", kind=kind))
        return
    if not current:
        raise context.refuse(say("没有可撤回的公示（{kind}）", kind=kind))
    said = effect.arguments.get("because")
    because = said.render(context.scope) if said is not None else context.decision.reason or ""
    for publication in current:
        uow.transaction.records.put_publication(
            replace(publication, withdrawn_at=uow.now, withdrawn_because=because)
        )

    def tell(case: Case) -> None:
        uow.send(case, "site", "site", None, {"withdrawn": kind})
        _tell_below(uow, owner, case, because, context.actor.id)

    context.afterwards.append(tell)


def _tell_below(uow: UnitOfWork, owner: Case, own: Case, because: str, by: str) -> None:
    """Tell at once whoever works on what rests on a publication that was taken back: the open cases below, and below those."""
    for child in below(uow, owner.id, only_open=True):
        if child.id == own.id:
            continue
        text = say(
            "“{title}”的上级件“{parent}”撤回了公示（{because}）：以它为依据的，请核对后再办理",
            title=child.title, parent=owner.title, because=because,
        )  # fmt: skip
        people = [person for person in uow.concerned_by(child) if person != by]
        uow.tell(child, people, text, "notify", urgent=True, personal=True)


def _above(context: EffectContext, effect: Effect) -> Case | None:
    """Return the case above, where the effect says that it is about that one's publication; None where it is about its own."""
    if not effect.arguments.get(ABOVE):
        return None
    parent = context.case.parent
    found = context.uow.case(parent) if parent else None
    if found is None:
        raise context.refuse(say("本件没有上级件，不能撤下或者公示上级件的内容"))
    return found


def _over(body: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is public of a case above, with what a case below puts in the place of a fact of the same name or adds."""
    new = {fact["name"]: fact for fact in own["facts"]}
    facts = [new.pop(fact["name"], fact) for fact in body["facts"]]
    items = body["items"]
    if new.get(FINDINGS_WITHDRAWN, {}).get("value") is True:
        items = [item for item in items if item["result"] != ROW_ANSWERS[WRONG]]
    return {
        **body,
        "facts": [*facts, *new.values()],
        "items": items,
        "due_on": own["due_on"],
        "late": own["late"],
    }


def public_body(
    uow: UnitOfWork, process: Process, case: Case, kind: str, due_on: date | None, late: bool
) -> dict[str, Any]:
    """Return what may be shown of a case; the shape the site is built from."""
    facts = [
        *_public_fields(process.workflow.fields.values(), case.fields, "case"),
        *(
            fact
            for name, answers in case.forms.items()
            if name in process.workflow.forms
            for fact in _public_fields(process.form(name).fields, answers, name)
        ),
    ]
    _name_items(uow, facts)
    body: dict[str, Any] = {
        "workflow": case.workflow,
        "workflow_title": process.workflow.title,
        "case": case.id,
        "batch": None,
        "plan": None,
        "subject": {c: case.subject[c] for c in SUBJECT_COLUMNS if case.subject.get(c)} or None,
        "facts": facts,
        "items": list(_items(uow, process, case)),
        "due_on": due_on.isoformat() if due_on else None,
        "late": late,
    }
    body.update(_lineage(uow, case))
    if kind == "draw":
        from engine.app.draws.records import public_draw

        body["draw"] = public_draw(uow, case)
    return body


def _name_items(uow: UnitOfWork, facts: list[dict[str, Any]]) -> None:
    """Let the text of lists of item codes be the names of the items, as the register has them now."""
    lists = [fact for fact in facts if isinstance(fact["value"], list) and "rows" not in fact]
    codes = sorted({one for fact in lists for one in fact["value"] if isinstance(one, str)})
    if not codes:
        return
    known = uow.transaction.registers.some("items", codes)
    for fact in lists:
        if fact["value"] and all(one in known for one in fact["value"]):
            fact["text"] = "、".join(known[one].name for one in fact["value"])


def _public_fields(fields: Any, answers: Mapping[str, Any], form: str) -> Iterator[dict[str, Any]]:
    for asked in fields:
        if asked.public and answers.get(asked.name) is not None:
            value = answers[asked.name]
            fact = {
                "form": form,
                "name": asked.name,
                "title": asked.title,
                "value": value,
                "text": format_answer(asked, value),
            }
            if asked.alias is not None:
                # A column of the public pages is read without the file of the case.
                fact["written"] = asked.alias
            if asked.columns and isinstance(value, list):
                fact["rows"] = [
                    {
                        c.title: format_answer(c, row[c.name])
                        for c in asked.columns
                        if row.get(c.name) is not None
                    }
                    for row in value
                ]
            # The site masks nothing in an id; other types it need not know.
            yield {**fact, "type": asked.type.value} if asked.type is FieldType.OBJECT else fact


def format_answer(asked: Field, value: Any) -> str:
    """Return the answer to a field as people read it."""
    if value is True or value is False:
        return str(say("是") if value else say("否"))
    if isinstance(value, list):
        if asked.columns:
            rows = [
                {c.title: format_answer(c, row[c.name]) for c in asked.columns if c.name in row}
                for row in value
            ]
            return "；".join("，".join(f"{title} {text}" for title, text in row.items()) for row in rows)
        return "、".join(asked.choices.get(str(one), str(one)) for one in value)
    if asked.type is FieldType.PLACE:
        return place_text(value)
    text = asked.choices.get(str(value), str(value))
    return f"{text}{asked.unit}" if asked.unit else text


def _items(uow: UnitOfWork, process: Process, case: Case) -> Iterator[dict[str, Any]]:
    """Yield the results of the check rows of every item form, row by row; of a wrong one what was breached."""
    for answers in case.forms.values():
        for form_id, item in answers.get("items", {}).items():
            form = process.workflow.forms.get(form_id)
            for row in form.rows if form else ():
                given = item.get("rows", {}).get(row.id)
                if given:
                    found = {"code": row.id, "title": row.title, "result": ROW_ANSWERS[given["answer"]]}
                    if given["answer"] == WRONG:
                        found["basis"] = _breached(uow, case, str(given.get("article") or ""), row.basis)
                    yield found


def _breached(uow: UnitOfWork, case: Case, article: str, basis: str) -> str:
    """Return what a wrong row breaches: what whoever inspected named, else the duty in its basis; never what empowers the inspection.

    Where neither names a duty, or nothing here tells duties from powers, it is said to be not stated. Raises CommandRefused
    where the file that tells them cannot be read.
    """
    reader: object = uow.services.renderer
    if not isinstance(reader, BreachReader):
        return NOT_STATED
    published = uow.services.definitions.published_files(uow.transaction)
    try:
        return reader.breached(article, basis, published) or NOT_STATED
    except DocumentError as problem:
        reason = RefusalReason("document", problem.message)
        raise CommandRefused(Refusal(case.id, case.title, (reason,))) from None


def _lineage(uow: UnitOfWork, case: Case) -> dict[str, Any]:
    """Return the plan and the batch a case comes from."""
    found: dict[str, Any] = {}
    current: Case | None = case
    while current is not None:
        about = uow.process(current).workflow.about
        if about in ("batch", "plan") and about not in found:
            found[about] = {"id": current.id, "title": current.title}
        current = uow.case(current.parent) if current.parent else None
    return found
