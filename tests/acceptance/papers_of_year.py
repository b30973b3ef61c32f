"""What each paper of a case must say and where: the obligatory parts of its kind, with the values of the case itself.

The file of paper tests names each part with a text of its made-up case. Where that text is a value of the made-up case, the same
value of this case is expected; where the template says it, it is expected as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from engine.app.papers.facts import dated_on
from engine.app.ports.documents import DocumentRequest
from engine.app.ports.papers import PaperRecord
from engine.definition.library import Library
from engine.deployment.rendering import TemplateRenderer
from engine.documents.duties import Duties
from engine.documents.paper.html_reading import read_paper
from engine.documents.parts.made_up import made_up_context
from engine.documents.parts.paper_tests import PaperKind, PaperTests, Place
from engine.documents.parts.places import squeezed, texts_by_place
from engine.lifecycle.model.articles import with_title_marks

_NUMBER = re.compile(r"^(?P<series>.+)〔\d{4}〕\d+号$")
_TAG = re.compile(r"<[^>]*>|\{[{%#].*?[}%#]\}", re.DOTALL)
_MONTH = re.compile(r"^(\d+)月$")
#: What a paper says only where an answer was given: (kind, part or text) -> the answer.
ANSWERED = {
    ("year_summary", "内容"): ".shown.year_summary.practices",
    ("record", "谁在谁的设备上签"): ".signatures[].person",
    **{
        ("record", part): ".shown.onsite_check.object_opinion"
        for part in ("标志", "权利告知", "各事项结果", "核对", "已出示执法证件", "被检查单位", "份数")
    },
    ("record", "违反的规定：《劳动合同法》第十条"): ".checked[].article",
    ("record", "整改要求：补订书面劳动合同"): ".checked[].measure",
    ("record", "整改期限：2026年4月10日"): ".checked[].due_on",
    ("record", "责任人：示例人乙"): ".checked[].person",
    ("case_file", "签名记录"): ".signatures[].person",
    ("penalty_decision", "百分之三"): ".shown.case_decision.amount",
    ("penalty_decision", "十五日内"): ".shown.case_decision.amount",
    ("penalty_decision", "陈述申辩"): ".shown.defence.content",
    ("treatment_decision", "陈述申辩"): ".shown.defence.content",
    ("penalty_decision", "听证"): ".shown.hearing_record.defence",
}
#: Parts that a case may say by another value than the made-up one: the papers of another process, the day that was changed.
ALSO = {
    ("service_receipt", "送达文书"): (".papers[].title",),
    ("case_file", "目录"): (".papers[].title",),
    ("rectification_order", "违反的规定"): (".owed[]",),
    ("rectification_order", "依据"): (".order",),
    ("rectification_order", "后果"): (".otherwise",),
    ("notice", "时间地点方式"): (".shown.visit_moved.planned_on", ".shown.urgent_report.planned_on"),
    ("record", "问题和要求"): (".shown.uncooperative.refusals[]", ".shown.uncooperative.refusals"),
    ("record", "时间地点"): tuple(
        f".shown.{form}.finished_on" for form in ("unreachable", "gone", "no_activity", "uncooperative")
    ),
    ("result_publication", "检查机关和日期"): tuple(
        f".shown.{form}.finished_on" for form in ("unreachable", "gone", "no_activity", "uncooperative")
    ),
}
#: Papers that were made before inspectors were replaced name those of then.
BEFORE_A_CHANGE, CHANGED = {("approval", "检查人员")}, ".case.fields.change_asked_by"
#: Values of the made-up case that no case has: what templates are called, and the words every paper may print; who signed which
#: form by what way and whether it holds, which the parts called 签名 look at.
_NOT_OF_THE_CASE = ("texts", "duties", "qr", "office", "sections", "check_forms", "base_form", "signatures")


@dataclass(frozen=True, slots=True)
class Lacking:
    """A part that a paper lacks: which, where it should stand, and what was expected there."""

    paper: str
    kind: str
    part: str
    place: Place
    expected: str


class Asked(TemplateRenderer):
    """A renderer that keeps the values a template would be given."""

    values: Mapping[str, Any]

    def render(self, request: DocumentRequest) -> bytes:
        """Keep the values of the request."""
        self.values = dict(self._context(request).items())
        breached = [str(row["basis"]) for row in self.values["case"]["fields"].get("problem_list") or ()]
        duties: Duties = self.values["duties"]
        owed = [duties.owed(basis) for basis in breached]
        order, otherwise = duties.order(breached), duties.otherwise(breached)
        self.values = {**self.values, "owed": owed, "order": order, "otherwise": otherwise}
        return b""


def day_words(day: date) -> str:
    """Return a day as papers print it."""
    return f"{day.year}年{day.month}月{day.day}日"


def flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text of the values of a template with the names that lead to it; the rows of a list share theirs."""
    if isinstance(value, Mapping):
        for name, one in value.items():
            if path or name not in _NOT_OF_THE_CASE:
                yield from flat(one, f"{path}.{name}")
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from flat(one, f"{path}[]")
    elif isinstance(value, date):
        yield path, day_words(value)
    elif value is not None and not isinstance(value, bool):
        # Papers print laws in their marks, however the register or an officer has written them.
        yield path, with_title_marks(str(value)) if path.endswith((".basis", ".article")) else str(value)


