"""A file of an office into a register: what it would change is shown first; unusual values are confirmed; taken back."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from engine.app.commands import Caller
from engine.app.commands.registers import (
    Confirmation,
    ImportSeq,
    RegisterFile,
    import_register,
    undo_import,
)
from engine.app.queries.register_changes import (
    check_own_profile,
    codes_in_force,
    preview_import,
    preview_undo,
)
from engine.files.reading import read_file
from engine.kernel.budget import TEXT
from engine.kernel.refusal import Refusal
from engine.language import Message, say
from engine.register.import_result import HiddenAnswer, ImportResult, read_register
from engine.register.profile import built_in, load_profile
from engine.web.pages.cases import unknown
from engine.web.pages.registers import TITLES
from engine.web.rendering import page, refused, status_of
from engine.web.visit import Answer, PageVisit, go_to

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Lines shown of what is wrong, what is unusual, what changes.
SHOWN = 50


def show(visit: PageVisit) -> Answer:
    """Ask for a file, show what it would change, take it in."""
    kind = visit.parts["kind"]
    if kind not in TITLES:
        return unknown(visit)
    if visit.method == "GET":
        return _page(visit, kind)
    chosen = next(iter(visit.typed.files.get("file", ())), None)
    if chosen is not None:
        key = visit.workbench.request_id()
        visit.workbench.keep_upload(key, visit.person, chosen.name, chosen.content)
    else:
        key = visit.typed.one("upload")
    upload = visit.workbench.upload(key, visit.person)
    if upload is None:
        return _page(visit, kind, wrong=(say("请选择文件；隔得太久的，须重新选择"),), status=422)
    name, content = upload
    file = _read(visit, kind, name, content)
    if isinstance(file, Refusal):
        return refused(visit, file)
    confirmed = _confirmed(visit)
    if file.reading.faults or (file.reading.problems and not _only_unusual(file.reading)):
        return _page(visit, kind, file=file, upload=key, status=422)
    if visit.typed.one("do") == "import":
        outcome = import_register(visit.workbench.application, Caller(visit.person), kind, file, confirmed)
        if isinstance(outcome, Refusal):
            wrong = tuple(reason.message for reason in outcome.reasons)
            return _page(visit, kind, file=file, upload=key, wrong=wrong, status=status_of(outcome))
        visit.workbench.drop_upload(key)
        return page(visit, "import_done.html", kind=kind, title=TITLES[kind], outcome=outcome)
    found = preview_import(visit.workbench.application, visit.person, kind, file, confirmed)
    if isinstance(found, Refusal):
        wrong = tuple(reason.message for reason in found.reasons)
        return _page(visit, kind, file=file, upload=key, wrong=wrong, status=status_of(found))
    return _page(visit, kind, file=file, upload=key, preview=found)


def undo(visit: PageVisit) -> Answer:
    """Show what taking the last import back would change, and do it."""
    kind = visit.parts["kind"]
    if kind not in TITLES:
        return unknown(visit)
    application = visit.workbench.application
    plan = preview_undo(application, visit.person, kind)
    if isinstance(plan, Refusal):
        return refused(visit, plan)
    if visit.method == "POST":
        text = visit.typed.one("seq")
        agreed = ImportSeq(int(text)) if text.isascii() and text.isdecimal() and len(text) < 12 else None
        outcome = undo_import(application, Caller(visit.person), kind, agreed)
        return refused(visit, outcome) if isinstance(outcome, Refusal) else go_to("registers", kind)
    return page(visit, "import_undo.html", kind=kind, title=TITLES[kind], plan=plan)


def _read(visit: PageVisit, kind: str, name: str, content: bytes) -> RegisterFile | Refusal:
    codes = codes_in_force(visit.workbench.application, visit.person)
    if isinstance(codes, Refusal):
        return codes
    hidden = visit.typed.one("hidden")
    answer = HiddenAnswer(hidden) if hidden in {one.value for one in HiddenAnswer} else None
    own = _own_profile(visit, kind)
    if own is not None:
        text = read_file(own, TEXT, "").decode("utf-8", "replace")
        if (wrong := check_own_profile(visit.workbench.application, visit.person, kind, text)) is not None:
            return wrong
    profile = (load_profile(own)[0] if own is not None else None) or built_in(kind)
    # The reader of tables takes a file by its ending; nothing else of the name is used.
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / f"upload{Path(name).suffix[:8]}"
        place.write_bytes(content)
        reading = read_register(kind, place, profile, None, codes=codes, hidden=answer)
    return RegisterFile(
        profile=profile,
        reading=reading,
        source=name,
        remove_missing=visit.typed.one("remove") == "1",
        agreed_changes=visit.typed.one("mark") or None if visit.typed.one("do") == "import" else None,
        hidden=answer,
    )


def _own_profile(visit: PageVisit, kind: str) -> Path | None:
    """Return the file of the deployment's own way of reading a register; None where it has none."""
    folder = visit.workbench.profiles
    own = folder / f"{kind}.yaml" if folder is not None else None
    return own if own is not None and own.is_file() else None


def _only_unusual(reading: ImportResult) -> bool:
    return all(problem.unusual is not None for problem in reading.problems)


def _confirmed(visit: PageVisit) -> list[Confirmation]:
    reason = visit.typed.one("reason").strip()
    found = []
    for text in visit.typed.all("confirm") if reason else ():
        entry, _, rest = text.partition("/")
        column, _, value = rest.partition("=")
        found.append(Confirmation(entry, column, value, reason))
    return found


def _page(
    visit: PageVisit,
    kind: str,
    *,
    file: RegisterFile | None = None,
    upload: str = "",
    preview: object = None,
    wrong: Sequence[Message] = (),
    status: int = 200,
) -> Answer:
    return page(
        visit,
        "import.html",
        status=status,
        kind=kind,
        title=TITLES[kind],
        file=file,
        upload=upload,
        preview=preview,
        wrong=wrong,
        shown=SHOWN,
        confirmed=visit.typed.all("confirm"),
    )
