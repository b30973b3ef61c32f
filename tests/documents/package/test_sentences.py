"""Each fault of a package is said in Chinese and in English, with the same values."""

from __future__ import annotations

import re

from engine.documents.package.sentences import SENTENCES


def test_both_languages_name_the_same_values() -> None:
    for code, (chinese, english) in SENTENCES.items():
        assert re.search(r"[\u4e00-\u9fff]", chinese), code
        assert not re.search(r"[\u4e00-\u9fff“”]", english), code
        assert set(re.findall(r"\{(\w+)\}", chinese)) == set(re.findall(r"\{(\w+)\}", english)), code
