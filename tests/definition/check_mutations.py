"""Mutations drawn from the classes, and what the check says of them.

Run as a program it prints what the check does not see: ``python tests/definition/check_mutations.py [HOW_MANY]``.
"""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import zip_longest

from faults_put_in import templates, texts
from mutations import Mutation
from mutations_of_conditions import CLASSES as OF_CONDITIONS
from mutations_of_ways import CLASSES as OF_WAYS
from mutations_of_words import CLASSES as OF_WORDS

from engine.definition.library import load_files
from engine.yamltext.problem import Problem

CLASSES = (*OF_WORDS, *OF_CONDITIONS, *OF_WAYS)
#: What is drawn from each class, always in one order.
SEED = 20261129


@cache
def made() -> dict[str, list[Mutation]]:
    """Return all mutations by the words of their class, in the order they are drawn in."""
    return {
        str(make.__doc__): sorted(make(), key=lambda one: hashlib.sha256(f"{SEED}{one}".encode()).digest())
        for make in CLASSES
    }


def drawn(count: int) -> Iterator[tuple[str, Mutation]]:
    """Yield so many mutations, of each class in turn; what is no fault is left out."""
    every = [[(kind, one) for one in mutations if not one.equivalent] for kind, mutations in made().items()]
    in_turn = (one for round_ in zip_longest(*every) for one in round_ if one is not None)
    for _, one in zip(range(count), in_turn, strict=False):
        yield one


def said_of(mutation: Mutation) -> tuple[Problem, ...]:
    """Return what the check says of the files with the mutation."""
    return load_files({**texts(), mutation.file: mutation.text}, templates=templates()).problems


def main(count: int) -> None:
    """Print what is not found, and the figures by class."""
    put: Counter[str] = Counter()
    found: Counter[str] = Counter()
    on_line: Counter[str] = Counter()
    for kind, mutation in drawn(count):
        problems = said_of(mutation)
        put[kind] += 1
        found[kind] += bool(problems)
        on_line[kind] += any(p.file == mutation.file and p.line == mutation.line for p in problems)
        if not problems:
            sys.stdout.write(f"missed: {kind}: {mutation}\n")
            sys.stdout.flush()
    for kind, number in put.items():
        sys.stdout.write(f"| {kind} | {number} | {found[kind]} | {on_line[kind]} |\n")
    sys.stdout.write(f"| **all** | {put.total()} | {found.total()} | {on_line.total()} |\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 150)
