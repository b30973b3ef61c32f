"""Every kind of page in English: no title, help, refusal or word of the shipped definitions is left in Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import httpx
import pytest
from served_workbench import ServedWorkbench, fill, serving
from walked_pages import address_in, walked

from engine.language.catalogue import SHIPPED_PO, read
from tests.hung_run import HUNG
from tests.made_once import made_once

KINDS = {kind.name: kind for kind in walked()}
#: Texts whose English is another; single signs (家, 份) stand in many words.
SHIPPED = {text for text, english in read(SHIPPED_PO).items() if english != text and len(text) > 1}
#: Of what is in the middle of other words only what is this long is taken for a text of a definition.
LONG = 5
#: What people have typed or named, and the numbers of papers: people and firms, the batch and its training, the source of a
#: lottery result. It stays as it was typed.
TYPED = ("示例", "劳动用工抽查", "开奖公告", "〔")
#: What is published is in the language of the bureau, the text of a definition is the file, and a story has the name its file gives it.
IN_CHINESE = {"case-public", "definition-text", "trial"}


class _Texts(HTMLParser):
    """Collects what a page says: its texts, and the attributes that are read out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data.strip())

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said = ("data-title", "aria-label", "placeholder", "title", "alt")
        self.found += [value.strip() for name, value in attributes if name in said and value]


def texts_of(page: str) -> list[str]:
    """Return every text of a page."""
    parser = _Texts()
    parser.feed(page)
    return parser.found


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedWorkbench]:
    folder = made_once(tmp_path_factory, "served", fill)
    with pytest.MonkeyPatch.context() as patched, serving(folder, patched) as found:
        yield found


@pytest.fixture(scope="module")
def leading(served: ServedWorkbench) -> Iterator[httpx.Client]:
    """Return a reader of English, signed in as the leading group's office."""
    with httpx.Client(follow_redirects=True, timeout=HUNG) as client:
        asked = client.get(served.link)
        fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', asked.text))
        answer = client.post(served.link, data={**fields, "person": "leading"})
        assert answer.status_code == 200, answer.text
        client.get(f"{served.address}/?language=en")
        yield client


def left_in_chinese(page: str) -> list[str]:
    """Return texts of a page that are, or hold, a text of the shipped definitions in Chinese."""
    return [
        text
        for text in texts_of(page)
        if not any(one in text for one in TYPED)
        and (text in SHIPPED or any(len(one) >= LONG and one in text for one in SHIPPED))
    ]


@pytest.mark.parametrize("name", sorted(KINDS.keys() - IN_CHINESE))
def test_a_page_in_english_says_nothing_of_a_shipped_definition_in_chinese(
    name: str, served: ServedWorkbench, leading: httpx.Client
) -> None:
    answer = leading.get(address_in(served, KINDS[name]))
    assert 'lang="en"' in answer.text
    assert left_in_chinese(answer.text) == []


def test_the_open_tasks_are_english_on_the_command_line(
    served: ServedWorkbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSJ_LANG", "en")
    person = ("--as", "leading")
    said = [
        served.desk.done("task", "list", *person),
        served.desk.done("task", "list", *person, "--format", "table"),
        served.desk.done("task", "show", "batch-1", *person),
        served.desk.done("task", "show", "annual_plan-1", *person),
        served.desk.done("task", "calendar", *person),
    ]
    lines = [line for text in said for part in text.splitlines() for line in re.split(r"\t|: |  +", part)]
    assert "annual_plan-1" in lines
    assert [
        line
        for line in lines
        if not any(one in line for one in TYPED)
        and (line in SHIPPED or any(len(one) >= LONG and one in line for one in SHIPPED))
    ] == []
