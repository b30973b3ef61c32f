"""Options of the whole suite."""

from __future__ import annotations

import pytest
from hypothesis import settings

# The same examples on every run: a test that fails, fails for everybody. `--soak` looks for new ones.
settings.register_profile("fixed", derandomize=True, deadline=None)
settings.register_profile("soak", deadline=None, max_examples=1000)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", action="store_true", help="long random runs: more crashes, more racers")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "soak: runs only with --soak")
    config.addinivalue_line("markers", "browser: drives a real Chromium, skipped where there is none")
    settings.load_profile("soak" if config.getoption("--soak") else "fixed")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--soak"):
        return
    skip = pytest.mark.skip(reason="long: only with --soak")
    for item in items:
        if "soak" in item.keywords:
            item.add_marker(skip)


@pytest.fixture(scope="session")
def soak(request: pytest.FixtureRequest) -> bool:
    """Tell whether long runs are wanted."""
    return bool(request.config.getoption("--soak"))
