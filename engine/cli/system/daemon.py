"""``ssj daemon``: the process that keeps every clock of a deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from engine.cli.exits import ENVIRONMENT, CommandError
from engine.cli.session import home_of

if TYPE_CHECKING:
    from engine.deployment.home import Home


@click.command("daemon")
@click.option("--health-port", type=click.IntRange(0, 65535), default=None, help="健康检查端口（仅本机）")
@click.option("-v", "--verbose", count=True, help="更多日志")
@click.option("-q", "--quiet", count=True, help="更少日志")
@click.pass_context
def daemon(ctx: click.Context, health_port: int | None, verbose: int, quiet: int) -> None:
    """只启动守护进程。"""
    raise click.exceptions.Exit(run_daemon_of(home_of(ctx), health_port, verbose - quiet))


def run_daemon_of(home: Home, health_port: int | None, verbosity: int) -> int:
    """Run the daemon of a deployment until it is stopped; return its exit code."""
    from dataclasses import replace
    from datetime import timedelta

    from engine.deployment.daemon_tasks import DeploymentTasks
    from engine.runtime.daemon import DaemonError, run_daemon
    from engine.runtime.daemon_settings import read_daemon_settings
    from engine.runtime.logs import configure_logs
    from engine.runtime.settings import SettingsError

    configure_logs(verbosity)
    try:
        settings = read_daemon_settings(home.settings, home.path)
        if health_port is not None:
            settings = replace(settings, health_port=health_port)
        every = timedelta(seconds=settings.heartbeat_seconds)
        return run_daemon(lambda: DeploymentTasks(home, settings.retry, beat_every=every), settings)
    except (DaemonError, SettingsError) as problem:
        raise CommandError(
            problem.message if isinstance(problem, DaemonError) else problem, ENVIRONMENT
        ) from None
