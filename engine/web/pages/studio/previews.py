"""Forms in every face, and papers, made of the text that is not published: the page, the A4 sheet, the terminal, the offline kit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from engine.app.queries.papers.offline import FormSetting, OfflineForms, OfflineStep
from engine.authoring.answer_sheet import answer_sheet
from engine.definition.condition_rows.choosing import forms_filled
from engine.definition.resources import forms_dir
from engine.documents.form_sheet import blank_sheet
from engine.documents.offline.kit import kit_page
from engine.documents.paper.blocks import Heading, Table, Title, block_lines, line_text
from engine.documents.paper.formats import format_of, written
from engine.documents.paper.html_reading import read_paper
from engine.documents.paper.tree import PaperError
from engine.documents.parts.made_up import made_up_document
from engine.documents.parts.paper_tests import PaperKind, PaperTestError, find_paper_tests
from engine.documents.render import RenderError, template_text
from engine.documents.template_folder import template_titles
from engine.kernel.refusal import Refusal
from engine.language import DefinedText, Message, in_language, say
from engine.lifecycle.case import Case
from engine.web.forms.questions import questions_of
from engine.web.forms.typed import Typed
from engine.web.pages.cases import unknown
from engine.web.pages.studio.home import papers_of
from engine.web.pages.studio.texts import WorkingTexts, working_texts
from engine.web.rendering import page, refused, sentence
from engine.web.visit import Answer, PageVisit

if TYPE_CHECKING:
    from pathlib import Path

    from engine.definition.library import Loaded
    from engine.documents.paper.blocks import Block
    from engine.lifecycle.model.form import Form
    from engine.lifecycle.model.workflow import Workflow

#: A blank form is of no day.
_NO_DAY = date(2000, 1, 1)
_ENDINGS = ("html", "pdf", "docx")


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A part of a sheet as the page shows it: ``title``, ``heading``, ``text`` or ``table``."""

    kind: str
    lines: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()


def show(visit: PageVisit) -> Answer:
    """List forms and papers; show one form in every face, or one paper; by POST a paper of the template as it is typed."""
    working = working_texts(visit, visit.parts["workflow"])
    if isinstance(working, Refusal):
        return refused(visit, working)
    workflow = working.loaded.workflows.get(working.workflow)
    if workflow is None:
        return sentence(
            visit,
            200,
            say("现在看不了样子"),
            say("文字里还有 {count} 处要改，改好才能看。", count=len(working.errors)),
        )
    forms = forms_filled(workflow)
    name, paper = visit.query.get("form", ""), visit.typed.one("paper") or visit.query.get("paper", "")
    form = workflow.forms.get(name) if name in forms else None
    if not paper and form is None:
        form = workflow.forms.get(forms[0]) if forms else None
    papers = papers_of(workflow)
    if paper and paper not in papers:
        return unknown(visit)
    source = visit.typed.one("template").replace("\r\n", "\n")
    if paper and not source:
        source = template_text(paper, [one / "templates" for one in _folders(visit)])
    parts, wrong = _parts(visit, working, form, paper, source if visit.method == "POST" else "")
    return page(
        visit,
        "preview.html",
        workflow=working.workflow,
        working=working,
        forms=[workflow.forms[one] for one in forms if one in workflow.forms],
        papers=papers,
        titles={
            name: DefinedText(title)
            for name, title in template_titles([one / "templates" for one in _folders(visit)]).items()
        },
        form=form if not paper else None,
        paper=paper,
        source=source,
        groups=questions_of(form, (), Typed()) if form is not None and not paper else [],
        terminal=answer_sheet(form) if form is not None and not paper else "",
        parts=parts,
        wrong=wrong,
    )


