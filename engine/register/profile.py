"""Import profiles: the built-in mapping of each register, and a deployment's own on top of it.

A deployment's profile is YAML: ``register:`` (the kind), and any of ``title``, ``encoding``, ``sheet``,
``headers`` (the file's title -> column), ``values`` (column -> the file's word -> the word of the column),
``fixed`` (column -> value for every row), ``ignore`` (titles to pass over), ``columns`` and ``lists`` (more of them,
shaped as in the built-in profiles; a column of the same id replaces the built-in one).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

from engine.files.reading import read_file
from engine.kernel.budget import TEXT, BudgetExceededError
from engine.kernel.did_you_mean import did_you_mean
from engine.language import DefinedText, Message, say
from engine.register.columns import CellType, ListRow, Profile, RegisterColumn, Words, fold
from engine.register.problem import FileProblem
from engine.register.profile_text import read_profile_text

#: The registers there are.
KINDS = ("objects", "inspectors", "items", "experts", "people")
#: Visits of earlier years out of an old ledger: read and kept as a register is, and none of those a draw freezes.
LEDGER = "visits"
_READ = (*KINDS, LEDGER)

_KEYS = ("register", "title", "encoding", "sheet", "headers", "values", "fixed", "ignore", "columns", "lists")
_COLUMN_KEYS = (
    "title", "also", "type", "required", "choices", "list", "least", "most", "default", "code_only_under",
    "needed_when", "expires", "private", "personal",
)  # fmt: skip
_LIST_KEYS = ("into", "parts", "fixed", "needs", "source")


@cache
def built_in(kind: str) -> Profile:
    """Return the profile of a register as shipped. Raises KeyError for a kind that is not in `KINDS` and no `LEDGER`."""
    if kind not in _READ:
        raise KeyError(kind)
    text, problems = _shipped(f"{kind}.yaml")
    reader = _ProfileReader(f"{kind}.yaml")
    columns, lists = reader.columns(text["columns"]), reader.lists(text.get("lists", {}))
    headers = reader.headers(columns)
    if problems or reader.problems:
        raise AssertionError([str(problem) for problem in (*problems, *reader.problems)])
    return Profile(
        kind=kind,
        title=DefinedText(text["title"]),
        columns=columns,
        lists=lists,
        words=words(),
        headers=headers,
        ignore=words().ignore,
    )


@cache
def words() -> Words:
    """Return the words every register shares."""
    text, _ = _shipped("words.yaml")
    return Words(
        empty=frozenset(fold(word) for word in text["empty"]),
        yes=frozenset(fold(word) for word in text["yes"]),
        no=frozenset(fold(word) for word in text["no"]),
        open_ended=frozenset(fold(word) for word in text["open_ended"]),
        ignore=frozenset(fold(word) for word in text["ignore"]),
        separators=tuple(text["separators"]),
        legal_forms=tuple(text["legal_forms"]),
    )


def load_profile(path: Path) -> tuple[Profile | None, tuple[FileProblem, ...]]:
    """Return the profile a deployment wrote, or None and everything that is wrong with it."""
    try:
        data = read_file(path, TEXT)
    except BudgetExceededError as problem:
        return None, (FileProblem(problem.message, None, None, path.name),)
    except OSError as error:
        return None, (
            FileProblem(say("打不开导入方案：{why}", why=error.strerror or ""), None, None, path.name),
        )
    return profile_from(data, path.name)


def profile_from(data: bytes, name: str) -> tuple[Profile | None, tuple[FileProblem, ...]]:
    """Return the profile written in `data`, or None and everything that is wrong with it."""
    text, problems = read_profile_text(data, name)
    if problems:
        return None, tuple(problems)
    reader = _ProfileReader(name)
    reader.known(text, _KEYS, say("导入方案"))
    kind = text.get("register")
    if kind not in _READ:
        reader.wrong(say("register 应为 {kinds} 之一，实为“{seen}”", kinds=list(_READ), seen=kind or ""))
        return None, tuple(reader.problems)
    base = built_in(kind)
    own = reader.mapping(text, "columns")
    columns = {**base.columns, **reader.columns(own)}
    for name, spec in own.items():
        # A column spelled anew for its titles must not drop out of what is watched, nor out of what is private.
        if name in base.columns and base.columns[name].expires and "expires" not in spec:
            columns[name] = replace(columns[name], expires=columns[name].type is CellType.DATE)
        if name in base.columns and base.columns[name].private and "private" not in spec:
            columns[name] = replace(columns[name], private=True)
        if name in base.columns and base.columns[name].personal and "personal" not in spec:
            columns[name] = replace(columns[name], personal=True)
    lists = {**base.lists, **reader.lists(reader.mapping(text, "lists"))}
    # What a private column is called as shipped goes on being it, whatever else it is called here.
    headers = {**private_titles(base), **reader.headers(columns)}
    for header, column in reader.mapping(text, "headers").items():
        if reader.column(column, columns, "headers"):
            headers[fold(header)] = column
    values = {}
    for column, meanings in reader.mapping(text, "values").items():
        if reader.column(column, columns, "values") and isinstance(meanings, dict):
            values[column] = {fold(seen): str(meant) for seen, meant in meanings.items()}
    fixed = {
        column: str(value)
        for column, value in reader.mapping(text, "fixed").items()
        if reader.column(column, columns, "fixed")
    }
    ignore = frozenset(fold(header) for header in reader.texts(text, "ignore"))
    reader.references(columns, lists)
    title = reader.text(text, "title") or base.title
    encoding, sheet = reader.text(text, "encoding"), reader.text(text, "sheet")
    if reader.problems:
        return None, tuple(reader.problems)
    return Profile(
        kind=kind,
        title=title,
        columns=columns,
        lists=lists,
        words=base.words,
        headers={header: column for header, column in headers.items() if header not in ignore},
        values=values,
        fixed=fixed,
        ignore=base.ignore | ignore,
        encoding=encoding,
        sheet=sheet,
        sha256=hashlib.sha256(data).hexdigest(),
    ), ()


def private_titles(profile: Profile) -> dict[str, str]:
    """Return the folded titles of private columns, each with its column."""
    return {title: name for title, name in profile.headers.items() if profile.columns[name].private}


def moved_private(profile: Profile, titles: Mapping[str, str] = MappingProxyType({})) -> list[Message]:
    """Return what a deployment's profile does to private columns that would bring their values elsewhere, or nowhere.

    A title of a private column must mean that column and not be passed over: as shipped, and as in `titles` (folded title ->
    column), with which files were taken in before. Private columns as shipped keep their type, and hold no value for every row.
    """
    base = built_in(profile.kind)
    found = []
    for title, name in sorted({**titles, **private_titles(base)}.items()):
        meant = profile.headers.get(title)
        if title in profile.ignore or meant not in (None, name):
            found.append(
                say(
                    "“{title}”是不公开的一列“{column}”，这里作“{meant}”",
                    title=title,
                    column=name,
                    meant=meant or "-",
                )
            )
    for name, column in base.columns.items():
        if column.private and profile.columns[name].type is not column.type:
            found.append(say("不公开的一列“{column}”的类型应为 {type}", column=name, type=column.type.value))
        if column.private and (
            name in profile.fixed or (column.type is CellType.IDS and name in profile.values)
        ):
            found.append(say("不公开的一列“{column}”不能另定取值", column=name))
    return found


def moved_in_folder(folder: Path) -> list[tuple[str, Message]]:
    """Return the name of each profile in a folder that `moved_private` has something to say of, with the first of it."""
    found = []
    for kind in _READ:
        file = folder / f"{kind}.yaml"
        profile = load_profile(file)[0] if file.is_file() else None
        if profile is not None and (moved := moved_private(profile)):
            found.append((file.name, moved[0]))
    return found


def _shipped(name: str) -> tuple[Mapping[str, Any], list[FileProblem]]:
    data = files("engine.register").joinpath("profiles", name).read_bytes()
    return read_profile_text(data, name)


class _ProfileReader:
    """Reads the parts of a profile and gathers what is wrong."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[FileProblem] = []

    def wrong(self, message: Message, hint: Message | None = None) -> None:
        self.problems.append(FileProblem(message, hint, None, self.name))

    def known(self, text: Mapping[str, Any], keys: Sequence[str], where: Message) -> None:
        for key in text:
            if key not in keys:
                self.wrong(say("{where}没有“{key}”这一项", where=where, key=key), did_you_mean(key, keys))

    def column(self, column: Any, columns: Mapping[str, RegisterColumn], where: str) -> bool:
        if isinstance(column, str) and column in columns:
            return True
        self.wrong(
            say("{where} 中的列“{column}”不存在", where=where, column=column),
            did_you_mean(str(column), columns),
        )
        return False

    def mapping(self, text: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        value = text.get(key, {})
        if isinstance(value, dict):
            return value
        self.wrong(say("{key} 应为“键: 值”", key=key))
        return {}

    def text(self, text: Mapping[str, Any], key: str) -> str | None:
        value = text.get(key)
        if value is None or isinstance(value, str):
            return value
        self.wrong(say("{key} 应为文字", key=key))
        return None

    def one_of(self, text: Mapping[str, Any], key: str, known: Mapping[str, Any]) -> str | None:
        value = self.text(text, key)
        if value is not None and value not in known:
            self.wrong(
                say("{key} 应为下列之一：{known}", key=key, known=list(known)), did_you_mean(value, known)
            )
        return value

    def texts(self, text: Mapping[str, Any], key: str) -> tuple[str, ...]:
        value = text.get(key, [])
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        self.wrong(say("{key} 应为文字的列表", key=key))
        return ()

    def columns(self, text: Mapping[str, Any]) -> dict[str, RegisterColumn]:
        return {name: self._column(name, spec) for name, spec in text.items() if self._is_mapping(name, spec)}

    def lists(self, text: Mapping[str, Any]) -> dict[str, ListRow]:
        out = {}
        for name, spec in text.items():
            if not self._is_mapping(name, spec):
                continue
            self.known(spec, _LIST_KEYS, say("lists 的“{name}”", name=name))
            parts = self.mapping(spec, "parts")
            if not parts or "into" not in spec:
                self.wrong(say("lists 的“{name}”须写明 into 和 parts", name=name))
            elif spec["into"] == "ratings" and (
                "class" not in parts or "scheme" not in spec.get("fixed", {})
            ):
                self.wrong(say("lists 的“{name}”是等级，须写明 fixed 的 scheme 和 parts 的 class", name=name))
            out[name] = ListRow(
                into=self.text(spec, "into") or "",
                parts={part: str(column) for part, column in parts.items()},
                fixed={part: str(value) for part, value in self.mapping(spec, "fixed").items()},
                needs=self.one_of(spec, "needs", parts),
                source=self.one_of(spec, "source", parts),
            )
        return out

    def headers(self, columns: Mapping[str, RegisterColumn]) -> dict[str, str]:
        out: dict[str, str] = {}
        for column in columns.values():
            for header in (column.id, column.title, *column.also):
                other = out.setdefault(fold(header), column.id)
                # An id of one column may be the ordinary word for another (title, name); titles must not clash.
                if other != column.id and header != column.id:
                    self.wrong(
                        say(
                            "列名“{header}”同时属于 {first} 和 {second}",
                            header=header,
                            first=other,
                            second=column.id,
                        )
                    )
        return out

    def references(self, columns: Mapping[str, RegisterColumn], lists: Mapping[str, ListRow]) -> None:
        """Note what names a column that does not exist, or a code that column does not have."""
        for name, row in lists.items():
            for part in row.parts.values():
                self.column(part, columns, "lists")
            if row.into in columns:
                self.wrong(say("lists 的“{name}”的 into 不能是列“{column}”", name=name, column=row.into))
        for column in columns.values():
            for other, codes in column.needed_when.items():
                if not self.column(other, columns, "needed_when"):
                    continue
                for code in codes:
                    if code not in columns[other].choices:
                        self.wrong(say("列“{column}”没有选项“{code}”", column=other, code=code))

    def _is_mapping(self, name: str, spec: Any) -> bool:
        if isinstance(spec, dict):
            return True
        self.wrong(say("“{name}”之下应为“键: 值”", name=name))
        return False

    def _column(self, name: str, spec: Mapping[str, Any]) -> RegisterColumn:
        self.known(spec, _COLUMN_KEYS, say("列“{name}”", name=name))
        if spec.get("type") not in list(CellType):
            self.wrong(
                say("列“{name}”的 type 应为 {types} 之一", name=name, types=[str(kind) for kind in CellType]),
                did_you_mean(str(spec.get("type")), [str(kind) for kind in CellType]),
            )
            return RegisterColumn(id=name, title=name, type=CellType.TEXT)
        spelled = self.mapping(spec, "choices")
        if any(not words for words in spelled.values()):
            self.wrong(say("列“{name}”的每个选项至少要有一种写法", name=name))
        choices = {
            code: self.texts(self.mapping(spec, "choices"), code) for code in self.mapping(spec, "choices")
        }
        needed = {
            column: self.texts(spec["needed_when"], column) for column in self.mapping(spec, "needed_when")
        }
        return RegisterColumn(
            id=name,
            title=DefinedText(self.text(spec, "title") or name),
            type=CellType(spec["type"]),
            also=self.texts(spec, "also"),
            required=self._flag(name, "required", spec),
            choices=choices,
            codes=self.text(spec, "list"),
            least=self._number(name, spec.get("least")),
            most=self._number(name, spec.get("most")),
            default=self.one_of(spec, "default", choices),
            code_only_under=frozenset(fold(title) for title in self.texts(spec, "code_only_under")),
            needed_when=needed,
            expires=self._expires(name, spec),
            private=self._flag(name, "private", spec),
            personal=self._flag(name, "personal", spec),
        )

    def _expires(self, name: str, spec: Mapping[str, Any]) -> bool:
        expires = self._flag(name, "expires", spec)
        if expires and spec["type"] != CellType.DATE:
            self.wrong(say("列“{name}”不是日期，不能写 expires", name=name), say("把 type 改为 date"))
            return False
        return expires

    def _flag(self, name: str, key: str, spec: Mapping[str, Any]) -> bool:
        value = spec.get(key, "false")
        if value not in ("true", "false"):
            self.wrong(say("列“{name}”的 {key} 应为 true 或 false", name=name, key=key))
        return bool(value == "true")

    def _number(self, name: str, value: Any) -> int | None:
        if value is None:
            return None
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 18:
            return int(value)
        self.wrong(say("列“{name}”的上下限应为整数", name=name))
        return None
