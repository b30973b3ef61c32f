"""Without the extra one sentence says what to install."""

from __future__ import annotations

import pytest

from engine.web import missing
from engine.web.missing import WebMissingError, is_installed, require_web


def test_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_installed()
    require_web()
    monkeypatch.setattr(missing, "LIBRARIES", ("no_such_library",))
    with pytest.raises(WebMissingError) as raised:
        require_web()
    assert "shuangsuiji[web]" in str(raised.value.message)
