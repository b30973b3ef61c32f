"""What was typed into a form of a page: names and texts, and files of which the digest is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TypedFile:
    """A file that was chosen: its name, the SHA-256 of its content, and the content as long as the request is answered."""

    name: str
    sha256: str
    content: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Typed:
    """All names of a form, each with what was typed under it, in order."""

    texts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    files: Mapping[str, Sequence[TypedFile]] = field(default_factory=dict)

    def one(self, name: str) -> str:
        """Return what was typed under `name`; "" where nothing was."""
        found = self.texts.get(name)
        return found[-1] if found else ""

    def all(self, name: str) -> list[str]:
        """Return everything typed under `name`, blank lines left out."""
        return [text for text in self.texts.get(name, ()) if text.strip()]

    def pairs(self, prefix: str) -> Iterator[tuple[str, str]]:
        """Yield name and text of every name that begins with `prefix`, files as their names and digests."""
        for name, texts in self.texts.items():
            if name.startswith(prefix):
                yield from ((name, text) for text in texts)
        for name, files in self.files.items():
            if name.startswith(prefix):
                for one in files:
                    yield f"{name}.name", one.name
                    yield f"{name}.sha256", one.sha256
