"""What a backup leaves out because it opens something: passwords, tokens, keys, and addresses that are secrets themselves.

Files are known by the settings that name them, by the folder ``secrets``, by their name or ending, or by a private key in
their first lines; values in ``settings.yaml`` by the names of their settings. A value is emptied, so that the channel asks for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.deployment.home import SETTINGS, Home
from engine.files.reading import read_text
from engine.kernel.budget import SETTINGS as SETTINGS_BUDGET
from engine.yamltext.lines import line_starts
from engine.yamltext.nodes import MappingNode, ScalarNode
from engine.yamltext.source import read_source

#: The folder of a deployment in which nothing else lies.
FOLDER = "secrets"
_ENDINGS = (".key", ".p12", ".pfx", ".jks", ".token", ".secret", ".password", ".pgpass")
_NAMES = re.compile(
    r"id_(?:rsa|dsa|ecdsa|ed25519)|.*(?:passw|secret|token|credential|口令|密码|密钥).*", re.IGNORECASE
)
#: What the product itself reads by these endings is no secret, whatever it is called.
_OURS = (".yaml", ".yml", ".html", ".md", ".csv", ".xlsx")
_PRIVATE_KEY = b"PRIVATE KEY-----"
_HEAD = 4096
#: Settings of a channel whose value is a secret. The address of a group robot is one: whoever has it can post.
_VALUES = re.compile(r"(?:.*_)?(?:url|password|secret|token|key|pass)", re.IGNORECASE)
#: Settings that name a file with a secret in it. The certificates of an authority are none.
_FILES = re.compile(r"(?!ca_file$).*_file")


@dataclass(frozen=True, slots=True)
class Withheld:
    """What a backup of a deployment leaves out."""

    #: Names of files below the deployment, with forward slashes.
    files: frozenset[str]
    #: The text of the settings without their secrets, and which settings were emptied.
    settings: str
    places: tuple[str, ...]

    def names(self) -> tuple[str, ...]:
        """Return everything that must be put back after a restore."""
        return (*sorted(self.files), *(f"{SETTINGS}: {place}" for place in self.places))


def withheld_from(home: Home, files: Mapping[str, Path]) -> Withheld:
    """Return what of a deployment, whose own `files` are given by name, a backup must not hold. Raises OSError."""
    named = {
        _below(home, str(value)) for key, value in _scalars(home.channels) if _FILES.fullmatch(key) and value
    }
    secret = frozenset(name for name, path in files.items() if name in named or is_secret(name, path))
    text, places = without_secrets(read_text(home.path / SETTINGS, SETTINGS_BUDGET))
    return Withheld(secret, text, places)


def is_secret(name: str, path: Path) -> bool:
    """Tell whether a file is kept for opening something. Raises OSError."""
    *folders, last = name.split("/")
    if FOLDER in folders or last.lower().endswith(_ENDINGS):
        return True
    if _NAMES.fullmatch(last) and not last.lower().endswith(_OURS):
        return True
    with path.open("rb") as stream:
        return _PRIVATE_KEY in stream.read(_HEAD)


def without_secrets(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the text of ``settings.yaml`` with its secrets emptied, and the names of the settings that were."""
    root = read_source(SETTINGS, text).root
    if not isinstance(root, MappingNode):
        return text, ()
    text = text.replace("\r\n", "\n")
    starts = line_starts(text)
    places: list[str] = []
    cuts: list[tuple[int, int, str]] = []
    for place, node in _secrets(root):
        begin, end = (
            starts[node.line - 1] + node.column - 1,
            starts[node.end_line - 1] + node.end_column - 1,
        )
        left = _without_password(node.text) if place == "database" else '""'
        if left is None or not node.text:
            continue
        cuts.append((begin, end, left))
        places.append(place)
    for begin, end, left in sorted(cuts, reverse=True):
        text = text[:begin] + left + text[end:]
    return text, tuple(places)


def _secrets(root: MappingNode) -> Iterator[tuple[str, ScalarNode]]:
    for key, value in root.texts():
        if key.text == "database" and isinstance(value, ScalarNode):
            yield "database", value
        elif key.text == "channels" and isinstance(value, MappingNode):
            yield from _below_channels(value, "channels")


def _below_channels(node: MappingNode, place: str) -> Iterator[tuple[str, ScalarNode]]:
    for key, value in node.texts():
        inner = f"{place}.{key.text}"
        if isinstance(value, MappingNode):
            yield from _below_channels(value, inner)
        elif isinstance(value, ScalarNode) and _VALUES.fullmatch(key.text):
            yield inner, value


def _without_password(address: str) -> str | None:
    """Return the address of a database, quoted, without its password; None where it has none."""
    user = re.match(r"([^:/?#]+://[^/?#@:]*):[^/?#]*@", address)
    query = re.search(r"[?&](?:password|sslpassword)=[^&]*", address)
    if user is None and query is None:
        return None
    if user is not None:
        address = f"{user.group(1)}@{address[user.end() :]}"
    address = re.sub(r"([?&])(?:password|sslpassword)=[^&]*", r"\1", address)
    return '"' + address.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _scalars(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _scalars(inner, str(name))
    else:
        yield key, value


def _below(home: Home, name: str) -> str:
    """Return the name of a file below the deployment as a backup writes it."""
    path = home.path / name
    return path.relative_to(home.path).as_posix() if path.is_relative_to(home.path) else path.as_posix()
