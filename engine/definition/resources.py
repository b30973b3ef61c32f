"""Where the standard processes, forms and formats that come with the product stand."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent / "standard"
_CHECKOUT = _HERE.parents[2]


def workflows_dir() -> Path:
    """Return the directory of the standard workflows: beside this file when installed, else the checkout's."""
    return _one_of("workflows")


def forms_dir() -> Path:
    """Return the directory of the standard forms: beside this file when installed, else the checkout's."""
    return _one_of("forms")


def exchange_dir() -> Path:
    """Return the directory of the standard formats of workbooks: beside this file when installed, else the checkout's."""
    return _one_of("exchange")


def _one_of(name: str) -> Path:
    installed = _HERE / name
    return installed if installed.is_dir() else _CHECKOUT / name
