"""What the daemon and its channels take where the deployment's settings say nothing: data, in ``defaults.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any


@cache
def defaults() -> Mapping[str, Any]:
    """Return the shipped defaults by section."""
    import yaml

    found: Mapping[str, Any] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    return found
