"""The layout is BagIt 1.0."""

from __future__ import annotations

import hashlib

from engine.documents.package.bag import bag_of


def test_a_bag_has_what_the_standard_asks_for() -> None:
    files = bag_of(
        "batch/1", {"data/a.txt": b"abc", "data/x/b.txt": b""}, {"External-Description": "两\n行"}, b"<p>"
    )
    inside = {name.removeprefix("1/"): content for name, content in files.items()}
    assert inside["bagit.txt"] == b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    digest = hashlib.sha256(b"abc").hexdigest()
    assert inside["manifest-sha256.txt"].decode().splitlines()[0] == f"{digest}  data/a.txt"
    assert "Payload-Oxum: 3.2\n" in inside["bag-info.txt"].decode()
    assert "External-Description: 两 行\n" in inside["bag-info.txt"].decode()
    tags = {line.split("  ")[1] for line in inside["tagmanifest-sha256.txt"].decode().splitlines()}
    assert tags == {"bagit.txt", "bag-info.txt", "manifest-sha256.txt", "index.html", "verify.py"}
    assert all(name.startswith("1/") for name in files)
