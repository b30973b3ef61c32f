"""What Jinja2 says of a wrong template has no English in it, and what it says in other words stays as it is."""

from __future__ import annotations

import re

import pytest

from engine.documents.parts.template_diagnosis import in_words
from engine.documents.render import RenderError, check_template
from engine.documents.template_folder import TextFolder

WRONG = {
    "{{ case.id": "缺“}}”",
    "{% if a %}x": "“if”没有写结尾",
    "{% endfor %}": "没有“endfor”这样的标签",
    "{% if a %}{% endfor %}": "不该在这里写“endfor”，还没有写“if”的结尾",
    "{% brew %}": "没有“brew”这样的标签",
    "{{ a | brewed }}": "没有过滤器“brewed”",
    "{{ a is brewed }}": "没有检验“brewed”",
    "{% block a %}{% endblock %}{% block a %}{% endblock %}": "块“a”写了两次",
    "{{ a ? b }}": "不该有字符 '?'",
    "{% %}": "缺标签的名称",
    "{{ a b }}": "这里应为“}}”，写的是“b”",
    "{{ a + }}": "不该有“}}”",
    "{# a": "注释没有写结尾",
    "{% raw %}a": "“raw”没有写结尾",
}


@pytest.mark.parametrize(("text", "said"), WRONG.items(), ids=list(WRONG))
def test_what_is_wrong_is_said_in_the_language_of_the_reader(text: str, said: str) -> None:
    with pytest.raises(RenderError) as refused:
        check_template("t", [TextFolder(text, {"t.html": text})])
    sentence = refused.value.message.render("zh_CN")
    assert said in sentence
    english = re.sub(r"“[^”]*”|t\.html(:\d+)?|'.'|Jinja2?", "", sentence)
    assert not re.search(r"[A-Za-z]{3,}", english), sentence


def test_other_words_stay_and_are_cut() -> None:
    assert in_words("something new") == "something new"
    assert len(str(in_words("x" * 1000))) == 300
    assert "\x1b" not in str(in_words("No filter named '\x1b[31m'."))


def test_each_message_is_looked_for_in_time_of_its_length() -> None:
    for beginning in ("Encountered unknown tag '", "Unexpected end of template.", "No filter named '"):
        assert in_words(beginning + "a" * 100_000)
