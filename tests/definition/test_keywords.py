"""The two languages of the keywords agree, and the reference names them all."""

from __future__ import annotations

from pathlib import Path

from engine.definition import keywords
from engine.definition.grammar import SHAPES
from engine.kernel.did_you_mean import did_you_mean, nearest
from engine.lifecycle.effects import EFFECTS

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "language.md"
VALUES = (keywords.TYPES, keywords.ABOUT, keywords.ROLLS, keywords.SCOPES, keywords.WORDS)


def test_every_key_of_the_language_has_both_spellings():
    used = {key for keys in SHAPES.values() for key in keys}
    used |= set(EFFECTS) | {name for _, others in EFFECTS.values() for name in others} | {"when"}
    assert used == set(keywords.KEYS)


def test_a_chinese_word_means_one_key():
    words = [word for spellings in keywords.KEYS.values() for word in spellings]
    assert len(words) == len(set(words))
    assert all(keywords.canonical(word) == key for key, all_ in keywords.KEYS.items() for word in all_)


def test_the_reference_names_every_word():
    text = REFERENCE.read_text(encoding="utf-8").replace("\n", " ")
    for key, spellings in keywords.KEYS.items():
        assert f"{key} {spellings[0]}" in text, key
    for table in VALUES[1:]:
        for english, chinese in table.items():
            assert chinese in text, (english, chinese)
    for chinese in keywords.AT_ONCE.values():
        assert chinese in text


def test_suggestions_forgive_letters_in_both_languages():
    assert nearest("titel", ["title", "help"]) == "title"
    assert nearest("TITLE", ["title", "help"]) == "title"
    assert nearest("检察对象", ["检查对象", "检查人员"]) == "检查对象"
    assert nearest("名稱", ["名称", "说明"]) == "名称"
    assert nearest("inspecter", ["inspector", "inspection"]) == "inspector"
    assert nearest("zebra", ["title", "help"]) is None
    assert nearest("甲", ["乙"]) is None
    assert "title" in str(did_you_mean("zebra", ["title", "help"]))
    assert did_you_mean("zebra", [f"name{n}" for n in range(50)]) is None
