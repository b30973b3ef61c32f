"""Each library at a boundary raises each exception of its family: a sentence follows, never a fault of the program."""

from __future__ import annotations

import builtins
import errno
import http.client
import io
import json
import os
import smtplib
import ssl
import urllib.error
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jinja2
import pytest
import yaml
from command_fixtures import ssj
from small_files import a_backup, a_kit, a_package

from engine.app.delivery.deliver import Outcome
from engine.app.ports.records import OutboxItem
from engine.runtime.channels.smtp import MailChannel
from engine.runtime.channels.webhook import WebhookChannel

SYSTEM = [
    PermissionError(errno.EACCES, "Permission denied"), IsADirectoryError(errno.EISDIR, "Is a directory"),
    FileNotFoundError(errno.ENOENT, "No such file"), OSError(errno.EIO, "Input/output error"),
    OSError(errno.ENOSPC, "No space left on device"), OSError(errno.ELOOP, "Too many levels of symbolic links"),
    OSError(errno.ENAMETOOLONG, "File name too long"), OSError(errno.EMFILE, "Too many open files"),
    OSError(errno.EROFS, "Read-only file system"), OSError(errno.ESTALE, "Stale file handle"), TimeoutError(errno.ETIMEDOUT, "timed out"),
    BlockingIOError(errno.EAGAIN, "again"), InterruptedError(errno.EINTR, "interrupted"), MemoryError(),
]  # fmt: skip
JSON = [
    json.JSONDecodeError("x", "y", 0), RecursionError("deep"), ValueError("digits"), UnicodeDecodeError("utf-8", b"x", 0, 1, "y"),
    OverflowError("large"), KeyError("x"), TypeError("x"), AttributeError("x"), IndexError("x"),
]  # fmt: skip
YAML = [
    yaml.YAMLError("x"), yaml.scanner.ScannerError(), yaml.parser.ParserError(), yaml.composer.ComposerError(),
    yaml.constructor.ConstructorError(), yaml.reader.ReaderError("f", 0, "x", "utf-8", "y"), yaml.resolver.ResolverError("x"),
    ValueError("day"), OverflowError("x"), RecursionError("x"), TypeError("x"), KeyError("x"), AttributeError("x"), IndexError("x"),
]  # fmt: skip
JINJA = [
    jinja2.TemplateError("x"), jinja2.TemplateNotFound("f"), jinja2.TemplatesNotFound(["f"]), jinja2.TemplateSyntaxError("x", 1),
    jinja2.TemplateAssertionError("x", 1), jinja2.TemplateRuntimeError("x"), jinja2.UndefinedError("x"),
    jinja2.exceptions.SecurityError("x"), jinja2.exceptions.FilterArgumentError("x"), RecursionError("x"), MemoryError(),
    SyntaxError("x"), NameError("x"), UnboundLocalError("x"), RuntimeError("x"), NotImplementedError("x"), AssertionError("x"),
    TypeError("x"), ValueError("x"), KeyError("x"), ZeroDivisionError("x"), OverflowError("x"), AttributeError("x"),
]  # fmt: skip
MAIL = [
    smtplib.SMTPException("x"), smtplib.SMTPNotSupportedError("x"), smtplib.SMTPServerDisconnected("x"), smtplib.SMTPResponseException(450, b"x"),
    smtplib.SMTPSenderRefused(550, b"x", "a@b.cn"), smtplib.SMTPRecipientsRefused({"a@b.cn": (550, b"x")}), smtplib.SMTPDataError(554, b"x"),
    smtplib.SMTPConnectError(421, b"x"), smtplib.SMTPHeloError(500, b"x"), smtplib.SMTPAuthenticationError(535, b"x"),
    UnicodeEncodeError("ascii", "x", 0, 1, "y"), UnicodeError("label too long"), ValueError("x"),
]  # fmt: skip
TLS = [
    ssl.SSLError(1, "x"), ssl.SSLCertVerificationError(1, "x"), ssl.SSLEOFError(8, "x"), ssl.SSLZeroReturnError(6, "x"),
    ssl.SSLWantReadError(2, "x"), ssl.SSLSyscallError(5, "x"), ssl.CertificateError("x"), ConnectionResetError(104, "x"),
    ConnectionRefusedError(111, "x"), BrokenPipeError(32, "x"), TimeoutError("x"), OSError(113, "No route to host"),
]  # fmt: skip
HTTP = [
    http.client.HTTPException("x"), http.client.BadStatusLine("x"), http.client.IncompleteRead(b"x"), http.client.InvalidURL("x"),
    http.client.RemoteDisconnected("x"), http.client.LineTooLong("x"), http.client.ResponseNotReady("x"), http.client.UnknownProtocol("x"),
    http.client.CannotSendRequest("x"), http.client.ImproperConnectionState("x"), http.client.NotConnected("x"),
    urllib.error.URLError("x"), urllib.error.ContentTooShortError("x", ("", http.client.HTTPMessage())), UnicodeError("label too long"), ValueError("x"),
]  # fmt: skip
#: Classes of these libraries that nobody can meet here, and why.
UNMET = {
    "HTTPError": "an answer, told by its number",
    "UnimplementedFileMode": "files are not posted",
    "CannotSendHeader": "a header after the end of headers: `urllib` sends them in order",
    "UnknownTransferEncoding": "never raised by the library itself",
    "error": "an old name of HTTPException",
}


