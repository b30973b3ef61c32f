from __future__ import annotations

import hashlib

import pytest
from visit_bureau import context_of, effect, name, unit, value, visit_bureau

from engine.app.execution.effects.documents import do_archive, do_paper, do_render, render_document
from engine.app.ports.documents import DocumentError, DocumentRequest
from engine.app.ports.papers import PaperState
from engine.app.session.refused import CommandRefused
from engine.language import say


class Plain:
    """Renders the name of the template and of the case."""

    def render(self, request: DocumentRequest) -> bytes:
        if request.template == "absent":
            raise DocumentError(say("没有模板“{name}”", name=request.template))
        return f"{request.template} {request.number} {request.today}".encode()


def test_a_document_is_filed_and_archived() -> None:
    bureau = visit_bureau()
    bureau.application.renderer = Plain()
    case = bureau.case(bureau.start("plan"))
    with unit(bureau) as uow:
        context = context_of(uow, case)
        do_render(context, effect("render", render="notice"))
        assert context.notes == {"rendered": ["notice"]}
        assert uow.transaction.records.documents(case.id) == []
        for act in context.afterwards:
            act(case)
        second = render_document(uow, case, "report")
        assert second is not None
        content = b"report  2024-09-02"
        assert (second.id, second.name, second.content) == ("plan-1/2", "02-report.html", content)
        assert second.sha256 == hashlib.sha256(content).hexdigest()
        do_archive(context, effect("archive"))
        documents = {d.id: d.sha256 for d in uow.transaction.records.documents(case.id)}
        assert list(documents) == ["plan-1/1", "plan-1/2"]
        assert context.notes["archive"] == {
            "documents": documents,
            "publications": {},
            "events": 1,
            "head": case.head,
        }


def test_without_a_renderer_nothing_is_made() -> None:
    bureau = visit_bureau()
    case = bureau.case(bureau.start("plan"))
    with unit(bureau) as uow:
        assert render_document(uow, case, "notice") is None
        assert uow.transaction.records.documents(case.id) == []


def test_a_missing_template_refuses_the_step() -> None:
    bureau = visit_bureau()
    bureau.application.renderer = Plain()
    case = bureau.case(bureau.start("plan"))
    with unit(bureau) as uow:
        context = context_of(uow, case)
        do_render(context, effect("render", render="absent"))
        with pytest.raises(CommandRefused) as refused:
            context.afterwards[0](case)
    assert [str(reason) for reason in refused.value.refusal.reasons] == ["没有模板“absent”"]


def test_what_happened_to_a_paper_is_entered_with_its_day() -> None:
    bureau = visit_bureau()
    bureau.application.renderer = Plain()
    case = bureau.case(bureau.start("plan"))
    with unit(bureau) as uow:
        made = context_of(uow, case)
        do_render(made, effect("render", render="notice"))
        for act in made.afterwards:
            act(case)
        signed = context_of(uow, case)
        do_paper(signed, effect("paper", paper="notice", becomes="signed"))
        assert signed.notes["papers"]["plan-1/notice/1"]["on"] == "2024-09-02"
        context = context_of(uow, case, {"form": {"on": "2024-09-02", "how": "直接送达"}})
        served = effect("paper", paper="notice", becomes="served", on=name("form.on"), note=name("form.how"))
        do_paper(context, served)
        paper = uow.transaction.papers.get("plan-1/notice/1")
        assert paper is not None
        fact = paper.fact(PaperState.SERVED)
        assert fact is not None
        assert (str(fact.on), fact.note, fact.by) == ("2024-09-02", "直接送达", "anna")
        assert context.notes["papers"] == {"plan-1/notice/1": {"state": "served", "on": "2024-09-02"}}
        with pytest.raises(CommandRefused) as refused:
            do_paper(
                context_of(uow, case), effect("paper", paper="notice", becomes="served", on=value("昨天"))
            )
        assert "文书的日期应是日期，实为“昨天”" in str(refused.value.refusal)
        do_paper(context_of(uow, case), effect("paper", paper="other", becomes="signed"))
        assert [str(one) for one in uow.warnings] == ["本件没有文书“other”，它的办理没有登记"]
