"""Definitions as slips, accidents and malice change them: never a traceback, never a problem without its line, processor time by the bytes.

The files are the shipped ones, those of the reference and of the patterns. Three hundred are changed in every run, 20,000 with ``--soak``.
"""

from __future__ import annotations

import re
import time
from random import Random

from definition_files import files
from inputs import _edits
from mangling import mangled

from engine.definition.library import load_files
from engine.yamltext.problem import as_text

FEW, MANY = 300, 20_000
PIECE = 500
#: A value behind its key, to the end of the line or of the short form.
_VALUE = re.compile(rb": [^,{}\[\]]+")
#: A changed file may cost so many times what files cost as they are, for the same bytes; most cost less, for YAML ends them.
MAX_RATIO = 3


def slipped(data: bytes, random: Random) -> bytes:
    """Return a file in which one line was changed a little: it stays YAML more often than not."""
    lines = data.split(b"\n")
    at = random.randrange(len(lines))
    line = lines[at]
    match random.randrange(7):
        case 0:
            lines[at] = line.replace(b": ", b":", 1)
        case 1:
            lines[at] = line[:-1]
        case 2:
            lines[at] = b"  " + line
        case 3:
            del lines[at]
        case 4:
            # One value that cannot be meant: what refers to its place meets a thing that could not be read.
            lines[at] = _VALUE.sub(random.choice((b": zz9 qq", b": {a: 1}")), line, count=1)
        case 5:
            lines[at] = _VALUE.sub(rb"x\g<0>", line, count=1)
        case _:
            lines.insert(at, line)
    return b"\n".join(lines)


def cost(changed: list[tuple[str, bytes]], *, look: bool) -> float:
    """Load each file beside the bureau; return the seconds of the processor. With `look` each problem is held to have a line and a sentence."""
    context = {"bureau.yaml": files()["workflows/bureau.yaml"]}
    before = time.process_time()
    for name, data in changed:
        loaded = load_files({name: data}, context=context)
        said = as_text(loaded.problems, loaded.sources)
        if look:
            assert all(one.line >= 1 and str(one.message) for one in loaded.problems), (name, said)
    return time.process_time() - before


def test_changed_files_end_in_sentences_with_a_line_and_cost_what_files_cost(soak: bool) -> None:
    names = sorted(files())
    for first in range(0, MANY if soak else FEW, PIECE):
        random = Random(first)  # noqa: S311 - files to try, no secret
        chosen = [random.choice(names) for _ in range(PIECE if soak else FEW)]
        changed = [
            (name, slipped(files()[name], random) if number % 2 else mangled(files()[name], _edits(random)))
            for number, name in enumerate(chosen)
        ]
        spent = cost(changed, look=True)
        whole = cost([(name, files()[name]) for name in chosen], look=False)
        assert spent <= MAX_RATIO * whole, (first, spent, whole)
