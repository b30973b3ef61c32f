"""The file of an offline form: nothing is fetched, nothing of the case beside what conditions look at, no text runs."""

from __future__ import annotations

import json
import re

import pytest
from kit_factories import page

from engine.documents.offline.kit import _put


def test_nothing_is_fetched_and_no_text_ends_an_element() -> None:
    text = page("</script><script>alert(1)</script>").decode()
    assert "alert(1)</script>" not in text
    assert not re.findall(r'(?:src|href)="', text)
    assert "default-src 'none'" in text
    assert "http:" not in text
    assert "https:" not in text


def test_it_holds_what_conditions_look_at_and_nothing_beside() -> None:
    found: dict[str, object] = {}
    scope = {"case": {"a": 1, "secret": 2}, "forms": {"x": {"y": 3, "z": 4}}}
    for path in (("case", "a"), ("forms", "x", "y"), ("none", "b"), ("case", "a", "deeper")):
        _put(found, scope, path)
    assert found == {"case": {"a": 1}, "forms": {"x": {"y": 3}}}


def test_a_question_that_is_not_opened_stands_there_with_its_answer() -> None:
    text = page(held={"staff": 12, "way": "onsite"}, hidden=frozenset({"way"})).decode()
    found = re.search(r'id="data">(.*?)</script>', text, re.DOTALL)
    assert found is not None
    fields = {one["name"]: one for one in json.loads(found[1])["steps"][0]["form"]["fields"]}
    assert fields["staff"]["computed"] == ["value", {"#": "12"}]
    assert (fields["staff"]["quiet"], fields["way"]["quiet"]) == (False, True)


@pytest.mark.parametrize("title", ["{DATA}", "{PROGRAM}", "{STYLE} {TITLE}", "{LANGUAGE}"])
def test_a_name_that_looks_like_a_place_of_the_page_is_a_name(title: str) -> None:
    made = page(title).decode()
    assert f"<title>{title} " in made
    assert made.count("<script") == page("x").decode().count("<script")
    assert json.loads(made.split('id="data">')[1].split("</script>")[0])["case"]["title"] == title
