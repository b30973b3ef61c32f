"""What a package holds of papers, publications and kept files, held against its history. A part of `verify.py` (see `bag`).

It needs the standard library alone, Python 3.9 or later. What cases are held against before they are packed is in
`engine.app.history.case_records`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from engine.documents.package.recomputed import Problem, canonical

# ==== what follows goes into verify.py ====


def papers_unlike(
    events: Iterable[dict[str, Any]],
    digests: dict[str, str],
    rows: list[dict[str, Any]],
    published: dict[str, dict[str, Any]],
) -> list[Problem]:
    """Name the papers and publications that are not in a package, or are other than its history says.

    `digests` are those of its files below ``data/documents``, by their names there; `rows` are its papers, `published` its
    publications by id.
    """
    history = RecordsOfHistory()
    for event in events:
        history.take(event["body"])
    found = list(history.documents_unlike(digests)) + list(history.papers_unlike(rows))
    for name, digest in sorted(history.publications.items()):
        if name not in published:
            found.append(("no-publication", {"name": name}))
        elif digest and digest != publication_digest(published[name]):
            found.append(("publication", {"name": name}))
    return found


class RecordsOfHistory:
    """What a history says of the documents, papers and publications of its case."""

    def __init__(self) -> None:
        self.documents: dict[str, str] = {}
        self.publications: dict[str, str] = {}
        #: Paper -> its number; paper -> state -> day.
        self.numbers: dict[str, str] = {}
        self.days: dict[str, dict[str, str]] = {}

    def take(self, body: dict[str, Any]) -> None:
        """Take the body of the next event."""
        effects = body.get("effects") or {}
        for kind in effects.get("rendered", ()):
            for paper, days in self.days.items():
                # One that was not served is made again: what had happened to the text before does not count for it.
                if paper.split("/")[-2:-1] == [kind] and "served" not in days:
                    days.clear()
        self.numbers.update(effects.get("numbers") or {})
        for paper, what in (effects.get("papers") or {}).items():
            self.days.setdefault(paper, {})[what["state"]] = what["on"]
        if body.get("paper") and body.get("number"):
            self.numbers[body["paper"]] = body["number"]
        if body.get("paper") and body.get("becomes"):
            self.days.setdefault(body["paper"], {})[body["becomes"]] = body["on"]
        receipt = body.get("firm") or {}
        if receipt.get("document") and receipt.get("sha256"):
            self.documents[receipt["document"]] = receipt["sha256"]
        filed = effects.get("archive") or {}
        self.documents.update(filed.get("documents") or {})
        listed = filed.get("publications") or {}
        self.publications.update(listed if isinstance(listed, dict) else dict.fromkeys(listed, ""))

    def documents_unlike(self, digests: dict[str, str]) -> Iterator[Problem]:
        """Name the documents whose bytes are not in the package."""
        for name, digest in sorted(self.documents.items()):
            if digest not in digests.values():
                number = name.rpartition("/")[2].zfill(2)
                there = sorted(one for one in digests if one.split("-")[1:2] == [number])
                yield ("paper" if there else "no-paper", {"name": " ".join([name, *there])})

    def papers_unlike(self, rows: list[dict[str, Any]]) -> Iterator[Problem]:
        """Name the papers that are not there, or have another number or other days."""
        held = {row["id"]: row for row in rows}
        for name in sorted({*self.numbers, *self.days}):
            row = held.get(name)
            if row is None:
                yield "no-paper", {"name": name}
                continue
            number = self.numbers.get(name, row["number"])
            if row["number"] != number:
                yield "paper-said", {"name": name, "said": number, "seen": row["number"]}
            seen = {fact["state"]: fact["on"] for fact in row["facts"]}
            for state, day in self.days.get(name, {}).items():
                if seen.get(state) != day:
                    other = f"{state} {seen.get(state, '-')}"
                    yield "paper-said", {"name": name, "said": f"{state} {day}", "seen": other}


def files_unlike(
    events: Iterable[dict[str, Any]], kept: dict[str, str], known: Iterable[str]
) -> list[Problem]:
    """Name the kept files of a case that are not in its package, or are other than its history says.

    `kept` are the digests of the files below ``data/evidence``, by their names there, which begin with the digest of what
    was kept; of those `known` it was said already. What was destroyed when its time was over is missed by nobody.
    """
    entered: dict[str, str] = {}
    for event in events:
        body = event["body"]
        if event["kind"] == "recorded" and body.get("file") and body.get("sha256"):
            entered[body["file"]] = body["sha256"]
        for name in body.get("destroyed") or ():
            entered.pop(name, None)
    there, said = set(kept.values()), {name.partition(".")[0] for name in known}
    names = {name.partition(".")[0] for name in kept}
    return [
        ("file" if digest in names else "no-file", {"name": name})
        for name, digest in sorted(entered.items())
        if digest not in there and digest not in said
    ]


def publication_digest(said: dict[str, Any]) -> str:
    """Return the digest of a publication as it was published."""
    names = ("kind", "case", "title", "body", "published_at", "due_on", "late")
    return hashlib.sha256(canonical([said[name] for name in names])[:-1]).hexdigest()


def without_pdf(names: Iterable[str]) -> list[str]:
    """Return the documents of a package that have no PDF beside them, by their names in its folder of documents."""
    there = [name.split("data/documents/")[1] for name in names if "data/documents/" in name]
    return sorted(name for name in there if name.endswith(".html") and name[:-5] + ".pdf" not in there)
