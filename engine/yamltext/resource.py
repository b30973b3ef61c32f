"""YAML files shipped with the program: trusted, read once, by the fast loader."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml


@cache
def read_resource(path: Path) -> Any:
    """Return the value of a YAML file of the program itself. The caller must not change it.

    Raises yaml.YAMLError and OSError, which both mean a damaged installation.
    """
    # The loader in C where PyYAML was built with it; both build plain values only.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_bytes(), Loader=loader)  # noqa: S506 - both are safe loaders
