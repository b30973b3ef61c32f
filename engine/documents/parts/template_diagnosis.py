"""What Jinja2 says of a template that is wrong, as a sentence in the language of the reader."""

from __future__ import annotations

import re
from collections.abc import Callable

from engine.kernel.plain_text import visible
from engine.language import Message, say

#: Letters of a word of the template that are shown, and of what is said in no known words.
_MOST, _WHY = 60, 300

#: What Jinja2 says -> what it means; each is looked for from the beginning of its message.
_SAID: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Message]], ...] = (
    (
        re.compile(r"unexpected end of template, expected '([^']{1,60})'"),
        lambda found: say("模板到末尾还没有写完，缺“{what}”", what=_token(found[1])),
    ),
    (
        re.compile(r"Unexpected end of template\..*?innermost block that needs to be closed is '(\w{1,60})'"),
        lambda found: say("“{what}”没有写结尾", what=found[1]),
    ),
    (
        re.compile(r"Encountered unknown tag '([^']{1,200})'.*?needs to be closed is '(\w{1,60})'"),
        lambda found: say(
            "不该在这里写“{what}”，还没有写“{open}”的结尾", what=_shown(found[1]), open=found[2]
        ),
    ),
    (
        re.compile(r"Encountered unknown tag '([^']{1,200})'"),
        lambda found: say("没有“{what}”这样的标签", what=_shown(found[1])),
    ),
    (
        re.compile(r"No filter named '([^']{1,200})'"),
        lambda found: say("没有过滤器“{what}”", what=_shown(found[1])),
    ),
    (
        re.compile(r"No test named '([^']{1,200})'"),
        lambda found: say("没有检验“{what}”", what=_shown(found[1])),
    ),
    (
        re.compile(r"block '(\w{1,200})' defined twice"),
        lambda found: say("块“{what}”写了两次", what=_shown(found[1])),
    ),
    (
        re.compile(r"unexpected char (.{1,10}?) at \d"),
        lambda found: say("不该有字符 {what}", what=visible(found[1])),
    ),
    (re.compile(r"tag name expected"), lambda _: say("缺标签的名称")),
    (
        re.compile(r"expected token '([^']{1,60})', got '([^']{1,200})'"),
        lambda found: say(
            "这里应为“{what}”，写的是“{seen}”", what=_token(found[1]), seen=_token(_shown(found[2]))
        ),
    ),
    (re.compile(r"unexpected '([^']{1,60})'"), lambda found: say("不该有“{what}”", what=_token(found[1]))),
    (re.compile(r"Missing end of comment tag"), lambda _: say("注释没有写结尾")),
    (re.compile(r"Missing end of raw directive"), lambda _: say("“{what}”没有写结尾", what="raw")),
)
#: What Jinja2 calls the signs of a template.
_SIGNS = {
    "end of print statement": "}}",
    "end of statement block": "%}",
    "begin of print statement": "{{",
    "begin of statement block": "{%",
}


def in_words(said: str) -> Message | str:
    """Return what a message of Jinja2 says; the message itself, cut short, where its words are not known."""
    for pattern, made in _SAID:
        found = pattern.match(said)
        if found is not None:
            return made(found)
    return said[:_WHY]


def _shown(text: str) -> str:
    return visible(text[:_MOST])


def _token(name: str) -> str:
    return _SIGNS.get(name, name)
