"""Whether a paper says what its kind must say, where it must, and nothing it may not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.documents.paper.blocks import Paper
from engine.documents.parts.paper_tests import PaperKind, Place
from engine.documents.parts.places import squeezed, texts_by_place
from engine.language import Message, say


def missing_parts(
    kind: PaperKind, paper: Paper, never: Sequence[str], internal: str
) -> Iterator[tuple[int, Message]]:
    """Yield (line of the test, what is wrong) for each obligatory part that a paper lacks, and what it may not say.

    `internal` is the number of the bureau's own records, which is printed in the foot or beside the QR code and nowhere else.
    """
    places = texts_by_place(paper)
    for part in kind.parts:
        for place, texts in part.texts:
            for text in texts:
                if squeezed(text) not in places[place]:
                    yield (
                        part.line,
                        say(
                            "文书“{paper}”缺少“{part}”：{place}里应有“{text}”{basis}",
                            paper=kind.template,
                            part=part.name,
                            place=place.words,
                            text=text,
                            basis=f"（{part.basis}）" if part.basis else "",
                        ),
                    )
    whole = "\n".join(places.values())
    for text in never:
        if squeezed(text) in whole:
            yield (
                kind.line,
                say("文书“{paper}”不能写“{text}”：这是写给本局的话", paper=kind.template, text=text),
            )
    for place, text in places.items():
        if place not in (Place.FOOT, Place.CODE) and internal in text:
            yield (
                kind.line,
                say(
                    "文书“{paper}”的{place}里有内部编号“{internal}”；内部编号只写在页脚",
                    paper=kind.template,
                    place=place.words,
                    internal=internal,
                ),
            )
