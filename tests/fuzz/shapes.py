"""Inputs that a reader takes for sound and that are many of one thing: names alike, chains, nested groups, lists that are shared.

What is wrong with such a file is not its bytes but what is made of it; edits of a small sound file do not come to it.
"""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Mapping, Sequence
from xml.sax.saxutils import escape

#: How many of a thing there are: mostly few, so that the search goes on, and at times very many.
_COUNTS = (30, 120, 120, 300, 300, 300, 2_000)
_HEAD = ["type", "name", "label", "required", "relevant", "constraint", "calculation", "choice_filter"]
_ALIKE = "employee_contract_signed_date_and_reason"
_FORM = "form: big\ntitle: 大\nfields:\n"
_FLOW = "workflow: w\ntitle: 大\nabout: none\ninitial: s0\nstart: {by: clerk}\nstates:\n  done: {title: 毕, final}\n"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def book(sheets: Mapping[str, Sequence[Sequence[str]]]) -> bytes:
    """Return a workbook of texts; a program for workbooks takes longer to write it than the reader to read it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        numbers = list(enumerate(sheets, 1))
        links = "".join(
            f'<Relationship Id="r{n}" Type="{_LINKS}/worksheet" Target="sheet{n}.xml"/>' for n, _ in numbers
        )
        names = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"/>' for n, name in numbers)
        package.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="r0" Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        package.writestr(
            "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{_PACKAGE}">{links}</Relationships>'
        )
        package.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>{names}</sheets></workbook>',
        )
        for number, name in numbers:
            rows = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in sheets[name])
            package.writestr(
                f"xl/sheet{number}.xml",
                f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>',
            )
    return out.getvalue()


def _cell(text: str) -> str:
    return f'<c t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def _survey(rng: random.Random) -> bytes:
    """Return a workbook of XLSForm whose questions are of a few kinds, one after the other or in one another."""
    number = rng.choice(_COUNTS)
    filters = ("", "", "a = ${q0}", "a = ${q0} and not(b = '')", "selected(${q1}, a)")
    rows = [_HEAD]
    depth = 0
    kinds = rng.sample(range(9), rng.randint(1, 3))
    for i in range(number):
        kind, before = rng.choice(kinds), max(i - 1, 0)
        if kind == 0:
            rows.append([rng.choice(("begin group", "begin repeat")), f"g{i}", "组", "", "${q0} > 1"])
            depth += 1
        elif kind == 1 and depth and rng.random() < 0.5:
            rows.append([rng.choice(("end group", "end repeat"))])
            depth -= 1
        elif kind in (2, 3):
            rows.append(
                ["select_one l", f"q{i}", "选", "", "", "", "", rng.choice((*filters, f"a = ${{q{before}}}"))]
            )
        elif kind == 4:
            one, next_, own = f"${{q{before}}}", f"${{q{i + 1}}}", f"${{q{i}}}"
            source = rng.choice((f"{one} + {one}", f"{next_} * 2", own, f"sum({one})"))
            rows.append(["calculate", f"q{i}", "", "", "", "", source])
        elif kind == 5:
            rows.append(
                [
                    "integer",
                    f"q{i}",
                    "数",
                    f"${{q{before}}} = 2",
                    f"${{q{before}}} > 1",
                    ". < ${q0}",
                ]
            )
        elif kind == 6:
            rows.append(["text", f"{_ALIKE}{i}", "题", "", f"${{{_ALIKE}x{i}}} = 1"])
        elif kind == 7:
            rows.append(
                [rng.choice(("text", "textx", "note")), "q", "题 ${q} ${q0}" * rng.choice((1, 1, 40))]
            )
        else:
            test = "${q0} = 1"
            source = rng.choice(
                (
                    f"if({test}, {test}, {test})",
                    f"not(not({test}))",
                    " or ".join([test] * 60),
                    "-" * 200 + "1",
                )
            )
            for _ in range(rng.randint(0, 30)):
                source = source.replace(test, f"if({test}, {test}, {test})", 1)
            rows.append(["integer", f"q{i}", "数", "", source[:3_000]])
    choices = [["list_name", "name", "label", "a", "b"]]
    choices += [
        ["l", f"x{i}", f"甲{i} ${{q0}}", f"x{i % rng.choice((1, 5, 1_000))}"]
        for i in range(rng.choice(_COUNTS))
    ]
    return book({"survey": rows, "choices": choices})


def _many(head: str, one: str, end: str = "") -> Callable[[random.Random], bytes]:
    def made(rng: random.Random) -> bytes:
        number = rng.choice(_COUNTS)
        return (
            head + "".join(one % {"i": i, "before": max(i - 1, 0), "a": _ALIKE} for i in range(number)) + end
        ).encode()

    return made


#: Reader -> what makes such an input.
SHAPES: Mapping[str, Sequence[Callable[[random.Random], bytes]]] = {
    "xlsform": [_survey],
    "definitions": [
        _many(_FORM, "  - %(a)s%(i)d: {title: 栏, optional, when: form.%(a)sx%(i)d == 'a'}\n"),
        _many(_FORM, "  - f%(i)d: {title: 栏, integer, computed: form.f%(before)d + form.f%(before)d}\n"),
        _many(_FORM, "  - f%(i)d: {title: 栏, optional, when: filled(form.f%(before)d)}\n"),
        _many(_FORM, "  - f%(i)d: {title: 栏, choice, choices: {%(a)s%(i)d: 甲}, when: form.f%(before)d == '%(a)sx'}\n"),
        _many(_FLOW, "  s%(i)d: {title: 环, for: %(a)s%(i)d, no deadline: 无, steps: {g: {title: 办, to: %(a)sx%(i)d}}}\n"),
    ],
    "stories": [
        _many("test: small\nstories:\n  - story: 一\n    given: {on: 2024-09-20}\n    when:\n", "      - {do: %(a)s%(i)d, by: clerk}\n"),
        _many("test: small\nstories:\n  - {story: s0, when: []}\n", "  - {story: s%(i)d, begins_with: s%(before)d, when: []}\n"),
    ],
    "exchange format": [
        _many("exchange: mine\ntitle: 示例\nrows: {cases: visit, forms: [note]}\nkey: [c0]\ncolumns:\n", "  - c%(i)d: {title: 列%(i)d, type: text, value: forms.%(a)s.%(a)s%(i)d}\n"),
    ],
    "profile": [_many("register: objects\ncolumns: {}\nheaders:\n", "  %(a)s%(i)d: name%(i)d\n")],
    "csv": [_many("统一社会信用代码,企业名称,登记状态\n", "9199%(i)d,示例,存续%(i)d续存续存续存续\n")],
}  # fmt: skip
