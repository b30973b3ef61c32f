"""Numbers on the pages are those of the program: where a setting changes, the page that names it must too."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from running_documents import ROOT

from engine.app.commands.credentials import MAX_TOKEN_DAYS
from engine.app.sign_in.passwords import limits
from engine.app.timers import fire_due
from engine.documents import render, steps


def daemon(name: str) -> Any:
    return yaml.safe_load((ROOT / "engine/runtime/defaults.yaml").read_text("utf-8"))["daemon"][name]


def postgres(name: str) -> Any:
    found = yaml.safe_load((ROOT / "engine/store/sql/postgres.yaml").read_text("utf-8"))
    return found[name] if name in found else found["session"][name]


def rules() -> int:
    """Return how many rules the check of definitions has."""
    return len(re.findall(r"^## ", (ROOT / "docs/reference/rules.md").read_text("utf-8"), re.MULTILINE))


#: page (English) -> what it says with a number, the same in Chinese, and the number.
CLAIMS: list[tuple[str, str, str, Callable[[], object]]] = [
    (
        "docs/howto/many-daemons",
        "claimed for {} seconds",
        "领取 {} 秒",
        lambda: daemon("lease_seconds"),
    ),
    ("docs/howto/many-daemons", "every {} seconds", "每 {} 秒自己看一次", lambda: daemon("sweep_seconds")),
    ("docs/howto/many-daemons", "up to {} at once", "一次最多 {} 个", lambda: fire_due.BATCH),
    (
        "docs/howto/many-daemons",
        "| up to {} s | `lease_seconds` + `deliver_seconds` |",
        "| 至多 {} 秒 | `lease_seconds` + `deliver_seconds` |",
        lambda: daemon("lease_seconds") + daemon("deliver_seconds"),
    ),
    (
        "docs/howto/many-daemons",
        "| up to {} s | `lead_seconds` |",
        "| 至多 {} 秒 | `lead_seconds` |",
        lambda: postgres("lead_seconds"),
    ),
    (
        "docs/howto/many-daemons",
        "| {} s more | `tcp_…` |",
        "| 再加 {} 秒 | `tcp_…` |",
        lambda: postgres("tcp_user_timeout") // 1000,
    ),
    (
        "docs/howto/many-daemons",
        "| {} s | `idle_in_transaction_session_timeout` |",
        "| {} 秒 | `idle_in_transaction_session_timeout` |",
        lambda: postgres("idle_in_transaction_session_timeout") // 1000,
    ),
    (
        "docs/howto/notification-channels",
        "after {} minutes",
        "按 {} 分钟重试",
        lambda: daemon("retry_minutes"),
    ),
    (
        "docs/howto/run-as-a-service",
        "holds for {} seconds (`metrics_seconds`)",
        "管 {} 秒（`metrics_seconds`）",
        lambda: daemon("metrics_seconds"),
    ),
    (
        "docs/howto/run-as-a-service",
        "lock for {} minutes",
        "锁 {} 分钟",
        lambda: limits()["lock_minutes"],
    ),
    (
        "docs/howto/other-systems",
        "Argon2 takes {} MB",
        "argon2 内存默认 {} MB",
        lambda: limits()["argon2"]["memory_kib"] // 1024,
    ),
    (
        "docs/explanation/threats",
        "{} KB of template",
        "{} KB 模板",
        lambda: steps.MAX_LENGTH // 1000,
    ),
    (
        "docs/explanation/threats",
        "{} MB of document",
        "{} MB 文书",
        lambda: render.OUTPUT_BYTES // 1_000_000,
    ),
    ("docs/explanation/threats", "{} counted steps", "计数 {} 步", lambda: f"{steps.STEPS:,}"),
    (
        "docs/explanation/time",
        "More than `clock_hold_days` ({})",
        "`clock_hold_days`（{}）",
        lambda: daemon("clock_hold_days"),
    ),
]


def written(value: object, chinese: bool) -> str:
    """Return a number as a page has it; a list of them one after the other."""
    return ("、" if chinese else ", ").join(map(str, value)) if isinstance(value, list) else str(value)


@pytest.mark.parametrize(
    ("page", "english", "chinese", "value"), CLAIMS, ids=[f"{Path(one[0]).name}: {one[1]}" for one in CLAIMS]
)
def test_a_page_has_the_number_of_the_program(
    page: str, english: str, chinese: str, value: Callable[[], object]
) -> None:
    found = value()
    assert english.format(written(found, False)) in (ROOT / f"{page}.md").read_text("utf-8")
    assert chinese.format(written(found, True)) in (ROOT / f"{page}.zh-CN.md").read_text("utf-8")


def test_what_the_readme_says_of_the_program() -> None:
    english = (ROOT / "README.md").read_text("utf-8")
    assert "Ninety-five [rules]" in english
    assert "九十五条[规则]" in (ROOT / "README.zh-CN.md").read_text("utf-8")
    assert rules() == 95
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    assert 'requires-python = ">=3.11"' in project
    assert "On a machine with Python 3.11 or newer" in english
    assert limits()["token_days_most"] == MAX_TOKEN_DAYS


@pytest.mark.parametrize("page", ["claims.md", "claims.zh-CN.md"])
def test_the_commands_that_show_a_claim_are_there(page: str) -> None:
    text = (ROOT / "docs/explanation" / page).read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    asked = re.findall(r"`make ([a-z]+)", text)
    assert asked
    assert set(asked) <= targets
    named = re.findall(r"tests/[\w/.]+", text)
    assert len(named) >= 8
    assert [one for one in named if not (ROOT / one).exists()] == []
