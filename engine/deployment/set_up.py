"""Setting a deployment up: its folder, its YAML, its database, and made-up registers where they are asked for."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from engine.app.commands import Caller
from engine.app.commands.proposals.administrators import set_administrators
from engine.app.commands.publish_definitions import Published, publish
from engine.app.ports.records import RegisterEntry
from engine.app.registers.import_entries import import_entries
from engine.definition.resources import exchange_dir, forms_dir, workflows_dir
from engine.deployment.home import SETTINGS, Home, find_home
from engine.deployment.open import open_application, open_deployment_store
from engine.files.journal import INIT_JOURNAL, read_journal, remove_journal, unfinished_of, write_journal
from engine.language import Message, say
from engine.lifecycle.command import SYSTEM
from engine.store.problem import StoreUnavailableError

if TYPE_CHECKING:
    from engine.app.commands.application import Application
    from engine.app.ports.store import Clock
    from engine.definition.library import Loaded
    from engine.kernel.refusal import Refusal
    from engine.register.sheet.checked_entries import CheckedEntry

_SETTINGS_TEXT = """\
# 本部署的设置。改动后重启守护进程。
database: data/ssj.db        # 或 postgresql://用户@主机/库
synchronous: FULL            # 断电也不丢；NORMAL 更快，断电可能丢最后几笔
channels:                    # 消息渠道：log 文件、inbox 收件箱、mail 邮件、webhook 群机器人、files 文件投递
  log: {path: logs/messages.jsonl}
  inbox: {}                  # 用 ssj inbox 查看、确认
site: public                 # 公示网站生成到这里
"""


#: Folders of a deployment nobody but its owner may look into.
PRIVATE = ("data", "logs")


class FolderNotEmptyError(Exception):
    """The folder for a new deployment holds something already."""

    def __init__(self, path: Path) -> None:
        self.message: Message = say("“{path}”不是空目录；请换一个目录，或先移走其中的内容", path=path)
        super().__init__(str(path))


class NotPublishedError(Exception):
    """The definitions of a new deployment could not be published; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(str(refusal))


@dataclass(frozen=True, slots=True)
class MadeUp:
    """A deployment that was set up."""

    path: Path
    published: Mapping[str, int]
    registers: Mapping[str, int] = field(default_factory=dict)


def set_up(
    directory: Path, *, sample: bool = False, administrators: Sequence[str] = (), clock: Clock | None = None
) -> MadeUp:
    """Make a deployment in `directory`, which must be empty or not exist; goes on where it was broken off.

    `administrators` are the people who confirm what two have to agree to, once they are in the register of people.
    Raises FolderNotEmptyError, StoreUnavailableError; NotPublishedError where the YAML in the folder has errors; once
    they are corrected, the same call goes on.
    """
    begun = read_journal(directory / INIT_JOURNAL)
    sample = sample or bool(begun and begun.get("sample"))
    administrators = administrators or tuple((begun or {}).get("administrators", ()))
    if begun is None:
        if not _is_free(directory):
            raise FolderNotEmptyError(directory)
        with making(directory):
            directory.mkdir(parents=True, exist_ok=True)
            write_journal(
                directory / INIT_JOURNAL,
                {"change": "init", "sample": sample, "administrators": list(administrators)},
            )
    home = fill(directory)
    application = open_application(home, clock=clock, store=open_deployment_store(home, create=True))
    try:
        loaded = load_definitions(home)
        outcome = publish(application, Caller(SYSTEM), loaded)
        if not isinstance(outcome, Published):
            raise NotPublishedError(outcome)
        if administrators:
            set_administrators(application, Caller(SYSTEM), administrators)
        registers: dict[str, int] = {}
        if sample:
            from engine.synthetic.registers import SAMPLE_READER, sample_registers

            year = application.clock.now().astimezone(application.definitions.time.zone).year
            for kind, entries in sample_registers("sample", year=year).items():
                put_entries(application, kind, entries, "sample")
                registers[kind] = len(entries)
            set_reader(application, SAMPLE_READER)
        remove_journal(directory / INIT_JOURNAL)
        return MadeUp(home.path, outcome.new, registers)
    finally:
        application.store.close()


def lay_out(directory: Path) -> Home:
    """Make the folders and copy the standard YAML. Raises FolderNotEmptyError."""
    if not _is_free(directory):
        raise FolderNotEmptyError(directory)
    return fill(directory)


def _is_free(directory: Path) -> bool:
    """Tell whether nothing is at a place but what an `init` leaves that dies before its journal is whole."""
    if not directory.exists():
        return True
    return directory.is_dir() and all(
        one == unfinished_of(directory / INIT_JOURNAL) for one in directory.iterdir()
    )


def fill(directory: Path) -> Home:
    """Make the folders and copy the standard YAML, unless that has been done; goes on where a crash broke it off.

    Raises StoreUnavailableError where there is no room or no permission.
    """
    settings = directory / SETTINGS
    if not settings.is_file():
        with making(directory):
            directory.mkdir(parents=True, exist_ok=True)
            for name, source in (
                ("workflows", workflows_dir()),
                ("forms", forms_dir()),
                ("exchange", exchange_dir()),
            ):
                shutil.copytree(source, directory / name, dirs_exist_ok=True)
            (directory / "calendars").mkdir(exist_ok=True)
            for name in PRIVATE:
                # Registers and cases are not for the other users of the machine; the site beside them may be.
                (directory / name).mkdir(mode=0o700, exist_ok=True)
            # The settings make it a deployment: they come last, and whole.
            unfinished = settings.with_name(f".{SETTINGS}.new")
            unfinished.write_text(_SETTINGS_TEXT, encoding="utf-8")
            unfinished.replace(settings)
    return find_home(str(directory))


@contextmanager
def making(directory: Path) -> Iterator[None]:
    """Say what the system will not allow in `directory`, as StoreUnavailableError."""
    try:
        yield
    except shutil.Error as several:
        # What hinders the first file mostly hinders all.
        raise _cannot_make(directory, several.args[0][0][2]) from None
    except OSError as problem:
        raise _cannot_make(directory, problem) from None


def _cannot_make(directory: Path, problem: object) -> StoreUnavailableError:
    return StoreUnavailableError(
        say("不能在 {path} 建立部署：{problem}；请检查磁盘空间和目录权限", path=directory, problem=problem)
    )


def load_definitions(home: Home) -> Loaded:
    """Load the YAML of a deployment, every problem with it."""
    from engine.definition.file_discovery import definition_files
    from engine.definition.library import load_paths

    return load_paths(definition_files(home.path))


def written_in_first_language(home: Home) -> bool:
    """Tell whether the YAML of a deployment is sound in the first language: it was written for a program of before."""
    from engine.definition.file_discovery import definition_files
    from engine.definition.library import load_paths

    return load_paths(definition_files(home.path), language=1).sound


def put_entries(
    application: Application, kind: str, entries: Sequence[CheckedEntry], source: str, by: str = SYSTEM
) -> None:
    """Import entries the register room has checked."""
    import_entries(application, kind, [as_row(entry) for entry in entries], by, source=source)


def set_reader(application: Application, person: str) -> None:
    """Let `person` be who reads where a command names nobody: for samples and demonstrations only."""
    with application.store.write() as transaction:
        transaction.settings.put("reader", person)


def as_row(entry: CheckedEntry) -> RegisterEntry:
    """Return a checked entry as the office keeps it."""
    return RegisterEntry(entry.kind, entry.id, entry.name, entry.section, dict(entry.data))