def name(problem: BaseException) -> str:
    return type(problem).__name__ + (
        f"-{problem.errno}" if isinstance(problem, OSError) and problem.errno else ""
    )


def raising(problem: BaseException) -> Callable[..., Any]:
    def broken(*_: Any, **__: Any) -> Any:
        raise problem

    return broken


@pytest.mark.parametrize(
    ("module", "base", "known"),
    [
        (smtplib, smtplib.SMTPException, MAIL),
        (http.client, http.client.HTTPException, HTTP),
        (ssl, ssl.SSLError, TLS),
        (jinja2.exceptions, jinja2.TemplateError, JINJA),
        (yaml, yaml.YAMLError, YAML),
        (urllib.error, urllib.error.URLError, HTTP),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_the_family_of_each_library_is_whole(module: Any, base: type, known: list[BaseException]) -> None:
    # A later version of a library may have an exception more: then it must be tried here too.
    family = {one for one in vars(module).values() if isinstance(one, type) and issubclass(one, base)}
    tried = {type(problem) for problem in known}
    lacking = {one.__name__ for one in family - tried} - set(UNMET)
    if module is yaml:
        lacking -= {"MarkedYAMLError"}
    assert lacking <= {"EmitterError", "SerializerError", "RepresenterError", "SSLWantWriteError"}


COMMANDS: dict[str, tuple[str, bytes, tuple[str, ...]]] = {
    "profile": ("p.yaml", b"register: objects\n", ("calendar", "import", "{file}")),
    "kit": ("kit/reveal.json", b"{}", ("draw", "verify", "{folder}/kit")),
    "labels": ("labels.txt", b"A-1\n", ("draw", "tickets", "--code", "00" * 32, "--randomness", "x", "--labels", "{file}")),
    "archive": ("p.zip", b"", ("archive", "verify", "{file}")),
    "backup": ("b.zip", b"", ("restore", "{file}", "--verify")),
    "proof": ("proof.json", b"{}", ("audit", "check", "{file}")),
    "definition": ("w.yaml", b"workflow: x\n", ("workflow", "check", "{file}")),
}  # fmt: skip


def prepared(which: str, folder: Path) -> list[str]:
    """Write the file of a command that needs no deployment and return its words."""
    file, content, words = COMMANDS[which]
    (folder / "kit").mkdir(exist_ok=True)
    for name_, data in a_kit().items():
        (folder / "kit" / name_).write_bytes(data)
    content = {"archive": a_package, "backup": a_backup}.get(which, lambda: content)()
    (folder / file).parent.mkdir(exist_ok=True)
    (folder / file).write_bytes(content)
    return [word.format(file=folder / file, folder=folder) for word in words]


@pytest.mark.parametrize("problem", SYSTEM, ids=name)
@pytest.mark.parametrize("which", sorted(COMMANDS))
def test_what_the_system_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, which: str, problem: BaseException
) -> None:
    words = prepared(which, tmp_path)

    def broken(opened: Any) -> Any:
        def call(file: Any, *rest: Any, **more: Any) -> Any:
            if str(file).startswith(str(tmp_path)):
                raise problem
            return opened(file, *rest, **more)

        return call

    monkeypatch.setattr(io, "open", broken(io.open))
    monkeypatch.setattr(builtins, "open", broken(builtins.open))
    monkeypatch.setattr(os, "open", broken(os.open))
    said = ssj(*words)
    # `click` opens the labels itself, and says so with its own number for wrong usage.
    assert said.code in (1, 2, 3)
    assert said.err + said.out
    assert "程序内部出错" not in said.err


@pytest.mark.parametrize("problem", JSON, ids=name)
@pytest.mark.parametrize("which", ["archive", "backup", "proof"])
def test_what_the_reader_of_json_raises(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, which: str, problem: BaseException
) -> None:
    words = prepared(which, tmp_path)
    monkeypatch.setattr("engine.kernel.budget.json.loads", raising(problem))
    said = ssj(*words)
    assert (said.code, "程序内部出错" in said.err) == (1, False)


@pytest.mark.parametrize("problem", YAML, ids=name)
@pytest.mark.parametrize("where", ["parse", "load"])
def test_what_the_reader_of_yaml_raises(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, problem: BaseException
) -> None:
    (tmp_path / "settings.yaml").write_text("site: public\n", encoding="utf-8")
    monkeypatch.setattr(f"engine.yamltext.shape.yaml.{where}", raising(problem))
    said = ssj("case", "list", home=tmp_path)
    assert (said.code, "settings.yaml" in said.err, "程序内部出错" in said.err) == (3, True, False)


@pytest.mark.parametrize("problem", JINJA, ids=name)
def test_what_a_template_raises(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: BaseException
) -> None:
    from engine.documents.render import RenderError, render

    (tmp_path / "f.html").write_text("x", encoding="utf-8")
    monkeypatch.setattr(jinja2.Template, "generate", raising(problem))
    with pytest.raises(RenderError) as refused:
        render("f", {}, [tmp_path])
    assert refused.value.message.render("zh_CN")


@pytest.mark.parametrize(
    "problem", [zipfile.BadZipFile("x"), EOFError(), NotImplementedError("x"), RuntimeError("x")], ids=name
)
def test_what_a_zip_raises_in_a_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: BaseException
) -> None:
    words = prepared("archive", tmp_path)
    monkeypatch.setattr(zipfile.ZipExtFile, "read", raising(problem))
    said = ssj(*words)
    assert (said.code, "解不开" in said.out) == (1, True)


