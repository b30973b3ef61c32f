"""The YAML of an import profile: plain mappings, lists and texts, every repeat and every surprise reported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from engine.kernel.budget import TEXT, BudgetExceededError
from engine.language import Message, say
from engine.register.problem import FileProblem
from engine.yamltext.shape import YAML_ERRORS, first_feature

#: A profile is small; a bigger file is something else.
MAX_BYTES = TEXT.bytes


def read_profile_text(data: bytes, name: str) -> tuple[Mapping[str, Any], list[FileProblem]]:
    """Return the top mapping of a profile, all scalars as texts, and what is wrong with the file `name`."""
    if len(data) > MAX_BYTES:
        return {}, [_problem(name, 0, say("文件超过 1 MB，不像导入方案"))]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return {}, [_problem(name, 0, say("文件不是 UTF-8 编码"))]
    problems: list[FileProblem] = []
    try:
        if line := first_feature(text, TEXT):
            return {}, [_problem(name, line, say("导入方案不使用锚点、别名和标签"))]
        node = yaml.compose(text, Loader=yaml.CBaseLoader)
    except BudgetExceededError as problem:
        return {}, [_problem(name, 0, problem.message)]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        return {}, [_problem(name, line, say("YAML 写法有误：{detail}", detail=error.problem or ""))]
    except YAML_ERRORS:
        return {}, [_problem(name, 0, say("文件中有 YAML 不允许的字符"))]
    value = _plain(node, name, problems) if node is not None else None
    if not isinstance(value, dict):
        return {}, [*problems, _problem(name, 1, say("导入方案的最外层应为“键: 值”"))]
    return value, problems


def _plain(node: yaml.Node, name: str, problems: list[FileProblem]) -> Any:
    if isinstance(node, yaml.MappingNode):
        out: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                problems.append(_problem(name, line, say("键应为文字")))
                continue
            if key_node.value in out:
                problems.append(_problem(name, line, say("“{key}”写了两次", key=key_node.value)))
            out[key_node.value] = _plain(value_node, name, problems)
        return out
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, name, problems) for item in node.value]
    return node.value


def _problem(name: str, line: int, message: Message) -> FileProblem:
    return FileProblem(message, None, line or None, name)
