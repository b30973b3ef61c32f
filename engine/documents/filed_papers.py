"""The papers of a case as a template lists them: on the receipt of service, and in the index of the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.app.ports.papers import PaperRecord, PaperState


def filed_papers(papers: Iterable[PaperRecord], titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the papers that are not void, in their order: kind, title, 文号 (empty: none), date, when it was made, and day of service.

    The date is that under the seal: the day of its number, else of its draft. Papers of one step were made at one instant. `titles` says what each kind is called.
    """
    return [
        {
            "kind": paper.kind,
            "title": titles.get(paper.kind, paper.kind),
            "number": paper.number or "",
            "dated": (paper.fact(PaperState.NUMBERED) or paper.facts[0]).on,
            "made_at": paper.facts[0].at,
            "served_on": served.on if (served := paper.fact(PaperState.SERVED)) else None,
        }
        for paper in papers
        if paper.state is not PaperState.VOID
    ]


def void_papers(papers: Iterable[PaperRecord], titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the papers that were served and are void: kind, title, 文号, day of service, the day they were made void and why, 文号 of the one in their place (empty: none yet)."""
    every = list(papers)
    found = []
    for paper in every:
        served = paper.fact(PaperState.SERVED)
        if paper.state is not PaperState.VOID or served is None:
            continue
        void = paper.facts[-1]
        new = [one for one in every if one.kind == paper.kind and one.state is not PaperState.VOID]
        found.append(
            {
                "kind": paper.kind,
                "title": titles.get(paper.kind, paper.kind),
                "number": paper.number or "",
                "served_on": served.on,
                "void_on": void.on,
                "reason": void.note or "",
                "instead": (new[-1].number or "") if new else "",
            }
        )
    return found
