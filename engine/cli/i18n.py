"""The words of the command line in the language of the process: click's own sentences, and the help of our commands.

Click's sentences are English and pass through gettext; ours are Chinese and pass through the catalogue. `install_translations` makes
the first speak Chinese, `localize_help` gives a command its help in the language that is asked for now.
"""

from __future__ import annotations

import gettext
import os
import sys
from inspect import cleandoc
from weakref import WeakKeyDictionary

import click

from engine.kernel.plain_text import width
from engine.language import CATALOGUES, SOURCE_LANGUAGE, current_language, say

#: The catalogue of click's sentences, beside those of our own: ``locale/zh_CN/LC_MESSAGES/click.mo``.
DOMAIN = "click"

#: What a path may be, as click calls it -> the same in Chinese.
_PLACES = {"file": "文件", "directory": "目录", "path": "路径"}

#: What an option takes, by the name of its type in click.
_TAKES = {
    "text": "文字",
    "integer": "整数",
    "integer range": "整数",
    "float": "数",
    "file": "文件",
    "filename": "文件",
    "directory": "目录",
    "path": "路径",
}

#: The words for "and so on" in a line of usage.
_USAGE = {
    "[OPTIONS]": "[选项]",
    "COMMAND [ARGS]...": "命令 [参数]...",
    "[COMMAND] [ARGS]...": "[命令] [参数]...",
}

#: Command or option -> its help as it stands in the source, for a process that changes its language.
_source: WeakKeyDictionary[click.Command | click.Parameter, str] = WeakKeyDictionary()
_short: WeakKeyDictionary[click.Command, str] = WeakKeyDictionary()
_takes: WeakKeyDictionary[click.Parameter, str | None] = WeakKeyDictionary()


def install_translations() -> None:
    """Make click say its own sentences in the language of the process, asked for at every sentence.

    Click asks Python's gettext, which looks for the catalogue of its default domain in the languages that the
    environment names. On an office PC that says nothing about the language of the product, so it is named here.
    """
    os.environ["LANGUAGE"] = current_language()
    gettext.bindtextdomain(DOMAIN, CATALOGUES)
    gettext.textdomain(DOMAIN)
    # Columns line up by what is seen: a Chinese character is two places wide.
    vars(sys.modules["click.formatting"])["term_len"] = _width


def localize_help(command: click.Command) -> None:
    """Give a command, its options and the commands below it their help in the language of the process."""
    install_translations()
    _say_help(command)
    # Click makes the option --help once, in the language of that moment, and keeps it.
    vars(command)["_help_option"] = None
    command.options_metavar = _usage(command.options_metavar)
    for parameter in command.params:
        if isinstance(parameter.type, click.Path):
            parameter.type.name = _place(parameter.type.name)
        if isinstance(parameter, click.Option):
            _say_help(parameter)
            _say_type(parameter)
    if isinstance(command, click.Group):
        command.subcommand_metavar = _usage(command.subcommand_metavar) or ""
        for inner in command.commands.values():
            localize_help(inner)


def _say_help(thing: click.Command | click.Option) -> None:
    text = _source.setdefault(thing, thing.help or "")
    if text:
        thing.help = str(say(cleandoc(text)))
    if isinstance(thing, click.Command):
        short = _short.setdefault(thing, thing.short_help or "")
        if short:
            thing.short_help = str(say(cleandoc(short)))


def _say_type(option: click.Option) -> None:
    given = _takes.setdefault(option, option.metavar)
    plain = given is None and not option.is_flag and not option.count
    option.metavar = _TAKES.get(option.type.name) if plain and _chinese() else given


def _place(name: str) -> str:
    for english, chinese in _PLACES.items():
        if name in (english, chinese):
            return chinese if _chinese() else english
    return name


def _usage(metavar: str | None) -> str | None:
    there, wanted = _USAGE.items(), _chinese()
    for english, chinese in there:
        if metavar in (english, chinese):
            return chinese if wanted else english
    return metavar


def _chinese() -> bool:
    return current_language() == SOURCE_LANGUAGE


def _width(text: str) -> int:
    return width(click.unstyle(text))
