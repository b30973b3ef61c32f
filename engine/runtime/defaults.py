"""What the daemon and its channels take where the deployment's settings say nothing: data, in ``defaults.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

_DEFAULTS = Path(__file__).with_suffix(".yaml")


def defaults() -> Mapping[str, Any]:
    """Return the shipped defaults by section."""
    from engine.yamltext.resource import read_resource

    found: Mapping[str, Any] = read_resource(_DEFAULTS)
    return found
