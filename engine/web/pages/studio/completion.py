"""What the script of the editor asks for: what can be written at the cursor, and the remarks of the checker."""

from __future__ import annotations

import json
from typing import Any

from engine.authoring.language_server.names_at import ids_at
from engine.definition.library import load_files
from engine.kernel.refusal import Refusal
from engine.language import translate
from engine.web.pages.cases import unknown
from engine.web.pages.studio.studio import MAX_TEXT
from engine.web.pages.studio.texts import working_texts
from engine.web.rendering import refused
from engine.web.visit import Answer, PageVisit
from engine.yamltext.problem import Severity

#: Remarks of one answer at most.
MAX_REMARKS = 100


def answer(visit: PageVisit) -> Answer:
    """Answer with names for the cursor, or with the remarks of the checker, as JSON."""
    working = working_texts(visit, visit.parts["workflow"])
    if isinstance(working, Refusal):
        return refused(visit, working)
    file = visit.typed.one("file")
    if file not in working.published:
        return unknown(visit)
    text = visit.typed.one("text").replace("\r\n", "\n")[:MAX_TEXT]
    if visit.typed.one("do") == "names":
        # What is half written is often no definition: names come from the texts as they were kept last.
        ids = ids_at(text, visit.typed.one("line")[:1000], working.loaded)
        return _json({"names": [[name, str(translate(title))] for name, title in ids.items()]})
    loaded = load_files({**working.texts, file: text}, partial=True)
    remarks = [
        {
            "line": one.line,
            "column": one.column,
            "error": one.severity is Severity.ERROR,
            "text": str(one.message),
            "hint": str(one.hint) if one.hint else "",
        }
        for one in loaded.problems
        if one.file == file
    ]
    return _json({"remarks": remarks[:MAX_REMARKS]})


def _json(body: dict[str, Any]) -> Answer:
    return Answer(body=json.dumps(body, ensure_ascii=False).encode(), type="application/json; charset=utf-8")
