"""``ssj site``: building the public site, and looking at it on this machine."""

from __future__ import annotations

import click

from engine.cli.authentication import as_person
from engine.cli.exits import ENVIRONMENT, CommandError
from engine.cli.options import request_id_option
from engine.cli.session import answered, application_of, caller, home_of
from engine.language import LANGUAGES, SOURCE_LANGUAGE, say


@click.group("site")
def group() -> None:
    """公示网站：生成静态页面，或在本机查看。"""


@group.command("build")
@click.option("--language", type=click.Choice(LANGUAGES), default=SOURCE_LANGUAGE, show_default=True)
@as_person("以谁的身份生成")
@request_id_option
@click.pass_context
def build(ctx: click.Context, language: str, person: str, request_id: str | None) -> None:
    """生成公示网站；页面旁边都有 CSV 和 JSON。

    例：ssj site build --as leading
    """
    from engine.deployment.site_channel import build_site_as
    from engine.site.build import SiteBuildError

    home = home_of(ctx)
    try:
        by = caller(person, request_id=request_id)
        report = answered(build_site_as(application_of(ctx), by, home, language))
    except SiteBuildError as problem:
        raise CommandError(problem, ENVIRONMENT) from None
    if report is None:
        raise CommandError(say("还没有已发布的流程；先用 ssj workflow publish 发布"))
    for sentence in report.withheld:
        click.echo(str(sentence), err=True)
    click.echo(
        str(
            say(
                "已生成 {pages} 页、{files} 个文件：{path}",
                pages=report.pages,
                files=report.files,
                path=home.site,
            )
        )
    )


@group.command("serve")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.pass_context
def serve(ctx: click.Context, port: int) -> None:
    """在本机（127.0.0.1）查看公示网站；正式发布请把目录交给网站服务器。"""
    from functools import partial
    from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

    home = home_of(ctx)
    if not (home.site / "index.html").is_file():
        raise CommandError(say("还没有生成网站；先用 ssj site build"))
    handler = partial(SimpleHTTPRequestHandler, directory=str(home.site))
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        click.echo(f"http://127.0.0.1:{server.server_port}/")
        server.serve_forever()
