from __future__ import annotations

import json

from engine.authoring.editor_settings import FIRST_LINE, SCHEMA, editor_files
from engine.authoring.schema import json_schema
from engine.definition.resources import forms_dir, workflows_dir
from engine.yamltext.layout import formatted


def test_the_settings_name_the_schema_that_stands_beside_them() -> None:
    files = editor_files()
    assert json.loads(files[SCHEMA]) == json.loads(json.dumps(json_schema()))
    settings = json.loads(files[".vscode/settings.json"])
    assert settings["yaml.schemas"] == {SCHEMA: ["workflows/*.yaml", "forms/*.yaml"]}
    assert settings["ssj.languageServer"] == ["ssj", "workflow", "language-server"]
    assert FIRST_LINE.startswith("# yaml-language-server: $schema=")
    assert FIRST_LINE.rstrip().endswith(SCHEMA)


def test_every_shipped_definition_begins_with_the_line_and_the_formatter_keeps_it() -> None:
    files = [*workflows_dir().glob("*.yaml"), *forms_dir().glob("*.yaml")]
    assert len(files) > 100
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert text.startswith(FIRST_LINE), file.name
        assert formatted(text).startswith(FIRST_LINE), file.name
