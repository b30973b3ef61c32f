"""``ssj serve`` and ``ssj web``: the address that is printed, the one-time link, ports and certificates."""

from __future__ import annotations

import urllib.request
from pathlib import Path

import pytest
from command_fixtures import called

from engine.cli.exits import CommandError
from engine.cli.system import serve as module
from engine.cli.system.serve import serve, web, workbench_of
from engine.deployment.home import find_home
from engine.web import missing


def test_the_address_and_the_link_are_printed(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (
        workbench_of(find_home(str(home)), 0) as address,
        urllib.request.urlopen(f"{address}/healthz") as answer,  # noqa: S310 - our own address
    ):
        assert answer.status == 200
    out = capsys.readouterr().out
    assert f"{address}/\n" in out
    assert f"{address}/set-up?key=" in out


def test_what_keeps_it_from_serving(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert called(web, "--certificate", "x", home=home).code == 2
    assert called(web, "--certificate", "x", "--key", "y", home=home).code == 2
    assert called(web, home=tmp_path / "nowhere").code == 3
    taken = module._listening("127.0.0.1", 0)
    said = called(web, "--port", taken.getsockname()[1], home=home)
    assert said.code == 3
    monkeypatch.setattr(module, "PORT", taken.getsockname()[1])
    other = module._listening("127.0.0.1", None)
    assert other.getsockname()[1] != taken.getsockname()[1]
    other.close()
    taken.close()
    monkeypatch.setattr(missing, "LIBRARIES", ("no_such_library",))
    said = called(serve, "--port", "0", home=home)
    assert said.code == 3
    assert "shuangsuiji[web]" in said.err
    with pytest.raises(CommandError), workbench_of(find_home(str(home)), 0):
        pass