#: A cell of a value; what is written in by hand says so.
_CELL = re.compile(r"<td(?P<attributes>[^>]*)>(?P<inside>.*?)</td>", re.DOTALL)
_ROW = re.compile(r"<tr[^>]*>(.*?)</tr>", re.DOTALL)


def blank_cells(html: str) -> Iterator[str]:
    """Yield the words of each row of a paper that leaves a value blank without saying that it is written in by hand."""
    for row in _ROW.findall(html):
        for cell in _CELL.finditer(row):
            by_hand = "hand" in re.findall(r"[\w-]+", cell["attributes"].replace("class", ""))
            if not by_hand and not squeezed(_TAG.sub("", cell["inside"])).strip("　"):
                yield " | ".join(filter(None, map(squeezed, _TAG.sub("\n", row).splitlines())))


@cache
def template_words(folder: Path, name: str) -> str:
    """Return the words of a template and of the pieces it is made of."""
    source = (folder / f"{name}.html").read_text("utf-8")
    pieces = re.findall(r"""(?:include|import|extends|from)\s+["']([^"']+)["']""", source)
    inside = "".join((folder / piece).read_text("utf-8") for piece in pieces if (folder / piece).is_file())
    texts = "".join(path.read_text("utf-8") for path in sorted(folder.glob("*.txt")))
    return squeezed(_TAG.sub("", source + inside) + texts)


def lacking_parts(
    kind: PaperKind,
    paper: PaperRecord,
    html: bytes,
    values: Mapping[str, Any],
    tests: PaperTests,
    library: Library,
    folder: Path,
    related: Sequence[str] = (),
) -> Iterator[Lacking]:
    """Yield each obligatory part the paper lacks. `values` are those of its case, `related` the numbers of related papers."""
    assert library.bureau is not None
    places = texts_by_place(read_paper(html.decode("utf-8")))
    made_up = list(
        flat(made_up_context(kind, library.workflow(kind.workflow), library.bureau, tests, (folder,)))
    )
    own: dict[str, list[str]] = {}
    for path, text in flat(values):
        own.setdefault(path, []).append(text)
    words = template_words(folder, kind.template)
    for text in tests.never:
        if any(squeezed(text) in said for said in places.values()):
            yield Lacking(paper.id, paper.kind, "never", Place.BODY, text)
    for place, said in places.items():
        if place not in (Place.FOOT, Place.CODE) and paper.id in said:
            yield Lacking(paper.id, paper.kind, "internal", place, paper.id)
    for part in kind.parts:
        for place, texts in part.texts:
            for text in texts:
                needed = [
                    ANSWERED[kind.template, name]
                    for name in (part.name, text)
                    if (kind.template, name) in ANSWERED
                ]
                if not all(any(own.get(path, ())) for path in needed):
                    continue
                if (kind.template, part.name) in BEFORE_A_CHANGE and own.get(CHANGED):
                    continue
                also = ALSO.get((kind.template, part.name), ())
                ways = [[one] for path in also for one in own.get(path, ())]
                ways += _expected(text, place, paper, made_up, own, words, tests, related)
                if ways and not any(
                    way and all(squeezed(one) in places[place] for one in way) for way in ways
                ):
                    yield Lacking(paper.id, paper.kind, part.name, place, f"{text}: {ways}")


def _expected(
    text: str,
    place: Place,
    paper: PaperRecord,
    made_up: Sequence[tuple[str, str]],
    own: Mapping[str, Sequence[str]],
    words: str,
    tests: PaperTests,
    related: Sequence[str],
) -> list[list[str]]:
    """Return the ways a text of the made-up case may be said of this case: all texts of one way must stand there.

    There is none for an answer that may be left out, and was.
    """
    if (number := _NUMBER.match(text)) is not None:
        if place is Place.NUMBER:
            return [[paper.number or ""]]
        named = [one for one in related if one.startswith(number["series"])] or list(related)
        return [[one] for one in named if one]
    if text == day_words(tests.day) and place is Place.SEAL:
        return [[day_words(dated_on(paper))]]
    if squeezed(text) in words:
        return [[text]]
    if month := _MONTH.match(text):
        return [[f"{one}月" for path in _paths(month[1], made_up) for one in own.get(path, ())]]
    paths = [path for path, value in made_up if squeezed(text) in squeezed(value)]
    label, colon, said = text.partition("：")
    if not paths and colon:
        # A value behind its label, once for each row that has one.
        paths = [path for path, value in made_up if value == said]
        ways = [[f"{label}：{value}" for value in own[path]] for path in paths if own.get(path)]
        return ways if paths else [[text]]
    # The answers of a list are printed one by one, and the names of a list of people too.
    ways = [[name for value in own[path] for name in value.split("、")] for path in paths if own.get(path)]
    return ways if paths else [[text]]


def _paths(text: str, made_up: Sequence[tuple[str, str]]) -> list[str]:
    return [path for path, value in made_up if value == text and path.endswith(".month")]
