"""The files kept with a case: adding one, and taking one out to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from engine.app.commands import Caller
from engine.app.commands.papers.files import NewFile, keep_file
from engine.app.queries.cases import show_case
from engine.app.queries.papers.papers import read_file
from engine.documents.thumbnail import ThumbnailError, can_make, thumbnail
from engine.kernel.refusal import Refusal
from engine.language import Message, say
from engine.web.rendering import page, refused, status_of
from engine.web.visit import Answer, PageVisit, go_to

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.app.queries.papers.papers import KeptFile

#: The types small copies are made of, and how many of them a page about something else shows.
_PICTURES, MAX_SHOWN = ("jpeg", "png"), 8


def show(visit: PageVisit) -> Answer:
    """List the files of a case; by POST keep another, to a case that has ended too."""
    application, person, case_id = visit.workbench.application, visit.person, visit.parts["case"]
    view = show_case(application, person, case_id, as_person=person)
    if isinstance(view, Refusal):
        return refused(visit, view)
    wrong: list[Message] = []
    status = 200
    if visit.method == "POST":
        chosen = visit.typed.files.get("file", ())
        title = visit.typed.one("title").strip()[:200]
        if not chosen:
            wrong, status = [say("请选择要存入的文件")], 422
        for one in chosen:
            outcome = keep_file(
                application, Caller(person), case_id, NewFile(one.content, one.name, title or one.name)
            )
            if isinstance(outcome, Refusal):
                wrong += [reason.message for reason in outcome.reasons]
                status = status_of(outcome)
        if not wrong:
            return go_to("cases", case_id, "evidence", query="kept=1")
        view = show_case(application, person, case_id, as_person=person)
        if isinstance(view, Refusal):
            return refused(visit, view)
    return page(
        visit,
        "evidence.html",
        status=status,
        view=view,
        wrong=wrong,
        pictures=small_copies(view.files, len(view.files)),
    )


def small_copies(files: Sequence[KeptFile], most: int = MAX_SHOWN) -> list[KeptFile]:
    """Return the newest pictures among the files of a case, at most so many; none where no small copy can be made."""
    return [one for one in files if one.type in _PICTURES][-most:] if can_make() else []


def small_copy(visit: PageVisit) -> Answer:
    """Give the small copy of a kept picture, to be shown on a page; nothing of what the camera wrote is in it."""
    application = visit.workbench.application
    if application.files is None:
        return _no_picture(visit)
    found = read_file(application, visit.person, visit.parts["file"], application.files)
    if isinstance(found, Refusal):
        return refused(visit, found)
    kept, content = found
    if kept.type not in _PICTURES:
        return _no_picture(visit)
    try:
        return Answer(body=thumbnail(content), type="image/jpeg")
    except ThumbnailError:
        return _no_picture(visit)


def _no_picture(visit: PageVisit) -> Answer:
    return page(visit, "sentence.html", status=404, title=say("没有这个文件"), text=say("这个附件没有小样"))


def kept_file(visit: PageVisit) -> Answer:
    """Give one kept file, to be saved: never shown in the place of a page."""
    application = visit.workbench.application
    if application.files is None:
        return page(
            visit, "sentence.html", status=404, title=say("没有这个文件"), text=say("这里没有存放文件的地方")
        )
    found = read_file(application, visit.person, visit.parts["file"], application.files)
    if isinstance(found, Refusal):
        return refused(visit, found)
    kept, content = found
    name = quote(kept.name, safe="")
    return Answer(
        body=content,
        type="application/octet-stream",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"},
    )
