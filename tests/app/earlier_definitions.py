"""Definitions as an earlier version shipped them, whose draws are held by ssj-draw/1: they cannot be published any more."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from engine.definition.resources import forms_dir, workflows_dir

EARLIER = Path(__file__).with_name("first_protocol")


@contextmanager
def earlier_version() -> Iterator[None]:
    """Let ``ssj init`` make a deployment as the earlier version did: with its definitions, which it could publish."""
    with tempfile.TemporaryDirectory() as place:
        folders = {"workflows": workflows_dir(), "forms": forms_dir()}
        for name, shipped in folders.items():
            folders[name] = Path(place) / name
            shutil.copytree(shipped, folders[name])
            shutil.copytree(EARLIER / name, folders[name], dirs_exist_ok=True)
        with (
            patch("engine.deployment.set_up.workflows_dir", lambda: folders["workflows"]),
            patch("engine.deployment.set_up.forms_dir", lambda: folders["forms"]),
            patch("engine.app.commands.publish_definitions._commits_without_issues", lambda _: False),
        ):
            yield
