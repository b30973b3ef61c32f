"""Files chosen in the form of a step: their bytes are kept with the case before the answers name them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engine.app.commands import Caller
from engine.app.commands.papers.files import NewFile, keep_file
from engine.kernel.refusal import Refusal, RefusalReason
from engine.web.forms.answers import PREFIX

if TYPE_CHECKING:
    from engine.app.queries.cases import TaskView
    from engine.web.visit import PageVisit


def keep_chosen(visit: PageVisit, view: TaskView, titles: Mapping[str, str]) -> list[RefusalReason]:
    """Keep the files that were chosen, each once; return why some are not. `titles` are those of the questions.

    Where the deployment has no place for files, their names and digests alone are answers.
    """
    application = visit.workbench.application
    if application.files is None:
        return []
    there = {file.sha256 for file in view.files}
    wrong: list[RefusalReason] = []
    for name, files in visit.typed.files.items():
        place = name.removeprefix(PREFIX)
        for one in files:
            if not one.content or one.sha256 in there:
                continue
            new = NewFile(one.content, one.name, titles.get(place, one.name))
            outcome = keep_file(application, Caller(visit.person), view.case.id, new)
            if isinstance(outcome, Refusal):
                wrong += [RefusalReason("form", reason.message, field=place) for reason in outcome.reasons]
            else:
                there.add(one.sha256)
    return wrong
