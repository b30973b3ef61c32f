"""Messages in the words of the bureau; a wrong template never keeps a deadline from being told."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from outbox_store import item

from engine.app.delivery.deliver import Outcome
from engine.app.ports.records import OutboxItem
from engine.deployment.home import Home
from engine.deployment.message_templates import worded
from engine.runtime.channels import open_channels


class Post:
    """A channel that keeps what it got."""

    batch = 7

    def __init__(self) -> None:
        self.got: list[OutboxItem] = []

    def send(self, items: Sequence[OutboxItem]) -> list[Outcome]:
        self.got += items
        return [Outcome(one.id) for one in items]


def told(home: Path, template: str | None, **payload: object) -> str:
    """Return the text of a message sent through a channel with this template."""
    if template is not None:
        (home / "forms/templates").mkdir(parents=True, exist_ok=True)
        (home / "forms/templates/mine.html").write_text(template, encoding="utf-8")
    post = Post()
    channels = worded({"log": post}, Home(home, {"channels": {"log": {"template": "mine"}}}))
    assert channels["log"].batch == 7
    message = item(1)
    if payload:
        message = item(1, payload={**message.payload, **payload})
    channels["log"].send([message])
    return str(post.got[0].payload["text"])


def test_the_words_are_those_of_the_template(tmp_path: Path) -> None:
    made = told(
        tmp_path,
        "{% if urgent %}【急】{% endif %}{{ title }}：{{ text }}（{{ recipient }}，{{ case }}）\n",
        urgent=True,
    )
    assert made == "【急】抽查 1：请于今日办结第 1 件（p1，inspection-1）"


def test_what_is_escaped_for_a_page_is_plain_in_a_message(tmp_path: Path) -> None:
    assert told(tmp_path, "{{ text }}", text='甲 & 乙 <1> "x"') == '甲 & 乙 <1> "x"'


@pytest.mark.parametrize(
    ("template", "why"),
    [
        (None, "没有文书模板"),
        ("{{ nothing_of_that_name }}", "用到的值不存在"),
        ("{% if %}", "写错了"),
        ("{{ text.__class__ }}", "mine.html:1"),
        ("  ", "没有写出任何文字"),
        ("{% for a in messages %}{{ a }}{% endfor %}", "没有写出任何文字"),
    ],
)
def test_a_wrong_template_sends_the_message_as_it_came(
    tmp_path: Path, template: str | None, why: str
) -> None:
    made = told(tmp_path, template)
    assert made.startswith("请于今日办结第 1 件\n（消息模板“mine”有误，已按原文发送：")
    assert why in made


def test_a_template_without_end_is_stopped(tmp_path: Path) -> None:
    endless = "{% for a in messages %}" * 6 + "x" + "{% endfor %}" * 6
    made = told(tmp_path, endless, messages=list(range(100)))
    assert made.startswith("请于今日办结第 1 件\n（消息模板")


def test_a_digest_can_be_laid_out(tmp_path: Path) -> None:
    made = told(
        tmp_path,
        "{% for m in messages %}* {{ m.text }}\n{% endfor %}",
        messages=[{"text": "甲"}, {"text": "乙"}],
    )
    assert made == "* 甲\n* 乙"


def test_the_setting_is_known_and_what_is_no_message_is_left_alone(tmp_path: Path) -> None:
    channels = open_channels({"log": {"template": "mine"}}, tmp_path)
    post = Post()
    home = Home(tmp_path, {"channels": {"log": {"template": "mine"}}})
    other = item(1, kind="site")
    worded({"log": post}, home)["log"].send([other])
    assert post.got == [other]
    assert set(worded(channels, home)) == {"log"}
