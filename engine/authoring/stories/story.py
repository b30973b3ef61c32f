"""A file of stories -> values: given what, when who does what on which day, then what is expected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.language import Message, say
from engine.yamltext.nodes import MappingNode, Node, ScalarNode, SequenceNode
from engine.yamltext.plain import plain_value
from engine.yamltext.problem import as_text
from engine.yamltext.source import read_source

#: Keys in Chinese -> in English.
_CHINESE = {
    "测试": "test", "标题": "title", "故事": "stories", "名称": "story", "先有": "begins_with", "给定": "given", "当": "when",
    "则": "then", "办理": "do", "谁": "by", "答案": "answers", "理由": "reason", "等": "wait", "案件": "case", "环节": "state",
    "待办": "task", "时限": "deadline", "消息": "message", "文书": "paper", "公示": "published", "退回": "refused",
    "子案件": "children", "日期": "on", "参与人": "parties", "字段": "fields", "对象": "about", "不测": "excused",
    "已办结子案件": "closed_children", "提示": "warning", "件数": "count", "表单": "forms",
    "撤下公示": "withdrawn", "归档": "archived", "名录": "registers",
    "办得下去": "goes_on", "文书状态": "papers", "可办": "offered", "要填": "asks", "日程": "schedule",
    "人员": "people", "不提示": "unwarned", "收件人": "receivers", "等候": "awaits",
}  # fmt: skip
_SHAPES: Mapping[str, frozenset[str]] = {
    "file": frozenset({"test", "title", "stories", "excused"}),
    "story": frozenset({"story", "begins_with", "given", "when"}),
    "given": frozenset(
        {
            "on",
            "parties",
            "fields",
            "about",
            "title",
            "answers",
            "by",
            "closed_children",
            "registers",
            "people",
        }
    ),
    "closed": frozenset({"count", "fields", "forms"}),
    "step": frozenset({"do", "by", "answers", "reason", "wait", "case", "then", "refused"}),
    "then": frozenset(
        {
            "state",
            "task",
            "deadline",
            "message",
            "paper",
            "published",
            "withdrawn",
            "archived",
            "children",
            "forms",
            "fields",
            "parties",
            "warning",
            "goes_on",
            "papers",
            "offered",
            "asks",
            "schedule",
            "receivers",
            "unwarned",
            "awaits",
        }
    ),
}


class StoryError(ValueError):
    """A file of stories that cannot be read; `message` says where and why."""

    def __init__(self, message: Message | str) -> None:
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True, slots=True)
class StoryStep:
    """One step of a story, or days that pass, and what is expected then."""

    line: int
    do: str | None = None
    by: str | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    reason: str | None = None
    wait: str | None = None
    #: The workflow of the child that is acted on; None: the case of the story.
    case: str | None = None
    #: A piece of the sentence with which it is refused.
    refused: str | None = None
    then: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Story:
    """One story of one case."""

    name: str
    line: int
    given: Mapping[str, Any]
    steps: tuple[StoryStep, ...]
    begins_with: str | None = None


@dataclass(frozen=True, slots=True)
class StoryFile:
    """All stories of one workflow."""

    file: str
    workflow: str
    stories: tuple[Story, ...]
    #: What the stories need not reach -> why: ``step.file_away``, ``state.closed``, …
    excused: Mapping[str, str] = field(default_factory=dict)

    def story(self, name: str) -> Story | None:
        """Return the story of a name."""
        return next((story for story in self.stories if story.name == name), None)


def read_stories(file: str, content: bytes) -> StoryFile:
    """Read a file of stories. Raises StoryError, with the place, for what cannot be understood."""
    source = read_source(file, content)
    if source.problems or not isinstance(source.root, MappingNode):
        raise StoryError(
            as_text(source.problems, {file: source.text}) or say("{file}：里面没有故事", file=file)
        )
    top = _keys(file, source.root, "file")
    if "test" not in top or not isinstance(top.get("stories"), SequenceNode):
        raise StoryError(say("{file}：请写 test（测试）和 stories（故事）", file=file))
    items = top["stories"]
    stories = [_story(file, item) for item in items.items] if isinstance(items, SequenceNode) else []
    excused = plain_value(top["excused"]) if "excused" in top else {}
    found = StoryFile(file, str(plain_value(top["test"])), tuple(stories), excused)
    for story in stories:
        if story.begins_with is not None and found.story(story.begins_with) in (None, story):
            message = say(
                "{file}:{line}：没有故事“{name}”", file=file, line=story.line, name=story.begins_with
            )
            raise StoryError(message)
    return found


def _story(file: str, node: Node) -> Story:
    keys = _keys(file, node, "story")
    given = (
        {
            key: _closed(file, value) if key == "closed_children" else plain_value(value)
            for key, value in _keys(file, keys["given"], "given").items()
        }
        if "given" in keys
        else {}
    )
    steps = []
    when = keys.get("when")
    for item in when.items if isinstance(when, SequenceNode) else ():
        found = _keys(file, item, "step")
        then = (
            {key: plain_value(value) for key, value in _keys(file, found["then"], "then").items()}
            if "then" in found
            else {}
        )
        text = {key: _text(found.get(key)) for key in ("do", "by", "reason", "wait", "case", "refused")}
        if (text["do"] is None) == (text["wait"] is None):
            raise StoryError(
                say("{file}:{line}：每一步写 do（办理）或 wait（等）之一", file=file, line=item.line)
            )
        answers = plain_value(found["answers"]) if "answers" in found else {}
        steps.append(StoryStep(line=item.line, answers=answers or {}, then=then, **text))
    return Story(
        _text(keys.get("story")) or "?", node.line, given, tuple(steps), _text(keys.get("begins_with"))
    )


def _closed(file: str, node: Node) -> Any:
    """Return workflow -> how many of its cases are closed already, with the facts and forms they have."""
    if not isinstance(node, MappingNode):
        return plain_value(node)
    return {
        workflow.text: {key: plain_value(given) for key, given in _keys(file, value, "closed").items()}
        if isinstance(value, MappingNode)
        else {"count": plain_value(value)}
        for workflow, value in node.texts()
    }


def _text(node: Node | None) -> str | None:
    return node.text if isinstance(node, ScalarNode) else None


def _keys(file: str, node: Node, shape: str) -> dict[str, Node]:
    if not isinstance(node, MappingNode):
        raise StoryError(say("{file}:{line}：此处应是一组“键: 值”", file=file, line=node.line))
    found: dict[str, Node] = {}
    for key, value in node.texts():
        name = _CHINESE.get(key.text, key.text)
        if name not in _SHAPES[shape]:
            raise StoryError(
                say(
                    "{file}:{line}：此处没有“{key}”这个键；可用：{keys}",
                    file=file,
                    line=key.line,
                    key=key.text,
                    keys=sorted(_SHAPES[shape]),
                )
            )
        found[name] = value
    return found
