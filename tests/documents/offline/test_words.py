"""Every sentence the program of the offline form says is there, with its places."""

from __future__ import annotations

import re
from pathlib import Path

from engine.documents import offline
from engine.documents.offline.words import words


def test_every_sentence_the_program_says_is_there() -> None:
    here = Path(offline.__file__)
    program = "".join(here.with_name(name).read_text("utf-8") for name in ("kit.js", "answers.js"))
    said = set(re.findall(r'say\("(\w+)"', program)) - {"wrong_", "row_"}
    known = words()
    assert said <= set(known)
    assert "{left}" in known["next"]
