"""``language-server``: the checker for editors, over standard input and output."""

from __future__ import annotations

import sys

import click


@click.command("language-server")
def language_server() -> None:
    """为编辑器服务（语言服务器协议，标准输入输出）：边写边查、补全编号、悬停说明和依据。

    例：编辑器里把 YAML 的语言服务器设为 ssj workflow language-server
    """
    from engine.authoring.language_server.server import serve

    serve(sys.stdin.buffer, sys.stdout.buffer)