ITEM = OutboxItem(
    id="i-1", kind="message", channel="mail", recipient="p", case=None, payload={"title": "示例", "text": "文字"},
    created_at=datetime(2024, 1, 1, tzinfo=UTC),
)  # fmt: skip


def outcome(channel: Any) -> Outcome:
    found: Outcome
    (found,) = channel.send([ITEM])
    assert found.error is not None
    assert found.error.render("zh_CN")
    return found


def mail() -> MailChannel:
    return MailChannel("mail.example", 25, "a@example.cn", lambda _: "b@example.cn", 1, 1, 10)


@pytest.mark.parametrize("problem", [*MAIL, *TLS], ids=name)
def test_what_a_mail_server_raises(monkeypatch: pytest.MonkeyPatch, problem: BaseException) -> None:
    monkeypatch.setattr(smtplib.SMTP, "__init__", raising(problem))
    outcome(mail())

    class Server:
        send_message = staticmethod(raising(problem))
        quit = staticmethod(raising(problem))
        close = staticmethod(lambda: None)

    monkeypatch.setattr(MailChannel, "connect", lambda _: Server())
    outcome(mail())


@pytest.mark.parametrize("problem", [*HTTP, *TLS], ids=name)
def test_what_posting_raises(monkeypatch: pytest.MonkeyPatch, problem: BaseException) -> None:
    monkeypatch.setattr("urllib.request.OpenerDirector.open", raising(problem))
    outcome(WebhookChannel("https://example.cn/x", "plain", 1, 1, 10))


@pytest.mark.parametrize(
    "content", [b"[" * 60_000, b"[1]", b'"x"', b"null", b"\xff", b"", b'{"errcode": [' + b"[" * 500]
)
def test_answers_of_a_robot_that_are_none(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr("urllib.request.OpenerDirector.open", lambda *_, **__: io.BytesIO(content))
    assert "机器人接口的答复" in str(outcome(WebhookChannel("https://example.cn/x", "wecom", 1, 1, 10)).error)
