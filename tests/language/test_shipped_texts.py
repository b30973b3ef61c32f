"""Every text of the shipped definitions has an English one, and is shown in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path

from engine.definition.library import Library, load_paths
from engine.definition.resources import forms_dir, workflows_dir
from engine.language import DefinedText, defined, in_language, say, translate
from engine.language.catalogue import ROOT, SHIPPED_PO, read
from engine.language.gathering import is_chinese
from engine.language.shipped_texts import gather_shipped

_PLACE = re.compile(r"\{\{.*?\}\}")
#: Fields of definitions nobody is shown in English: the parts of an expression, how numbers of papers are formed; and what
#: verbs are called, which are words of the program.
_NOT_SHOWN = (".arguments", ".expression.source", ".pattern", ".verbs[", ".that.")


@cache
def shipped() -> Library:
    paths = [path for folder in (workflows_dir(), forms_dir()) for path in sorted(folder.glob("*.yaml"))]
    return load_paths(paths).library


def texts_of(value: object, at: str = "", english: bool = False) -> Iterator[tuple[str, str]]:
    """Yield every text a definition holds whose English does not stand beside it, with the fields that lead to it."""
    if isinstance(value, str):
        if not english:
            yield at, value
    elif is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            beside = getattr(value, f"{one.name}_en", None) is not None
            yield from texts_of(getattr(value, one.name, None), f"{at}.{one.name}", beside)
    elif isinstance(value, Mapping):
        for key, one in value.items():
            yield from texts_of(one, f"{at}[{key}]")
    elif isinstance(value, (list, tuple, set, frozenset)):
        for one in value:
            yield from texts_of(one, at)


def test_every_chinese_text_a_definition_holds_has_an_english_one() -> None:
    library, english = shipped(), read(SHIPPED_PO)
    found = [
        (at, text)
        for held in (library.workflows, library.forms, library.bureau, library.site)
        for at, text in texts_of(held)
        if is_chinese(text) and not any(part in at for part in _NOT_SHOWN)
    ]
    assert len(found) > 2500
    assert [at for at, text in found if not isinstance(text, DefinedText)] == []
    assert [(at, text) for at, text in found if text not in english] == []


def test_a_translation_names_the_same_values_as_its_text() -> None:
    for text, english in read(SHIPPED_PO).items():
        assert sorted(_PLACE.findall(text)) == sorted(_PLACE.findall(english)), text


def test_one_english_text_stands_for_two_states_of_a_process_nowhere() -> None:
    """Two states, two steps or two answers of one list can be told apart in English too."""
    english, library = read(SHIPPED_PO), shipped()
    for process in library.workflows.values():
        states = [english.get(state.title, state.title) for state in process.states.values()]
        assert len(states) == len(set(states)), process.id
    for form in library.forms.values():
        for field in form.fields:
            shown_as = [english.get(text, text) for text in (field.choices or {}).values()]
            assert len(shown_as) == len(set(shown_as)), (form.id, field.name)


def test_a_text_of_a_definition_is_shown_in_the_language_of_the_reader() -> None:
    title = shipped().workflows["inspection"].title
    assert (translate(title), str(say("“{title}”", title=title))) == ("抽查检查", "“抽查检查”")
    with in_language("en"):
        assert (translate(title), defined("抽查检查")) == ("Inspection", "Inspection")
        assert translate("抽查检查") == "抽查检查", "what somebody has typed stays as it was typed"
        assert translate(DefinedText("本局自己的流程")) == "本局自己的流程", (
            "a bureau's own text has no English"
        )


def test_a_text_whose_english_stands_beside_it_is_not_gathered(tmp_path: Path) -> None:
    (tmp_path / "workflows").mkdir()
    (tmp_path / "forms").mkdir()
    (tmp_path / "workflows/a.yaml").write_text(
        "title: 甲\ntitle_en: A\nstates: {one: {title: 乙, pattern: 丙, help: plain}}\nchoices: [丁]\n",
        "utf-8",
    )
    assert gather_shipped(tmp_path) == {"乙": {"workflows/a.yaml"}, "丁": {"workflows/a.yaml"}}
    assert gather_shipped(ROOT).keys() == read(SHIPPED_PO).keys()
