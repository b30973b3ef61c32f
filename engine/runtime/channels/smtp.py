"""Messages by mail: one mail for one person, so that what the server took is never sent twice because of another."""

from __future__ import annotations

import hashlib
import smtplib
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING

from engine.app.delivery.deliver import Outcome
from engine.app.ports.records import OutboxItem
from engine.app.ports.store import ENVIRONMENT_ERRORS
from engine.language import Message, say
from engine.runtime.addresses import Addresses
from engine.runtime.channels.wording import text_of, title_of
from engine.runtime.secret_file import SecretFileError, read_secret

if TYPE_CHECKING:
    from email.policy import Policy

    from engine.runtime.channels import Surroundings
    from engine.runtime.settings import SettingsReader

#: What a mail server, the line to it and its encryption can end in. Every exception of `smtplib` and `ssl` is an OSError;
#: ValueError is a name or an address the protocol cannot carry, RuntimeError a Python without encryption.
SMTP_ERRORS = (OSError, ValueError, RuntimeError)
#: Longest line of a header, in characters (RFC 5322).
_MAX_LINE = 76
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def make(reader: SettingsReader, around: Surroundings) -> MailChannel:
    """Read ``{host, port, from, starttls, tls, ca_file, user, password_env | password_file, …}``."""
    host = reader.text("host", required=True) or ""
    sender = reader.text("from", required=True) or ""
    if sender and _address(sender) is None:
        reader.blame("from", say("“{seen}”不是邮箱地址", seen=sender))
    starttls, tls = reader.flag("starttls"), reader.flag("tls")
    if starttls and tls:
        reader.blame(
            "tls", say("tls 与 starttls 只能选一个：465 端口一般用 tls，25 与 587 端口一般用 starttls")
        )
    ca_file = reader.text("ca_file")
    if ca_file and not (around.home / ca_file).is_file():
        reader.blame("ca_file", say("没有文件“{seen}”", seen=around.home / ca_file))
    user = reader.text("user")
    password = _password(reader, around, user)
    open_login = reader.flag("plain_login")
    if user and not (starttls or tls or open_login or host in _LOOPBACK):
        reader.blame(
            "user", say("口令不能明文传送：请设 starttls: true 或 tls: true；确须明文时设 plain_login: true")
        )
    return MailChannel(
        host=host,
        port=reader.integer("port", least=1, most=65_535),
        sender=sender,
        addresses=around.addresses,
        starttls=starttls,
        tls=tls,
        ca_file=around.home / ca_file if ca_file else None,
        user=user,
        password=password,
        timeout_seconds=reader.integer("timeout_seconds", least=1, most=600),
        batch_seconds=reader.integer("batch_seconds", least=1, most=3_600),
        batch=reader.integer("batch", least=1, most=1_000),
        monotonic=around.monotonic,
    )


def _password(reader: SettingsReader, around: Surroundings, user: str | None) -> str:
    """Return the password from the environment or a file; never from the settings themselves."""
    variable, file = reader.text("password_env"), reader.text("password_file")
    if user is None:
        for name, given in (("password_env", variable), ("password_file", file)):
            if given:
                reader.blame(name, say("有口令却没有用户名：请填写 user，或删去此项"))
        return ""
    if variable:
        if variable not in around.environ:
            reader.blame("password_env", say("环境变量 {name} 没有设置：请在启动前设置", name=variable))
        return around.environ.get(variable, "")
    if file:
        try:
            return read_secret(around.home / file)
        except SecretFileError as problem:
            reader.blame("password_file", problem.message)
            return ""
    reader.blame("user", say("缺口令：用 password_env 指明环境变量，或用 password_file 指明文件"))
    return ""