def file(visit: PageVisit) -> Answer:
    """Give a face as a file: the sheet, the offline kit, a paper."""
    working = working_texts(visit, visit.parts["workflow"])
    if isinstance(working, Refusal):
        return refused(visit, working)
    face, _, ending = visit.parts["face"].partition(".")
    name = visit.parts["name"]
    workflow, bureau = working.loaded.workflows.get(working.workflow), working.loaded.bureau
    if workflow is None or bureau is None or ending not in _ENDINGS:
        return unknown(visit)
    form = workflow.forms.get(name)
    try:
        if face == "kit" and form is not None and ending == "html":
            body = _kit(visit, workflow, form)
        elif face == "sheet" and form is not None:
            body = written(blank_sheet(form, bureau.title), format_of(f"a.{ending}"), _NO_DAY, _fonts(visit))
        elif face == "paper" and name in papers_of(workflow):
            body = written(
                _paper(visit, working.loaded, workflow, name),
                format_of(f"a.{ending}"),
                visit.workbench.today(),
                _fonts(visit),
            )
        else:
            return unknown(visit)
    except (PaperError, RenderError, PaperTestError) as problem:
        return sentence(visit, 422, say("印不出样张"), say("{problem}", problem=problem.message))
    return Answer(
        body=body,
        type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{face}-{name}.{ending}"'},
    )


def _parts(
    visit: PageVisit, working: WorkingTexts, form: Form | None, paper: str, template: str
) -> tuple[list[SheetPart], Message | None]:
    workflow, bureau = working.loaded.workflows[working.workflow], working.loaded.bureau
    try:
        if paper:
            content = _paper(visit, working.loaded, workflow, paper, template)
        elif form is not None:
            content = blank_sheet(form, bureau.title if bureau is not None else "")
        else:
            return [], None
        return list(_shown(read_paper(content.decode()).blocks)), None
    except (PaperError, RenderError, PaperTestError) as problem:
        return [], say("{problem}", problem=problem.message)


def _shown(blocks: Sequence[Block]) -> Iterator[SheetPart]:
    for block in blocks:
        if isinstance(block, Table):
            rows = [
                [" ".join(line_text(line) for line in cell.lines) for cell in row.cells] for row in block.rows
            ]
            yield SheetPart("table", rows=rows)
            continue
        kind = "title" if isinstance(block, Title) else "heading" if isinstance(block, Heading) else "text"
        yield SheetPart(kind, [line_text(line) for line in block_lines(block)])


def _folders(visit: PageVisit) -> tuple[Path, ...]:
    home = visit.workbench.home
    return tuple(dict.fromkeys((home.forms, forms_dir()))) if home is not None else (forms_dir(),)


def _fonts(visit: PageVisit) -> list[Path]:
    return [folder / "fonts" for folder in _folders(visit)]


def _paper(visit: PageVisit, loaded: Loaded, workflow: Workflow, template: str, typed: str = "") -> bytes:
    folders = _folders(visit)
    tests = find_paper_tests(folders)
    if tests is None or loaded.bureau is None:
        raise PaperTestError(say("没有样例案件：缺少 forms/tests/papers.yaml"))
    kind = tests.kinds.get(template)
    if kind is None or kind.workflow != workflow.id:
        kind = PaperKind(template, 1, workflow.id, (), {})
    with in_language("zh_CN"):
        return made_up_document(
            kind,
            workflow,
            loaded.bureau,
            tests,
            [one / "templates" for one in folders],
            {f"{template}.html": typed} if typed else None,
        )


def _kit(visit: PageVisit, workflow: Workflow, form: Form) -> bytes:
    now = visit.workbench.application.clock.now()
    title = str(say("样子，不作数"))
    case = Case(
        id="sample-1",
        workflow=workflow.id,
        version=1,
        state=workflow.initial,
        rev=1,
        head="0" * 64,
        title=title,
        section=None,
        opened_at=now,
        entered_at=now,
        subject={},
        fields={},
        forms={},
        parties={},
    )
    step = OfflineStep("sample", title, form, (), FormSetting({}, {}, frozenset()))
    offset = now.astimezone(visit.workbench.zone).isoformat()[-6:]
    return kit_page(OfflineForms(case, (step,), {}, visit.person, now, offset))
