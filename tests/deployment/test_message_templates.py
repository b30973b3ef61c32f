"""Messages in the words of a template; where it fails, the message goes out as it came, with the fault."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.app.delivery.deliver import Outcome
from engine.app.delivery.quiet_hours import MESSAGE
from engine.app.ports.records import OutboxItem
from engine.deployment.message_templates import MAX_BYTES, TemplatedChannel

NOW = datetime(2026, 1, 5, tzinfo=UTC)


@dataclass
class Collecting:
    """A channel that remembers what it was given."""

    batch: int = 7
    sent: list[OutboxItem] = field(default_factory=list)

    def send(self, items: Sequence[OutboxItem]) -> list[Outcome]:
        self.sent += items
        return [Outcome(item.id) for item in items]


def item(kind: str = MESSAGE) -> OutboxItem:
    return OutboxItem(
        id="c-1:1:1",
        case="c-1",
        kind=kind,
        channel="mail",
        recipient="p-1",
        payload={"title": "题", "text": "A & B", "about": "c-1"},
        created_at=NOW,
    )


def sent_with(folder: Path, template: str, kind: str = MESSAGE) -> str:
    (folder / "letter.html").write_text(template, encoding="utf-8")
    inner = Collecting()
    channel = TemplatedChannel(inner, "letter.html", lambda: (folder,))
    assert channel.batch == 7
    assert [outcome.item for outcome in channel.send([item(kind)])] == ["c-1:1:1"]
    assert inner.sent[0].payload["title"] == "题"
    return str(inner.sent[0].payload["text"])


def test_the_text_is_made_by_the_template_and_is_plain(tmp_path: Path) -> None:
    assert (
        sent_with(tmp_path, "{{ title }}：{{ text }}（{{ case }}，{{ recipient }}）\n")
        == "题：A & B（c-1，p-1）"
    )


def test_what_is_no_message_goes_through_as_it_is(tmp_path: Path) -> None:
    assert sent_with(tmp_path, "{{ title }}", "publication") == "A & B"


@pytest.mark.parametrize(
    ("template", "fault"),
    [
        ("  ", "模板没有写出任何文字"),
        ("{% for n in range(300) %}" + "x" * 700 + "{% endfor %}", f"模板写出的文字超过 {MAX_BYTES} 字节"),
        ("{{ ", "letter.html"),
    ],
    ids=["empty", "long", "broken"],
)
def test_a_template_that_fails_lets_the_message_go_as_it_came(
    tmp_path: Path, template: str, fault: str
) -> None:
    text = sent_with(tmp_path, template)
    assert text.startswith("A & B\n（消息模板“letter.html”有误，已按原文发送：")
    assert fault in text
