"""The effect words: what each takes."""

from __future__ import annotations

import pytest

from engine.lifecycle.effects import EFFECTS, REGISTERS, Argument, EffectKind


def test_the_arguments_that_must_be_there() -> None:
    required = {
        (word, name) for word, (_, others) in EFFECTS.items() for name, one in others.items() if one.required
    }
    assert required == {
        ("notify", "message"),
        ("commit", "ratios"),
        ("enter", "entropy"),
        ("commit", "inspectors"),
        ("replace", "person"),
        ("remove", "rows"),
        ("end", "to"),
        ("end", "because"),
        ("paper", "becomes"),
    }


@pytest.mark.parametrize(
    ("word", "kind", "words"),
    [
        ("set", EffectKind.VALUES, ()),
        ("notify", EffectKind.AUDIENCE, ()),
        ("start", EffectKind.WORKFLOW, ()),
        ("freeze", EffectKind.WORDS, REGISTERS),
        ("draw", EffectKind.WORD, ("objects", "inspectors")),
        ("archive", EffectKind.WORD, ("case",)),
    ],
)
def test_what_is_written_at_the_word_itself(word: str, kind: EffectKind, words: tuple[str, ...]) -> None:
    assert EFFECTS[word][0] == Argument(kind, words)


def test_words_are_listed_only_where_words_are_written() -> None:
    for own, others in EFFECTS.values():
        for argument in (own, *others.values()):
            assert not argument.words or argument.kind in (EffectKind.WORD, EffectKind.WORDS)
