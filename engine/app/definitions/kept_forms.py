"""Definitions that were read, kept in the database beside their texts: whoever starts anew need not read them again.

What is kept is found by the digests of the texts and of the program that read them; where either is another, the texts are read.
It is in the database itself and is stated as the rest is; the audit of everything reads the texts again and compares.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.app.ports.records import LANGUAGE_PART, Version
from engine.app.ports.store import Transaction
from engine.definition.compiled.form import NotPlainError, made, plain
from engine.definition.compiled.program import program
from engine.lifecycle.model.bureau import Bureau
from engine.lifecycle.model.workflow import Workflow

#: Settings with definitions that were read are called so; the workflow and the number of its version follow.
READ = "definitions/read"
#: Of a kept definition: what it was read from and by, and what came of it.
SOURCE, FORM = "source", "form"


def find(transaction: Transaction, row: Version) -> tuple[Workflow, Bureau] | None:
    """Return what came of reading a version before; None where nothing is kept that holds for it."""
    kept = transaction.settings.get(_name(row))
    if not isinstance(kept, Mapping) or kept.get(SOURCE) != _source(row):
        return None
    try:
        workflow, bureau = made(kept[FORM])
    except (KeyError, TypeError, ValueError, IndexError):
        return None
    return (workflow, bureau) if isinstance(workflow, Workflow) and isinstance(bureau, Bureau) else None


def keep(transaction: Transaction, row: Version, workflow: Workflow, bureau: Bureau) -> bool:
    """Keep what came of reading a version; tell whether that is written now."""
    source = _source(row)
    kept = transaction.settings.get(_name(row))
    if not source or (isinstance(kept, Mapping) and kept.get(SOURCE) == source):
        return False
    try:
        form: Any = plain((workflow, bureau))
    except NotPlainError:
        return False
    transaction.settings.put(_name(row), {SOURCE: source, FORM: form})
    return True


def read_texts(transaction: Transaction, row: Version) -> tuple[Workflow, Bureau]:
    """Read a version from its texts. Raises KeyError where one of them is missing."""
    from engine.definition.library import load_version

    files = {}
    for name, digest in row.parts.items():
        text = transaction.definitions.text(digest)
        if text is None:
            raise KeyError(f"{row.workflow} {row.number}: {name}")
        files[name] = text
    # Versions from before there was a number are of the first language.
    language = int(files.pop(LANGUAGE_PART, "1"))
    loaded = load_version(tuple(files.items()), language)
    workflow = loaded.workflows[row.workflow]
    if loaded.bureau is None:
        raise KeyError(f"{row.workflow} {row.number}: bureau")
    if any(t.item_forms for t in workflow.transitions):
        workflow = replace(workflow, forms={**loaded.forms, **workflow.forms})
    return workflow, loaded.bureau


def is_as_read(transaction: Transaction, row: Version) -> bool:
    """Tell whether what is kept of a version, if it would be used, is what its texts say. Raises as `read_texts` does."""
    kept = transaction.settings.get(_name(row))
    if not isinstance(kept, Mapping) or kept.get(SOURCE) != _source(row):
        return True
    try:
        return bool(kept.get(FORM) == plain(read_texts(transaction, row)))
    except NotPlainError:
        return False


def _name(row: Version) -> str:
    return f"{READ}/{row.workflow}/{row.number}"


def _source(row: Version) -> str:
    """Return the digest of what a version is read from and by; "" where the program cannot tell what it is."""
    by = program()
    if not by:
        return ""
    parts = "\n".join(f"{name} {digest}" for name, digest in sorted(row.parts.items()))
    return hashlib.sha256(f"{by}\n{parts}".encode()).hexdigest()
