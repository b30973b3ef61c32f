"""``ssj document``: templates, previews, and what was filed."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from command_fixtures import called, done

from engine.app.ports.records import Document
from engine.cli.cases.case import group as cases
from engine.cli.records.document import group
from engine.deployment.clocks import SystemClock
from engine.deployment.home import find_home
from engine.deployment.open import open_deployment_store

CONTENT = b"<p>notice</p>"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def filed(home: Path) -> Path:
    done("case", "start", "batch", "--title", "示例期", "--as", "leading", home=home)
    store = open_deployment_store(find_home(str(home)))
    with store.write() as transaction:
        transaction.records.put_document(
            Document("batch-1/1", "batch-1", "notice", "通知.html", DIGEST, CONTENT, SystemClock().now())
        )
    store.close()
    return home


def test_what_was_filed_is_listed_and_taken_out(filed: Path, tmp_path: Path) -> None:
    (row,) = called(group, "list", "batch-1", "--json", home=filed).json()
    assert (row["id"], row["kind"], row["name"], row["sha256"]) == (
        "batch-1/1",
        "notice",
        "通知.html",
        DIGEST,
    )
    assert called(group, "list", "batch-1", home=filed).out == f"batch-1/1\t通知.html\t{DIGEST[:16]}\n"
    file = tmp_path / "out.html"
    assert called(group, "save", "batch-1/1", file, home=filed).out == f"{file}\n"
    assert file.read_bytes() == CONTENT
    assert called(group, "save", "batch-1/2", file, home=filed).code == 1
    none = called(group, "list", "batch-7", home=filed)
    assert (none.code, none.out) == (1, "")
    assert none.err == called(cases, "show", "batch-7", home=filed).err
    assert "没有案件“batch-7”" in none.err


def test_templates_are_listed_and_rendered(filed: Path, tmp_path: Path) -> None:
    names = called(group, "list", home=filed).out.splitlines()
    assert names == sorted(names) != []
    file = tmp_path / "out.html"
    assert called(group, "render", "batch-1", "no_such", file, home=filed).code == 1
    assert called(group, "render", "batch-7", names[0], file, home=filed).code == 1
    assert not file.exists()
    made = called(group, "render", "batch-1", "record", file, home=filed)
    assert (made.code, made.out) == (0, f"{file}\n")
    assert file.read_bytes().lower().startswith(b"<!doctype html>")
    missing = called(group, "render", "batch-1", "notice", tmp_path / "other.html", home=filed)
    assert (missing.code, "用到的值不存在" in missing.err) == (1, True)
    assert not (tmp_path / "other.html").exists()
