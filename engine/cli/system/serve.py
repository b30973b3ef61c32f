"""``ssj serve`` and ``ssj web``: the workbench, with the daemon beside it or alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from engine.cli.exits import ENVIRONMENT, USAGE, CommandError
from engine.cli.session import home_of
from engine.language import say

if TYPE_CHECKING:
    from socket import socket

    from engine.deployment.home import Home
    from engine.web.serving import Certificate

F = TypeVar("F", bound=Callable[..., Any])

#: Where the workbench is, unless said otherwise.
PORT, HOST = 8000, "127.0.0.1"


def _address_options(command: F) -> F:
    for option in reversed(
        [
            click.option(
                "--port", type=click.IntRange(0, 65535), default=None, help="工作台端口（默认 8000）"
            ),
            click.option("--host", default=HOST, show_default=True, help="监听的地址；0.0.0.0 供局域网访问"),
            click.option(
                "--certificate", default=None, metavar="FILE", help="https 证书文件（须同时给 --key）"
            ),
            click.option("--key", default=None, metavar="FILE", help="https 私钥文件"),
        ]
    ):
        command = option(command)
    return command


@click.command("serve")
@_address_options
@click.option("--health-port", type=click.IntRange(0, 65535), default=None, help="健康检查端口（仅本机）")
@click.option("-v", "--verbose", count=True, help="更多日志")
@click.option("-q", "--quiet", count=True, help="更少日志")
@click.pass_context
def serve(
    ctx: click.Context, /, health_port: int | None, verbose: int, quiet: int, port: int | None, **address: Any
) -> None:
    """启动：守护进程（提醒、升级、送达、公示网站）、工作台与健康检查。按 Ctrl-C 或发 SIGTERM 平稳停止。

    例：ssj --home bureau serve --port 8000
    """
    from engine.cli.system.daemon import run_daemon_of
    from engine.web.missing import WebMissingError, is_installed

    home = home_of(ctx)
    if port is None and not is_installed():
        # Without the extra there is no workbench; who names a port is refused with what to install.
        click.echo(str(WebMissingError().message), err=True)
        code = run_daemon_of(home, health_port, verbose - quiet)
    else:
        with workbench_of(home, port, **address):
            code = run_daemon_of(home, health_port, verbose - quiet)
    raise click.exceptions.Exit(code)


@click.command("web")
@_address_options
@click.pass_context
def web(ctx: click.Context, /, port: int | None, **address: Any) -> None:
    """只启动工作台；守护进程另外运行。按 Ctrl-C 停止。

    例：ssj --home bureau web --port 8000
    """
    from threading import Event

    with workbench_of(home_of(ctx), port, **address):
        Event().wait()


@contextmanager
def workbench_of(
    home: Home, port: int | None, host: str = HOST, certificate: str | None = None, key: str | None = None
) -> Iterator[str]:
    """Serve the workbench of a deployment until the block ends; print its address, and a link where nobody has a password.

    Ends the command where the port is taken or the extra is missing.
    """
    from zoneinfo import ZoneInfo

    from engine.app.commands.sign_in.web_sessions import make_set_up_link
    from engine.app.queries.people.web_sessions import sign_in_state
    from engine.deployment.open import ZONE, open_application
    from engine.web.missing import WebMissingError
    from engine.web.serving import CertificateError, PortTakenError, make_server, served
    from engine.web.workbench import Workbench

    files = _certificate(certificate, key)
    application = open_application(home)
    try:
        bench = Workbench(
            application,
            home.site,
            ZoneInfo(ZONE),
            secure=files is not None,
            profiles=home.path / "profiles",
            home=home,
        )
        server = make_server(bench, files)
        listening = _listening(host, port)
        scheme = "https" if files is not None else "http"
        shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - only what is shown
        address = f"{scheme}://{shown}:{listening.getsockname()[1]}"
        with served(server, listening):
            click.echo(str(say("工作台：{address}/", address=address)))
            state = sign_in_state(application, application.settings)
            if not state.has_passwords and not state.required:
                link = f"{address}/set-up?key={make_set_up_link(application)}"
                click.echo(
                    str(say("还没有人设口令；用这个一次性链接进入（24 小时内有效）：{link}", link=link))
                )
            if host not in ("127.0.0.1", "localhost", "::1") and files is None:
                click.echo(
                    str(
                        say(
                            "提示：没有 https，同一网络里的人可能看到往来的内容；用 --certificate 和 --key 开启"
                        )
                    ),
                    err=True,
                )
            yield address
    except (WebMissingError, PortTakenError, CertificateError) as problem:
        raise CommandError(problem.message, ENVIRONMENT) from None
    finally:
        application.store.close()


def _listening(host: str, port: int | None) -> socket:
    """Return the socket of the workbench: at the port that is named, else at 8000, else at a free one."""
    from engine.web.serving import PortTakenError, bound_socket

    if port is not None:
        return bound_socket(host, port)
    try:
        return bound_socket(host, PORT)
    except PortTakenError:
        return bound_socket(host, 0)


def _certificate(certificate: str | None, key: str | None) -> Certificate | None:
    from engine.web.serving import Certificate

    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        raise CommandError(say("--certificate 和 --key 须同时给出"), USAGE)
    for name in (certificate, key):
        if not Path(name).is_file():
            raise CommandError(say("没有文件“{file}”", file=name), USAGE)
    return Certificate(Path(certificate), Path(key))
