"""Papers: Word and PDF beside the bare libraries writing the same text, memory of many papers, answers to long forms.

The bare programs write what a paper says and nothing beside: headings, paragraphs and tables in the styles of the
library, the PDF in the same standards and with the same fonts. Both write each paper in turn, in processor time, and no
two papers have the same text: typst keeps what it has laid out.
"""

from __future__ import annotations

import gc
import io
import json
import multiprocessing
import resource
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, partial
from pathlib import Path
from time import process_time
from typing import Any

from benchmarks.slices import minima

ROOT = Path(__file__).parent.parent
DAY = date(2026, 3, 5)
#: Rounds over all papers; the first, in which the libraries read their fonts and templates, is not counted.
ROUNDS = 3
FEW, MANY = 200, 2_000
SHORT, LONG = 30, 300
#: Slices of each form, and how often it is checked in one.
SLICES, OFTEN = 500, 10

_BARE = """#let d = json(bytes(sys.inputs.d))
#set document(title: d.title)
#set page(paper: "a4", numbering: "1 / 1")
#set text(font: "Noto Serif SC", lang: "zh")
#show heading: set text(font: "Noto Sans SC")
#for one in d.parts {
  if one.is == "heading" { heading(one.text) } else if one.is == "paragraph" { par(one.text) } else {
    table(columns: one.columns, ..one.rows.flatten().map(c => table.cell(colspan: c.columns, rowspan: c.rows, c.text)))
  }
}
"""


def papers() -> Iterator[tuple[str, str]]:
    """Yield the name and the HTML of every shipped paper of the made-up case."""
    from dataclasses import replace

    from engine.definition.library import load_paths
    from engine.documents.parts.made_up import made_up_document
    from engine.documents.parts.paper_tests import find_paper_tests

    templates = ROOT / "forms" / "templates"
    tests = find_paper_tests((templates.parent,))
    files = [*(ROOT / "workflows").glob("*.yaml"), *(ROOT / "forms").glob("*.yaml")]
    loaded = load_paths(files)
    bureau = loaded.bureau
    if tests is None or bureau is None:
        raise LookupError("no shipped papers")
    for name, kind in sorted(tests.kinds.items()):
        workflow = loaded.workflows[kind.workflow]
        whole = replace(workflow, forms={**loaded.forms, **workflow.forms})
        yield name, made_up_document(kind, whole, bureau, tests, [templates]).decode("utf-8")


def varied(html: str, number: int) -> str:
    """Return a paper with another text of the same length."""
    return html.replace("示例", "示" + chr(0x4E00 + number % 5_000)).replace("2026", str(2000 + number % 999))


def parts_of(paper: Any) -> Sequence[Mapping[str, Any]]:
    """Return what a paper says as plain values."""
    from dataclasses import replace

    from engine.documents.paper.blocks import Heading, Table, Title, line_text, paper_text

    found: list[dict[str, Any]] = []
    for block in paper.blocks:
        if isinstance(block, Table):
            rows = [
                [
                    {
                        "text": "\n".join(map(line_text, cell.lines)),
                        "columns": cell.columns,
                        "rows": cell.rows,
                    }
                    for cell in row.cells
                ]
                for row in block.rows
            ]
            found.append({"is": "table", "columns": len(block.widths), "rows": rows})
            continue
        kind = "heading" if isinstance(block, Title | Heading) else "paragraph"
        text = paper_text(replace(paper, blocks=(block,)))
        found += [{"is": kind, "text": line} for line in text.split("\n") if line]
    return found


def bare_pdf(title: str, parts: Sequence[Mapping[str, Any]], source: Path) -> bytes:
    """Write the same text by typst alone."""
    import typst

    from engine.documents.paper.pdf import _fonts

    made: bytes = typst.compile(
        str(source),
        root=str(source.parent),
        format="pdf",
        font_paths=_fonts(()),
        sys_inputs={"d": json.dumps({"title": title, "parts": parts}, ensure_ascii=False)},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=0,
    )
    return made


