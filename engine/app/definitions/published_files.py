"""Files that act beside the definitions, as they were published: templates of papers and what is beside them, the kinds of public pages.

What is edited in the folder acts on nothing before it is published. All cases print from the newest published ones: publishing is
refused where a version with running cases could not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from engine.app.definitions.derived_settings import PUBLISHED_FILES
from engine.app.definitions.single_handed import FILES, STREAM
from engine.app.history.journal import add_entry
from engine.app.ports.documents import PublishedTexts
from engine.kernel.refusal import RefusalReason
from engine.language import say
from engine.lifecycle.chain import canonical

if TYPE_CHECKING:
    from datetime import datetime

    from engine.app.ports.store import Transaction


def digests_published(transaction: Transaction) -> Mapping[str, str] | None:
    """Return path -> SHA-256 of the published files; None where none were ever published."""
    found: Mapping[str, str] | None = transaction.settings.get(PUBLISHED_FILES)
    return found


def why_not_published(transaction: Transaction, folder: str, sha256: str) -> RefusalReason | None:
    """Return why a file of this digest does not act: it is none of a folder that were published; None where it is.

    What comes with the product has no digest and acts. Where no file beside the definitions was ever published, all do.
    """
    published = digests_published(transaction)
    if not sha256 or published is None:
        return None
    if any(digest == sha256 and path.startswith(f"{folder}/") for path, digest in published.items()):
        return None
    message = say(
        "所用的文件（SHA-256 {digest}）没有发布，或者发布以后改过：它怎样读、怎样写，不能由一人决定",
        digest=sha256[:12],
    )
    hint = say("把它放进部署目录的 {folder}/，发布定义（须两人），再办", folder=folder)
    return RefusalReason("unpublished", message, hint=hint)


def changed_files(
    transaction: Transaction, files: Mapping[str, str], *, whole: bool = True
) -> dict[str, str | None]:
    """Return path -> SHA-256 of the files that differ from what is published; None for one that is taken away.

    Where nothing is said of files nothing differs. With `whole` what is not among `files` is taken away.
    """
    if not files:
        return {}
    before = digests_published(transaction) or {}
    now = {path: hashlib.sha256(text.encode()).hexdigest() for path, text in files.items()}
    changed: dict[str, str | None] = {
        path: digest for path, digest in now.items() if before.get(path) != digest
    }
    if whole:
        changed.update((path, None) for path in before if path not in now)
    return dict(sorted(changed.items()))


def add_files(
    transaction: Transaction,
    files: Mapping[str, str],
    changed: Mapping[str, str | None],
    now: datetime,
    by: str,
) -> None:
    """Publish files: what `changed_files` found is from now on what acts, and is entered in the history of definitions."""
    transaction.definitions.put_texts(
        {digest: files[path].encode() for path, digest in changed.items() if digest is not None}
    )
    after = {**(digests_published(transaction) or {}), **changed}
    kept = {path: digest for path, digest in sorted(after.items()) if digest is not None}
    transaction.settings.put(PUBLISHED_FILES, kept)
    add_entry(transaction, now, FILES, by, {"files": dict(changed)}, stream=STREAM)


def read_published(transaction: Transaction, known: PublishedTexts | None) -> PublishedTexts | None:
    """Return the published files; `known` where they are those. None where none were ever published."""
    digests = digests_published(transaction)
    if digests is None:
        return None
    if known is not None and known.digests == digests:
        return known
    digest = hashlib.sha256(canonical(digests).encode()).hexdigest()
    texts = {path: transaction.definitions.text(one) for path, one in digests.items()}
    known_texts = {path: text.decode() for path, text in texts.items() if text is not None}
    return PublishedTexts(digest, known_texts, digests)
