"""What an editor needs beside a deployment: the schema of definitions, and settings that name it and the language server."""

from __future__ import annotations

import json
from collections.abc import Mapping

from engine.authoring.schema import json_schema

#: The schema in the folder of a deployment.
SCHEMA = "schema.json"
#: The first line of a definition, for editors that read no settings.
FIRST_LINE = "# yaml-language-server: $schema=../schema.json\n"


def editor_files() -> Mapping[str, bytes]:
    """Return the files, by where they stand in the folder of a deployment."""
    settings = {
        "yaml.schemas": {SCHEMA: ["workflows/*.yaml", "forms/*.yaml"]},
        "files.encoding": "utf8",
        "files.eol": "\n",
        "[yaml]": {"editor.insertSpaces": True, "editor.tabSize": 2, "editor.detectIndentation": False},
        "ssj.languageServer": ["ssj", "workflow", "language-server"],
    }
    return {
        SCHEMA: _text(json_schema()),
        ".vscode/settings.json": _text(settings),
    }


def _text(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