def bare_word(parts: Sequence[Mapping[str, Any]]) -> bytes:
    """Write the same text by python-docx alone."""
    import docx

    file = docx.Document()
    for part in parts:
        if part["is"] == "heading":
            file.add_heading(part["text"])
        elif part["is"] == "paragraph":
            file.add_paragraph(part["text"])
        else:
            table = file.add_table(len(part["rows"]), part["columns"])
            for row, cells in zip(table.rows, part["rows"], strict=True):
                for cell, said in zip(row.cells, cells, strict=False):
                    cell.text = said["text"]
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def _beside(kind: str) -> dict[str, float]:
    from engine.documents.paper.formats import written
    from engine.documents.paper.html_reading import read_paper

    ours = bare = 0.0
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "bare.typ"
        source.write_text(_BARE, encoding="utf-8")
        made = list(papers())
        for number in range(ROUNDS):
            for place, (name, html) in enumerate(made):
                text = varied(html, number * len(made) + place)
                parts = parts_of(read_paper(text))
                content = text.encode("utf-8")
                began = process_time()
                written(content, kind, DAY)
                took = process_time() - began
                other = _timed(
                    lambda name=name, parts=parts: (
                        bare_pdf(name, parts, source) if kind == ".pdf" else bare_word(parts)
                    )
                )
                if number:
                    ours, bare = ours + took, bare + other
    counted = (ROUNDS - 1) * len(made)
    return {"ours_ms": ours / counted * 1000, "bare_ms": bare / counted * 1000, "ratio": ours / bare}


def _timed(act: Callable[[], object]) -> float:
    began = process_time()
    act()
    return process_time() - began


def pdf() -> dict[str, float]:
    """Return how long a PDF takes, the reading of its HTML included, beside typst writing the same text."""
    return _beside(".pdf")


def word() -> dict[str, float]:
    """Return how long a Word file takes, the reading of its HTML included, beside python-docx writing the same text."""
    return _beside(".docx")


def _peak(count: int, answer: Any) -> None:
    from engine.documents.paper.formats import written

    # As the command line does, by which workers are started: what waits for the collector waits long.
    gc.set_threshold(50_000, 20, 50)
    made = list(papers())
    for number in range(count):
        html = varied(made[number % len(made)][1], number).encode("utf-8")
        written(html, ".pdf" if number % 2 else ".docx", DAY)
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answer.put(used / 1024 if sys.platform != "darwin" else used / 1024 / 1024)


def memory() -> dict[str, float]:
    """Return the most memory a process takes that writes many papers, and one that writes few, in MiB."""
    found = {}
    for name, count in (("few", FEW), ("many", MANY)):
        fresh = multiprocessing.get_context("spawn")
        answer = fresh.Queue()
        process = fresh.Process(target=_peak, args=(count, answer))
        process.start()
        found[name] = float(answer.get())
        process.join()
    return {"many_mib": found["many"], "few_mib": found["few"], "ratio": found["many"] / found["few"]}


@cache
def long_form(count: int) -> Any:
    """Return a form of so many questions, a third of them asked under a condition on another one."""
    from engine.definition.library import load_files

    lines = ["form: long", "title: 长表", "fields:"]
    for number in range(count):
        if number % 3 == 2:
            lines.append(
                f"  - q{number}: {{title: 第{number}问, type: integer, when: form.q{number - 1} > 3, "
                f"constraint: [{{that: form.q{number} >= form.q{number - 2}, else: 第{number}问不能更小}}]}}"
            )
        else:
            lines.append(f"  - q{number}: {{title: 第{number}问, type: integer, min: 0}}")
    loaded = load_files({"long.yaml": "\n".join(lines) + "\n"})
    return loaded.forms["long"]


def form() -> dict[str, float]:
    """Return the time of checking the answers to a long form, and to a short one, in microseconds: the least of many slices."""
    from engine.lifecycle.forms.answers import read_answers

    acts = []
    for count in (SHORT, LONG):
        asked = long_form(count)
        answers = {f"q{number}": number % 9 + 4 if number % 3 < 2 else 20 for number in range(count)}
        kept, problems = read_answers(asked, (), answers, {})
        if problems or len(kept) < count:
            raise AssertionError(problems)
        acts.append(partial(_often, read_answers, asked, answers))
    short, long = (least / OFTEN for least in minima(acts, SLICES))
    return {"long_us": long * 1e6, "short_us": short * 1e6, "ratio": long / short}


def _often(check: Callable[..., object], asked: Any, answers: Mapping[str, Any]) -> None:
    for _ in range(OFTEN):
        check(asked, (), answers, {})


PARTS = {"pdf": pdf, "word": word, "memory": memory, "form": form}
