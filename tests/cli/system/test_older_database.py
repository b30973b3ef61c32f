"""A database of an earlier revision is backed up and upgraded by a person it knows, and by nobody else."""

from __future__ import annotations

import json
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from command_fixtures import done, ssj

from engine.app.commands import Caller
from engine.deployment.home import find_home
from engine.deployment.open import open_application
from engine.kernel.refusal import Refusal
from engine.lifecycle.chain import Event
from engine.operations.backup import is_older
from engine.operations.older_database import open_people, revision_of, upgrade_database
from engine.store.revision import EXPECTED

OLD = Path(__file__).parents[2] / "store/old/deployment_0002.zip"
#: Of `leading`, an operator, whose password is below; and of `leading2`, revoked.
GOOD = "ssj_45b5db03_7V-32jfYjefbdLfjSe-RrsYBFXNimsBxR-l5OVb1_9M"
REVOKED = "ssj_302fb9e2_vAID5BHmCtYsI4m8TCIGaFrmILBspfvlw2aTgHYXKLo"
RIGHT_WORDS = "correct horse battery\n"
#: Known to the old register, without any role that may back up or upgrade.
INSPECTOR = "clerk-market"


@pytest.fixture
def old(tmp_path: Path) -> Path:
    with zipfile.ZipFile(OLD) as package:
        package.extractall(tmp_path / "old")
    return tmp_path / "old"


@pytest.fixture
def guarded(old: Path) -> Path:
    """Return the old deployment with sign-in required."""
    with (old / "settings.yaml").open("a", encoding="utf-8") as settings:
        settings.write("\nsign_in: required\n")
    return old


def office(home: Path) -> list[Event]:
    with closing(open_application(find_home(str(home))).store) as store, store.read() as transaction:
        return list(transaction.events.of("office"))


def password_file(folder: Path, text: str) -> str:
    file = folder / "password"
    file.write_text(text, encoding="utf-8")
    file.chmod(0o600)
    return str(file)


def test_an_upgrade_is_refused_to_whom_the_old_register_gives_no_role(old: Path) -> None:
    for words, said in (
        ((), "工作人员名录已有人员，不能再以 system 的身份办理或查看"),
        (("--as", "nobody"), "名录中没有“nobody”这个人"),
        (("--as", INSPECTOR), f"“{INSPECTOR}”不能办理此事"),
    ):
        outcome = ssj("doctor", "--upgrade", *words, home=old)
        assert outcome.code == 1
        assert said in outcome.err
        assert is_older(find_home(str(old)))


def test_an_upgrade_is_entered_as_the_person_who_made_it(old: Path) -> None:
    assert revision_of(find_home(str(old))) == "0002.1"
    done("doctor", "--upgrade", "--as", "leading", home=old)
    assert revision_of(find_home(str(old))) == EXPECTED
    last = office(old)[-1]
    assert (last.kind, last.actor, last.body) == (
        "upgraded",
        "leading",
        {"from": "0002.1", "to": EXPECTED, "credential": "machine"},
    )
    # Where nothing is to be upgraded nobody is asked, and nothing is entered.
    done("doctor", "--upgrade", "--as", INSPECTOR, home=old)
    assert office(old)[-1] == last
    assert done("audit", "verify", "--as", "leading", home=old).code == 0


def test_where_sign_in_is_required_it_is_proved_by_the_old_passwords_and_tokens(
    guarded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "b.zip"
    for command in (("backup", str(file)), ("doctor", "--upgrade")):
        assert ssj(*command, "--as", "leading", home=guarded).code == 1
        monkeypatch.setenv("SSJ_PASSWORD_FILE", password_file(tmp_path, "wrong horse\n"))
        assert ssj(*command, "--as", "leading", home=guarded).code == 1
        monkeypatch.delenv("SSJ_PASSWORD_FILE")
        monkeypatch.setenv("SSJ_TOKEN", REVOKED)
        assert ssj(*command, home=guarded).code == 1
        monkeypatch.setenv("SSJ_TOKEN", GOOD)
        assert ssj(*command, "--as", "leading2", home=guarded).code == 1
        assert not file.exists()
        assert is_older(find_home(str(guarded)))
        monkeypatch.delenv("SSJ_TOKEN")
    monkeypatch.setenv("SSJ_TOKEN", GOOD)
    done("backup", str(file), home=guarded)
    monkeypatch.delenv("SSJ_TOKEN")
    monkeypatch.setenv("SSJ_PASSWORD_FILE", password_file(tmp_path, RIGHT_WORDS))
    done("doctor", "--upgrade", "--as", "leading", home=guarded)
    assert office(guarded)[-1].actor == "leading"


def test_a_backup_of_an_older_database_says_who_made_it(old: Path, tmp_path: Path) -> None:
    file = tmp_path / "b.zip"
    for words in ((), ("--as", "nobody"), ("--as", INSPECTOR)):
        assert ssj("backup", str(file), *words, home=old).code == 1
        assert not file.exists()
    done("backup", str(file), "--as", "leading", home=old)
    with zipfile.ZipFile(file) as package:
        manifest = json.loads(package.read("manifest.json"))
    assert (manifest["by"], manifest["revision"]) == ("leading", "0002.1")
    done("restore", str(file), str(tmp_path / "new"), "--as", "leading")
    assert office(tmp_path / "new")[-1].body["backed_up_by"] == "leading"


def test_the_database_itself_is_not_touched_by_asking(old: Path) -> None:
    home = find_home(str(old))
    before = (old / "data/ssj.db").read_bytes()
    with open_people(home) as people, people.store.read() as transaction:
        assert transaction.registers.get("people", "leading") is not None
        assert transaction.credentials.get("leading") is not None
        assert transaction.cases.get("watching-1") is None
        assert list(transaction.events.streams()) == []
    assert isinstance(upgrade_database(home, Caller("nobody")), Refusal)
    assert (old / "data/ssj.db").read_bytes() == before
    assert revision_of(home) == "0002.1"