@dataclass(frozen=True, slots=True)
class MailChannel:
    """Sends through one mail server. A server that cannot be reached fails the whole batch at once."""

    host: str
    port: int
    sender: str
    addresses: Addresses
    timeout_seconds: float
    batch_seconds: float
    batch: int
    starttls: bool = False
    tls: bool = False
    ca_file: Path | None = None
    user: str | None = None
    password: str = field(default="", repr=False)
    #: Seconds on a clock that never goes back.
    monotonic: Callable[[], float] = time.monotonic

    def send(self, items: Sequence[OutboxItem]) -> list[Outcome]:
        """Send each item as a mail of its own; those not tried (no time left, the line lost twice) are left out."""
        return _MailSending(self).send(items)

    def connect(self) -> smtplib.SMTP:
        """Return a connection that is ready to take mail. Raises OSError and ValueError."""
        # Named after the sender: the name of an office computer may be Chinese, or take its time to be looked up.
        own_name = self.sender.rpartition("@")[2]
        if not own_name.isascii():
            own_name = "[127.0.0.1]"
        server: smtplib.SMTP
        if self.tls:
            server = smtplib.SMTP_SSL(
                self.host, self.port, own_name, timeout=self.timeout_seconds, context=self._context()
            )
        else:
            server = smtplib.SMTP(self.host, self.port, own_name, timeout=self.timeout_seconds)
        try:
            if self.starttls:
                server.starttls(context=self._context())
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server

    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.ca_file) if self.ca_file else None)

    def mail(self, item: OutboxItem, address: str) -> EmailMessage:
        """Return the mail for an item: the same bytes at every repeat. Raises ValueError for a bad address."""
        mail = EmailMessage(policy=SMTP)
        mail["Subject"] = _Subject(title_of(item))
        mail["From"] = Address(addr_spec=self.sender)
        mail["To"] = Address(addr_spec=address)
        mail["Date"] = format_datetime(item.created_at)
        mail["Message-ID"] = message_id(item.id, self.sender)
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(text_of(item), cte="base64")
        return mail


class _Subject(str):
    """A subject that is written as it is: each part of it as an encoded word (RFC 2047).

    The library reads the words it is given: of ``=?utf-8?q?=0ABcc:…?=`` it would make a line break and a header.
    """

    __slots__ = ()

    #: By this the library tells a header that is written already.
    name = "Subject"

    def fold(self, *, policy: Policy) -> str:
        """Return the header with its name and line ends."""
        written = Header(str(self), "utf-8", header_name=self.name, maxlinelen=_MAX_LINE)
        return f"{self.name}: {written.encode(linesep=policy.linesep)}{policy.linesep}"


def message_id(item_id: str, sender: str) -> str:
    """Return the Message-ID of an item, by which mail programs drop a repeat."""
    domain = sender.rpartition("@")[2]
    return f"<{hashlib.sha256(item_id.encode()).hexdigest()[:32]}@{domain}>"


