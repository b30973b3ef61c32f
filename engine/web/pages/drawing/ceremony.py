"""The ceremony of a draw on the screen of a meeting room: commitment, public randomness, tickets, people; minutes; void and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.app.commands import Caller
from engine.app.commands.draws import file_minutes
from engine.app.queries.cases import show_case
from engine.app.queries.draws import CODE_LENGTH, PublicDrawView, show_draw
from engine.documents.qr import qr_svg
from engine.kernel.refusal import Refusal
from engine.language import Message, say
from engine.web.pages.cases import unknown
from engine.web.rendering import page, refused
from engine.web.visit import Answer, PageVisit, address_of, go_to

if TYPE_CHECKING:
    from engine.app.queries.cases import StepView, TaskView

#: Effects of steps that belong to a draw.
_EFFECTS = frozenset({"commit", "enter", "draw", "reveal", "void", "remove", "replace"})


def show(visit: PageVisit) -> Answer:
    """Show how far the ceremony has come and what is done next; by POST file the minutes."""
    text = visit.parts["number"]
    if not (text.isascii() and text.isdecimal() and len(text) < 6):
        return unknown(visit)
    application, person, case = visit.workbench.application, visit.person, visit.parts["case"]
    found = show_draw(application, person, case, int(text))
    if isinstance(found, Refusal):
        return refused(visit, found)
    if not isinstance(found, PublicDrawView):
        return unknown(visit)
    if visit.method == "POST":
        minutes = file_minutes(application, Caller(person), case)
        return refused(visit, minutes) if isinstance(minutes, Refusal) else go_to("cases", case)
    view = show_case(application, person, case, as_person=person)
    if isinstance(view, Refusal):
        return refused(visit, view)
    code = found.digests.sha256[:CODE_LENGTH]
    check = address_of("check", case, text, code)
    visits = found.visits
    return page(
        visit,
        "ceremony.html",
        found=found,
        view=view,
        stages=_stages(found, bool(visits)),
        visits=visits,
        matched=any(one.people for one in visits),
        eights=[
            (name, [digest[place : place + 8] for place in range(0, len(digest), 8)])
            for name, digest in (("SHA-256", found.digests.sha256), ("SM3", found.digests.sm3))
        ],
        steps=_steps(view),
        check=check,
        qr=qr_svg(visit.host + check, str(say("在另一台设备上重算这次抽取"))),
        code=code,
    )


def _stages(found: PublicDrawView, drawn: bool) -> list[tuple[Message, str]]:
    """Return the four stages, each ``done``, ``now`` or ``ahead``."""
    typed = bool(found.entropy)
    matched = any(one.people for one in found.visits)
    done = [True, typed or drawn, drawn, matched]
    titles = [say("承诺"), say("公开随机数"), say("票号"), say("人员")]
    now = done.index(False) if False in done else len(done)
    return [
        (title, "done" if there else "now" if number == now else "ahead")
        for number, (title, there) in enumerate(zip(titles, done, strict=True))
    ]


def _steps(view: TaskView) -> list[StepView]:
    """Return the steps of the case that belong to the draw, all of them where none is known to."""
    manual = view.process.manual_steps(view.case.state)
    own = [
        step
        for step in view.steps
        if any(effect.kind in _EFFECTS for one in manual.get(step.id, ()) for effect in one.then)
    ]
    return own or list(view.steps)
