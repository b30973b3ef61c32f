"""``papers`` of a bureau file: the series by which papers are numbered."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.definition.reader.diagnostics import Diagnostics, MappingReader
from engine.language import say
from engine.lifecycle.model.paper_series import OFFICE, PLACES, PaperPolicy, PaperSeries
from engine.yamltext.nodes import Node
from engine.yamltext.problem import Severity

#: So many series and sections with the same fixed text are held against each other; the rest is refused when a number is given.
MOST_COMPARED = 200
_PLACE = re.compile(r"\{([^{}]*)\}")


def read_paper_policy(
    diagnostics: Diagnostics, node: Node | None, sections: Mapping[str, str]
) -> PaperPolicy:
    """Read the series; where nothing is written, no paper has a number."""
    part = diagnostics.open(node, "paper policy") if node is not None else None
    if part is None:
        return PaperPolicy()
    words = diagnostics.texts(part.value("sections"))
    _known(diagnostics, part.value("sections"), words, sections)
    series: dict[str, PaperSeries] = {}
    numbered: dict[str, str] = {}
    for name, _, value in diagnostics.entries(part.value("series")):
        inner = diagnostics.open(value, "paper series")
        found = _series(diagnostics, name, inner) if inner is not None else None
        if found is None or inner is None:
            continue
        if found.by_section and (lacking := [title for one, title in sections.items() if one not in words]):
            diagnostics.report(
                "wrong-shape",
                inner.value("pattern") or value,
                say("文号写了 {place}，还缺这些股室的代字：{sections}", place="{section}", sections=lacking),
                say("在 papers 的 sections 里逐个写明"),
            )
        for paper in found.papers:
            if paper in numbered:
                message = say("文书“{paper}”已由序列“{series}”编号", paper=paper, series=numbered[paper])
                diagnostics.report("wrong-shape", inner.value("papers") or value, message)
            numbered.setdefault(paper, name)
        series[name] = found
    office = _office(diagnostics, part.value("office"))
    policy = PaperPolicy(diagnostics.read_text(part.value("agency")) or "", words, series, office)
    _each_its_own(diagnostics, policy, part, sections)
    return policy


def _each_its_own(
    diagnostics: Diagnostics, policy: PaperPolicy, part: MappingReader, sections: Mapping[str, str]
) -> None:
    """Report series and sections two papers of which would get the same number."""
    places = {name: value for name, _, value in diagnostics.entries(part.value("series"))}
    found: dict[tuple[str, ...], list[tuple[PaperSeries, str | None]]] = {}
    said: set[int] = set()
    for series, section in policy.numbered():
        found.setdefault(policy.fixed(series, section), []).append((series, section))
    for same in found.values():
        for number, (series, section) in enumerate(same[:MOST_COMPARED]):
            earlier = next((one for one in same[:number] if policy.reads_like((series, section), one)), None)
            place = places.get(series.id)
            if earlier is not None and earlier[0].id == series.id:
                place = part.value("sections")
            if earlier is None or place is None or id(place) in said:
                continue
            said.add(id(place))
            titles = [
                say("{series}（{section}）", series=one.title, section=sections.get(of, of))
                if of
                else one.title
                for one, of in ((series, section), earlier)
            ]
            message = say("“{series}”与“{other}”会给出同一个文号", series=titles[0], other=titles[1])
            hint = say("两件文书不能同号：给股室不同的代字，或给序列不同的字样")
            diagnostics.report("wrong-shape", place, message, hint)


def check_papers(diagnostics: Diagnostics, node: Node | None, templates: Mapping[str, str]) -> None:
    """Report papers of a series that have no template: the paper that was meant has no number."""
    part = diagnostics.open(node, "paper policy") if node is not None else None
    for _, _, value in diagnostics.entries(part.value("series") if part is not None else None):
        inner = diagnostics.open(value, "paper series")
        for paper, place in diagnostics.read_names(inner.value("papers")) if inner is not None else ():
            if paper not in templates:
                message = say("没有文书模板“{name}”", name=paper)
                diagnostics.unknown("unknown-template", place, message, paper, templates, Severity.WARNING)


def _known(
    diagnostics: Diagnostics, node: Node | None, words: Mapping[str, str], sections: Mapping[str, str]
) -> None:
    for name in words:
        if name not in sections and node is not None:
            message = say("没有股室“{name}”", name=name)
            diagnostics.unknown("unknown-name", node, message, name, sorted(sections))


def _office(diagnostics: Diagnostics, node: Node | None) -> Mapping[str, str]:
    found = diagnostics.texts(node)
    for name in found:
        if name not in OFFICE and node is not None:
            message = say("文书里没有“{name}”这一项机关信息", name=name)
            diagnostics.unknown("unknown-name", node, message, name, OFFICE)
    return found


def _series(diagnostics: Diagnostics, name: str, part: MappingReader) -> PaperSeries | None:
    title, pattern = diagnostics.read_text(part.value("title")), diagnostics.read_text(part.value("pattern"))
    papers = tuple(dict.fromkeys(paper for paper, _ in diagnostics.read_names(part.value("papers"))))
    place = part.value("pattern")
    if pattern is None or place is None:
        return None
    written = _PLACE.findall(pattern)
    hint = say("写法如 {example}", example="{agency}检通〔{year}〕{n}号")
    if strange := [one for one in written if one not in PLACES]:
        message = say(
            "文号里没有 {strange} 这一项；可用：{known}",
            strange=[f"{{{one}}}" for one in strange],
            known=[f"{{{one}}}" for one in PLACES],
        )
        diagnostics.report("wrong-shape", place, message, hint)
        return None
    if written.count("n") != 1 or written.count("year") != 1:
        diagnostics.report("wrong-shape", place, say("文号须写一次年份和一次序号"), hint)
        return None
    return PaperSeries(name, title or name, pattern, papers)
