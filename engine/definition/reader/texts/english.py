"""``english:`` of a file: what its texts are in English, written once at its end by whoever wrote the file."""

from __future__ import annotations

from collections.abc import Mapping

from engine.definition.reader.diagnostics import Diagnostics, MappingReader
from engine.kernel.did_you_mean import did_you_mean
from engine.language import say
from engine.yamltext.nodes import MappingNode

_SHOWN = "{{ … }}"


def read_english(diagnostics: Diagnostics, part: MappingReader) -> Mapping[str, str]:
    """Return the English of the texts of a file, which `diagnostics` puts beside each text it reads from now on."""
    node = part.value("english")
    if node is None:
        return {}
    if not isinstance(node, MappingNode):
        diagnostics.report(
            "wrong-shape",
            node,
            say("此处应是“文字: 英文”"),
            say("如 {example}", example="现场检查: On-site inspection"),
        )
        return {}
    found: dict[str, str] = {}
    for key, value in node.texts():
        text = diagnostics.read_text(value)
        if text is None:
            diagnostics.report(
                "missing-value", key, say("“{key}”后面没有内容", key=key.text), say("请填写，或删去这一行")
            )
            continue
        if _places(key.text) != _places(text):
            diagnostics.report(
                "template-syntax",
                value,
                say("英文里的 {place} 与“{text}”里的不同", place=_SHOWN, text=key.text),
                say("两种文字里的 {place} 要逐个相同", place=_SHOWN),
            )
        found[key.text] = str(text)
    diagnostics.english = found
    return found


def check_english(diagnostics: Diagnostics, part: MappingReader) -> None:
    """Note what is put into English and is no text of the file, once everything in the file has been read."""
    node = part.value("english")
    if not isinstance(node, MappingNode):
        return
    for key, _ in node.texts():
        if key.text not in diagnostics.texts_read:
            diagnostics.report(
                "unknown-name",
                key,
                say("本文件里没有文字“{text}”", text=key.text),
                did_you_mean(key.text, sorted(diagnostics.texts_read))
                or say("照抄文件里的文字；改了文字，这里也要改"),
            )


def _places(text: str) -> list[str]:
    """Return what is written between double braces, in order."""
    begun = (piece.partition("}}") for piece in text.split("{{")[1:])
    return sorted(inside.strip() for inside, end, _ in begun if end)
