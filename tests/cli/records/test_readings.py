"""``ssj audit readings`` and ``retention``: who looked at what, shown to those who may; how long what is kept."""

from __future__ import annotations

from pathlib import Path

from command_fixtures import called, done

from engine.cli.records.readings import readings, retention


def test_who_looked_is_listed(home: Path) -> None:
    assert "没有查看" in called(readings, "--as", "leading", home=home).err
    done("register", "show", "inspectors", "insp-02", "--as", "leading", home=home)
    (one,) = called(readings, "--json", "--as", "leading", home=home).json()
    assert (one["person"], one["about"]) == ("leading", "inspectors/insp-02")
    assert "cert_no" in called(readings, "--person", "leading", "--as", "leading", home=home).out
    assert called(readings, "--as", "insp-01", home=home).code == 1
    assert done("audit", "verify", home=home).out == ""


def test_terms_are_listed(home: Path) -> None:
    with (home / "settings.yaml").open("a", encoding="utf-8") as settings:
        settings.write("retention: {inbox: 60}\n")
    found = {one["kind"]: one["days"] for one in called(retention, "--json", home=home).json()}
    assert found["inbox"] == 60
    assert found["messages"] > 60