class _MailSending:
    """One batch over one connection, or a new one after the server has hung up."""

    def __init__(self, channel: MailChannel) -> None:
        self._channel = channel
        self._server: smtplib.SMTP | None = None
        #: Why the server cannot be used: the rest of the batch is not tried on it.
        self._down: Message | None = None
        #: How many mails running lost their connection. Once may be that mail; twice running is likely the server, and
        #: each of the others would wait as long. They are left untried, not failed: they come again without those two.
        self._lost = 0

    def send(self, items: Sequence[OutboxItem]) -> list[Outcome]:
        monotonic = self._channel.monotonic
        until = monotonic() + self._channel.batch_seconds
        outcomes = []
        try:
            for item in items:
                if monotonic() > until or self._lost > 1:
                    break
                outcomes.append(self._one(item))
        finally:
            self._leave()
        return outcomes

    def _one(self, item: OutboxItem) -> Outcome:
        mail = self._written(item)
        if isinstance(mail, Outcome):
            return mail
        server = self._ready()
        if server is None:
            return Outcome(item.id, self._down)
        try:
            server.send_message(mail)
        except OSError as problem:
            # Every exception of smtplib is an OSError too.
            return self._failed(item, problem)
        except ValueError as problem:
            # An address or a header the protocol cannot carry.
            return Outcome(item.id, say("邮件不能写成：{problem}", problem=problem), final=True)
        self._lost = 0
        return Outcome(item.id)

    def _failed(self, item: OutboxItem, problem: OSError) -> Outcome:
        """Say what a failed sending means for its item, and whether the connection is still good."""
        if isinstance(problem, smtplib.SMTPRecipientsRefused):
            _, (code, answer) = next(iter(problem.recipients.items()))
            return self._refused(item, code, answer)
        if isinstance(problem, smtplib.SMTPSenderRefused):
            # The sender is ours for every mail: a mistake in the settings is not the fault of this item.
            self._drop()
            self._down = say(
                "邮件服务器不接受发件地址 {sender}：{answer}；请核对该通道的 from 与 user",
                sender=self._channel.sender,
                answer=_words(problem.smtp_code, problem.smtp_error),
            )
            return Outcome(item.id, self._down)
        if isinstance(problem, smtplib.SMTPResponseException):
            return self._refused(item, problem.smtp_code, problem.smtp_error)
        self._drop()
        self._lost += 1
        error = self._unreachable(problem)
        return Outcome(item.id, error)

    def _refused(self, item: OutboxItem, code: int, answer: bytes | str) -> Outcome:
        """Return the failure of one mail: 5xx is for ever, 4xx for now, and after 421 the server hangs up."""
        self._lost = 0
        if code == 421:
            self._drop()
        words = _words(code, answer)
        error = say("邮件服务器拒收给“{person}”的邮件：{answer}", person=item.recipient, answer=words)
        return Outcome(item.id, error, final=500 <= code < 600)

    def _written(self, item: OutboxItem) -> EmailMessage | Outcome:
        if not item.recipient:
            return Outcome(item.id, say("没有收件人，不能发邮件"), final=True)
        try:
            address = self._channel.addresses(item.recipient)
        except ENVIRONMENT_ERRORS as problem:
            error = say("查不到收件人的邮箱：{problem}", problem=problem)
            return Outcome(item.id, error, unavailable=True)
        except Exception as problem:  # noqa: BLE001 - the lookup is a parameter; its failure is this item's alone
            return Outcome(item.id, say("查不到收件人的邮箱：{problem}", problem=problem))
        if not address:
            missing = say(
                "名录中没有“{person}”的邮箱；请在人员名录的 email 栏填写后重发", person=item.recipient
            )
            return Outcome(item.id, missing, final=True)
        if _address(address) is None:
            wrong = say(
                "“{person}”的邮箱“{address}”不正确；请更正名录", person=item.recipient, address=address
            )
            return Outcome(item.id, wrong, final=True)
        try:
            return self._channel.mail(item, address)
        except ValueError as problem:
            return Outcome(item.id, say("邮件不能写成：{problem}", problem=problem), final=True)

    def _ready(self) -> smtplib.SMTP | None:
        if self._server is None and self._down is None:
            try:
                self._server = self._channel.connect()
            except smtplib.SMTPAuthenticationError as problem:
                self._down = say(
                    "邮件服务器不接受用户名或口令：{answer}；请核对该通道的 user 与口令",
                    answer=_words(problem.smtp_code, problem.smtp_error),
                )
            except ssl.SSLError as problem:
                self._down = say(
                    "与邮件服务器的加密连接不成：{problem}；自签证书用 ca_file 指明", problem=problem
                )
            except SMTP_ERRORS as problem:
                # ValueError: a user name or password that is no ASCII, which the protocol cannot carry.
                self._down = self._unreachable(problem)
        return self._server

    def _unreachable(self, problem: Exception) -> Message:
        return say(
            "邮件服务器 {host}:{port} 没有正常答复（{kind}：{problem}）；请检查地址、网络与防火墙",
            host=self._channel.host,
            port=self._channel.port,
            kind=type(problem).__name__,
            problem=problem,
        )

    def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    def _leave(self) -> None:
        if self._server is not None:
            try:
                self._server.quit()
            except SMTP_ERRORS:
                # What was taken stays taken, however the server says good-bye.
                self._server.close()


def _words(code: int, answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return f"{code} {' '.join(text.split())}"[:300]


def _address(text: str) -> Address | None:
    try:
        found = Address(addr_spec=text)
    except (ValueError, IndexError, AttributeError, MessageError):
        # The parser of the standard library lets others than its ValueError through for some broken addresses.
        return None
    return found if found.username and found.domain else None
