"""``ssj``: finds the group a command belongs to and imports that group alone."""

from __future__ import annotations

import gc
import sys
from contextlib import suppress
from importlib import import_module
from types import ModuleType
from typing import Any

import click

from engine import __version__

#: command -> (module, attribute, one line of help). The help is here so that `ssj --help` imports nothing else.
COMMANDS: dict[str, tuple[str, str, str]] = {
    "init": ("engine.cli.system.init", "init", "新建一个可运行的部署目录"),
    "demo": ("engine.cli.system.demo", "demo", "用虚拟时钟演示完整的一年"),
    "workflow": ("engine.cli.definitions.workflow", "group", "流程定义：检查、列出、发布、模拟"),
    "form": ("engine.cli.definitions.form", "group", "表单库：检查、列出、查看"),
    "register": ("engine.cli.registers.register", "group", "一单两库：导入、列出、快照"),
    "firm": ("engine.cli.registers.firm", "group", "一企一档：查找、历年检查、改名换码"),
    "case": ("engine.cli.cases.case", "group", "案件：启动、列出、查看历史"),
    "task": ("engine.cli.cases.task", "group", "待办：列出、领取、办理、延期"),
    "inbox": ("engine.cli.cases.inbox", "group", "收件箱：查看、确认已读"),
    "incident": ("engine.cli.cases.incident", "group", "异常：查看、重试、关闭"),
    "delegation": ("engine.cli.cases.delegation", "group", "委托：休假、借调期间由他人代办"),
    "draw": ("engine.cli.draws.draw", "group", "抽取：承诺、抽取、核验"),
    "calendar": ("engine.cli.system.calendar", "calendar", "工作日历：推算、查看、导入"),
    "document": ("engine.cli.records.document", "group", "文书：生成、列出"),
    "paper": ("engine.cli.records.paper", "group", "文书的办理：文号、签署、送达、作废"),
    "archive": ("engine.cli.records.archive", "group", "归档包：打包、核验"),
    "job": ("engine.cli.records.job", "group", "作业：进度、停止、重试"),
    "site": ("engine.cli.records.site", "group", "公示网站：生成、查看"),
    "exchange": ("engine.cli.exchange.exchange", "group", "与平台交换的工作簿：导出、核对、导回"),
    "report": ("engine.cli.records.report", "group", "指标与进度报告"),
    "serve": ("engine.cli.system.serve", "serve", "启动守护进程、工作台与健康检查"),
    "web": ("engine.cli.system.serve", "web", "只启动工作台"),
    "daemon": ("engine.cli.system.daemon", "daemon", "只启动守护进程"),
    "doctor": ("engine.cli.system.doctor", "doctor", "检查环境、数据库、日历与时钟"),
    "backup": ("engine.cli.system.backup", "backup", "在线备份"),
    "restore": ("engine.cli.system.backup", "restore", "从备份恢复"),
    "migrate-store": ("engine.cli.system.migrate_store", "migrate_store", "搬到另一个数据库"),
    "audit": ("engine.cli.records.audit", "group", "核验审计链"),
    "user": ("engine.cli.people.user", "group", "人员与角色"),
    "proposal": ("engine.cli.people.proposal", "group", "提请：须两人办理的事"),
}


#: What ``ssj --version`` prints.
VERSION_LINE = f"ssj, version {__version__}"


class LazyGroup(click.Group):
    """A group that has its commands by name and imports one only when it is called."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Read the command line, with click's own errors in the language of the process."""
        if args != ["--version"]:
            # The version is the same in every language, and must not wait for one to be loaded.
            _i18n().install_translations()
        for number, word in enumerate(args, 1):
            if not word.isascii() and not _is_text(word):
                _refuse_bytes(number, word)
        return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; where it fails on a row of the database that somebody has changed, say which."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as problem:
            from engine.cli.damage import say_damage

            say_damage(ctx, problem)
            raise

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order of the year, not of the alphabet."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of one command."""
        found = COMMANDS.get(cmd_name)
        if found is None:
            return None
        module, attribute, _ = found
        command: click.Command = getattr(import_module(module), attribute)
        _i18n().localize_help(command)
        return command

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the line of usage, with which help and errors begin, in the language of the process."""
        _i18n().localize_help(self)
        super().format_usage(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing any of them."""
        from engine.language import say

        with formatter.section(str(say("命令"))):
            formatter.write_dl([(name, str(say(text))) for name, (_, _, text) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command; name the nearest one when there is none."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            from engine.kernel.did_you_mean import nearest
            from engine.language import say

            near = nearest(name, COMMANDS)
            known = say("没有命令“{name}”，是否想用“{near}”？", name=name, near=near) if near else None
            ctx.fail(str(known or say("没有命令“{name}”；用 ssj --help 查看全部命令", name=name)))
        return super().resolve_command(ctx, args)


def _is_text(word: str) -> bool:
    """Tell whether a word of the command line was given in the encoding of the console; bytes that are not are kept as halves of characters."""
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True


def _refuse_bytes(number: int, word: str) -> None:
    """Refuse a word whose bytes are no text, unless it is the name of a file that is there."""
    from os.path import lexists

    if lexists(word.partition("=")[2] if word.startswith("-") else word):
        return
    from engine.kernel.plain_text import visible
    from engine.language import say

    message = say("命令里第 {number} 个词不是 UTF-8 文字：{word}", number=number, word=visible(word[:80]))
    raise click.UsageError(str(message))


def _i18n() -> ModuleType:
    from engine.cli import i18n

    return i18n


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="ssj", message=VERSION_LINE, help="显示版本号后退出。")
@click.option("--home", envvar="SSJ_HOME", default=None, help="部署目录（或环境变量 SSJ_HOME）")
@click.pass_context
def cli(ctx: click.Context, home: str | None) -> None:
    """双随机、一公开：从名录到归档的一整年。"""
    ctx.obj = home
    # Sequences that colour are shown as what they are, and not taken out by click: none is ours.
    ctx.color = True


def main(argv: list[str] | None = None) -> Any:
    """Run the command line; end with the exit code of the contract (0, 1, 2, 3) and never with a traceback."""
    if (sys.argv[1:] if argv is None else argv) == ["--version"] and sys.stdout is not None:
        # The same in every language and in every encoding: nothing has to be loaded to say it.
        # Where it cannot be written, the long way says what is wrong.
        with suppress(OSError):
            sys.stdout.write(f"{VERSION_LINE}\n")
            sys.stdout.flush()
            sys.exit(0)
    from engine.cli.console import decoded
    from engine.cli.exits import run_and_exit

    # Importing makes tens of thousands of objects that live as long as the process: looking through them again and
    # again for garbage is a tenth of the time a short command takes.
    gc.set_threshold(50_000, 20, 50)
    return run_and_exit(cli, argv if argv is not None else decoded(sys.argv[1:]))
