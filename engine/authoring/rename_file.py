"""A file that says what is called otherwise in a new version (``migrate: WORKFLOW``), and the same as single options."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.kernel.did_you_mean import did_you_mean
from engine.language import Message, say
from engine.lifecycle.migration.rename_map import KINDS, RenameMap
from engine.yamltext.plain import read_plain

#: Keys in Chinese -> in English.
_CHINESE: Mapping[str, str] = {
    "迁移": "migrate",
    "环节": "states",
    "办理": "steps",
    "时限": "clocks",
    "参与人": "parties",
    "表单": "forms",
    "字段": "fields",
    "取值": "values",
}
#: The key that says which workflow a file is for.
WORKFLOW = "migrate"


class RenameFileError(ValueError):
    """A map that cannot be read; `message` says why."""

    def __init__(self, message: Message | str) -> None:
        super().__init__(str(message))
        self.message = message


def read_rename_file(name: str, content: bytes, workflow: str) -> RenameMap:
    """Return what the file `name` says for `workflow`. Raises RenameFileError."""
    value, problems = read_plain(content, name)
    if problems:
        raise RenameFileError("\n".join(problems))
    if not isinstance(value, dict):
        raise RenameFileError(say("{file}：此处应是一组“键: 值”", file=name))
    body = {_CHINESE.get(str(key), str(key)): inner for key, inner in value.items()}
    meant = body.pop(WORKFLOW, None)
    if meant != workflow:
        raise RenameFileError(
            say(
                "{file}：“migrate”应写流程“{workflow}”，实为“{seen}”",
                file=name,
                workflow=workflow,
                seen=str(meant),
            )
        )
    for key, inner in body.items():
        if key not in KINDS:
            hint = did_you_mean(key, KINDS) or say("可用：{keys}", keys=list(KINDS))
            raise RenameFileError(say("{file}：没有“{key}”这个键。{hint}", file=name, key=key, hint=hint))
        if not isinstance(inner, dict) or not all(_fits(key, one) for one in inner.values()):
            raise RenameFileError(say("{file}：“{key}”下每行写“旧: 新”", file=name, key=key))
    return RenameMap.from_json(body)


def with_options(known: RenameMap, options: Iterable[str]) -> RenameMap:
    """Return `known` with ``KIND.OLD=NEW`` of each of `options` besides. Raises RenameFileError."""
    body: dict[str, dict[str, Any]] = {kind: dict(inner) for kind, inner in known.as_json().items()}
    for option in options:
        old, equals, new = option.partition("=")
        kind, dot, name = old.partition(".")
        kind = _CHINESE.get(kind, kind)
        if not (equals and dot and name and new and kind in KINDS and kind != "values"):
            raise RenameFileError(
                say(
                    "“{text}”应写成“类.旧=新”，如 states.assigned=waiting、fields.visit.contact=phone",
                    text=option,
                )
            )
        body.setdefault(kind, {})[name] = new
    return RenameMap.from_json(body)


def _fits(key: str, value: Any) -> bool:
    if key == "values":
        return isinstance(value, dict)
    return isinstance(value, str)
