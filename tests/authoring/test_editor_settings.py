from __future__ import annotations

import json

from engine.authoring.editor_settings import FIRST_LINE, SCHEMA, editor_files
from engine.authoring.schema import json_schema


def test_the_settings_name_the_schema_that_stands_beside_them() -> None:
    files = editor_files()
    assert json.loads(files[SCHEMA]) == json.loads(json.dumps(json_schema()))
    settings = json.loads(files[".vscode/settings.json"])
    assert settings["yaml.schemas"] == {SCHEMA: ["workflows/*.yaml", "forms/*.yaml"]}
    assert settings["ssj.languageServer"] == ["ssj", "workflow", "language-server"]
    assert FIRST_LINE.startswith("# yaml-language-server: $schema=")
    assert FIRST_LINE.rstrip().endswith(SCHEMA)
