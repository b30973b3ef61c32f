"""Reads the value of one key by its kind."""

from __future__ import annotations

from typing import Any

from engine.definition.reader.audience import AudienceReader
from engine.definition.reader.diagnostics import Book
from engine.definition.reader.periods import read_period
from engine.lifecycle.model.key import DefinitionKey, KeyKind
from engine.yamltext.nodes import Node


def read_key(book: Book, audience: AudienceReader, key: DefinitionKey, node: Node | None) -> Any:
    """Return what stands under a key that names no states or clocks; notes what is wrong with it."""
    match key.kind:
        case KeyKind.PERIOD:
            return read_period(book, node, least=key.least)
        case KeyKind.INTEGER:
            return book.read_integer(node)
        case KeyKind.FLAG:
            return book.read_flag(node)
        case KeyKind.AUDIENCE:
            return audience.read(node)
        case KeyKind.ROLES:
            return audience.read_roles(node)
        case KeyKind.ROLE:
            return next(iter(audience.read_roles(node)), None)
    raise ValueError(key.kind)
