"""``--as`` where the deployment asks for a proof, and the commands that give people one."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from command_fixtures import called, done, put_sign_in_mode, ssj

from engine.cli.authentication import as_person, viewing, viewing_lazily
from engine.cli.authentication import secret as read_secret
from engine.cli.exits import CommandError
from engine.cli.session import home_of

pytestmark = pytest.mark.usefixtures("quick_hashing")
START = ("case", "start", "batch", "--title", "示例期", "--as", "leading")


def require(home: Path, value: str = "required") -> None:
    put_sign_in_mode(home, value)


@pytest.fixture(autouse=True)
def nothing_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSJ_TOKEN", "SSJ_TOKEN_FILE", "SSJ_PASSWORD_FILE"):
        monkeypatch.delenv(name, raising=False)


def secret(file: Path, text: str, mode: int = 0o600) -> Path:
    file.write_text(text, encoding="utf-8")
    file.chmod(mode)
    return file


def test_a_token_proves_who_acts(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = done("user", "token", "create", "registrar", "--as", "leading", home=home).out.strip()
    made = done("user", "token", "create", "leading", "--label", "排班", "--as", "leading", home=home)
    token = made.out.strip()
    assert token.startswith("ssj_")
    assert "只显示这一次" in made.err
    require(home)
    said = ssj(*START, home=home)
    assert said.code == 1
    assert "SSJ_TOKEN_FILE" in said.err
    monkeypatch.setenv("SSJ_TOKEN", token)
    done(*START, home=home)
    assert ssj("task", "list", "--as", "leading", home=home).code == 0
    # Somebody else's name is not to be had with it, whatever the command.
    for words in (
        ["case", "start", "batch", "--title", "x", "--as", "leading2"],
        ["task", "list", "--as", "leading2"],
        ["workflow", "publish", "--as", "leading2"],
        ["register", "list", "people", "--as", "leading2"],
    ):
        assert ssj(*words, home=home).code in (1, 2), words
    monkeypatch.delenv("SSJ_TOKEN")
    file = secret(tmp_path / "token", token, 0o644)
    monkeypatch.setenv("SSJ_TOKEN_FILE", str(file))
    said = ssj(*START, home=home)
    assert said.code == 3
    assert "chmod 600" in said.err
    file.chmod(0o600)
    done(*START, home=home)
    name = done("user", "token", "list", "--json", home=home).json()[0]
    assert (name["person"], name["label"], name["good"]) == ("leading", "排班", True)
    done("user", "token", "revoke", name["id"], "--as", "leading", home=home)
    assert "令牌不对" in ssj(*START, home=home).err
    monkeypatch.setenv("SSJ_TOKEN", other)
    assert "已撤销" in done("user", "token", "list", home=home).out
    assert ssj("audit", "verify", "--as", "leading", home=home).code == 1
    require(home, "trust")
    assert done("audit", "verify", "--as", "leading", home=home).code == 0


def test_a_password_proves_who_acts(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good, bad = secret(tmp_path / "good", "correct horse battery\n"), secret(tmp_path / "bad", "wrong\n")
    said = ssj("user", "password", "leading", "--file", bad, "--as", "leading", home=home)
    assert said.code == 1
    assert "至少要" in said.err
    done("user", "password", "leading", "--file", good, "--as", "leading", home=home)
    require(home)
    monkeypatch.setenv("SSJ_PASSWORD_FILE", str(good))
    done(*START, home=home)
    monkeypatch.setenv("SSJ_PASSWORD_FILE", str(bad))
    for _ in range(4):
        assert "编号或口令不对" in ssj(*START, home=home).err
    assert "已锁定" in ssj(*START, home=home).err
    monkeypatch.setenv("SSJ_PASSWORD_FILE", str(good))
    assert "已锁定" in ssj(*START, home=home).err


def test_nobody_gives_another_a_password(home: Path, tmp_path: Path) -> None:
    good = secret(tmp_path / "good", "correct horse battery\n")
    people = done("user", "list", "--json", home=home).json()
    inspector = next(one["id"] for one in people if one["roles"] == [] or "inspector" in str(one["roles"]))
    assert ssj("user", "password", "leading", "--file", good, "--as", inspector, home=home).code == 1
    assert ssj("user", "token", "create", "leading", "--as", inspector, home=home).code == 1
    assert ssj("user", "password", "nobody", "--file", good, "--as", "leading", home=home).code == 1
    assert ssj("user", "token", "revoke", "00000000", "--as", "leading", home=home).code == 1
    assert ssj("user", "token", "create", "leading", "--days", "9999", "--as", "leading", home=home).code == 2


def test_a_policy_nobody_knows(home: Path) -> None:
    with (home / "settings.yaml").open("a", encoding="utf-8") as settings:
        settings.write("\nsign_in: maybe\n")
    said = ssj("task", "list", home=home)
    assert said.code == 3
    assert "trust" in said.err


@click.command()
@as_person("who")
@click.pass_context
def acting_command(ctx: click.Context, person: str) -> None:
    click.echo(f"{person} {home_of(ctx).path.name}")


@click.command()
@viewing
def viewing_command(viewer: str) -> None:
    click.echo(viewer)


@click.command()
@viewing_lazily
def lazy_command(named: str | None) -> None:
    click.echo(named or "nobody")


def test_who_acts_is_taken_at_the_word_until_a_proof_is_asked_for(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSJ_AS", raising=False)
    assert called(acting_command, home=home).code == 1
    assert called(acting_command, "--as", "leading", home=home).out == "leading bureau\n"
    assert called(viewing_command, "--as", "leading", home=home).out == "leading\n"
    assert called(viewing_command, home=home).code == 0, "the reader of a made-up deployment"
    assert called(lazy_command).out == "nobody\n"
    require(home)
    for command in (acting_command, viewing_command):
        unproved = called(command, "--as", "leading", home=home)
        assert (unproved.code, unproved.out) == (1, "")
        assert "本部署要求登录" in unproved.err
    assert called(viewing_command, home=home).code == 1


def test_nobody_is_named_where_there_is_no_reader(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSJ_AS", raising=False)
    said = called(viewing_command, home=bare)
    assert (said.code, said.err) == (1, "请写明是谁在查看：用 --as ID，或设环境变量 SSJ_AS\n")


def test_the_person_of_a_token_at_hand_looks(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = done("user", "token", "create", "insp-01", "--as", "insp-01", home=home).out.strip()
    monkeypatch.setenv("SSJ_TOKEN_FILE", str(secret(tmp_path / "token", text)))
    assert called(viewing_command, home=home).out == "insp-01\n"
    require(home)
    assert called(viewing_command, home=home).out == "insp-01\n"
    assert called(acting_command, "--as", "insp-02", home=home).code == 1
    monkeypatch.setenv("SSJ_TOKEN", "strange")
    assert called(viewing_command, home=home).code == 1


def test_a_secret_that_lies_open_is_not_read(tmp_path: Path) -> None:
    assert read_secret(secret(tmp_path / "kept", "abc\n")) == "abc"
    with pytest.raises(CommandError) as refused:
        read_secret(secret(tmp_path / "open", "abc\n", 0o644))
    assert refused.value.code == 3
    with pytest.raises(CommandError):
        read_secret(tmp_path / "absent")


def test_an_empty_name_is_nobody_and_no_reader(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, acts, lazy = (
        ("case", "list"),
        ("case", "start", "batch", "--title", "x"),
        ("document", "list", "batch-1"),
    )
    for words in (read, acts, lazy, ("backup", str(tmp_path / "b.zip"))):
        for empty in ("", "  "):
            said = ssj(*words, "--as", empty, home=home)
            assert (said.code, said.out) == (1, "")
            assert "SSJ_AS 是空的" in said.err
            monkeypatch.setenv("SSJ_AS", empty)
            assert ssj(*words, home=home).err == said.err
            monkeypatch.delenv("SSJ_AS")
    monkeypatch.setenv("SSJ_AS", "")
    assert ssj(*read, "--as", "leading", home=home).code == 0
    # What reads no deployment asks for nobody.
    assert ssj("document", "list", home=home).code == 0
