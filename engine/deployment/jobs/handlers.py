"""What workers do for a deployment: the pieces of each kind of job."""

from __future__ import annotations

import errno
from collections.abc import Collection, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from engine.app.jobs.worker import PieceError, work
from engine.app.queries.papers.archive import Addressee, read_archive
from engine.app.queries.papers.documents import read_document
from engine.deployment.jobs.kinds import ARCHIVE, KINDS, PAPERS
from engine.deployment.jobs.packing import DamagedFilesError, kept_files, pdf_maker, require_as_in_history
from engine.documents.archive import package_bytes
from engine.documents.package.contents import package_name, package_of
from engine.documents.paper.formats import written
from engine.documents.paper.tree import PaperError
from engine.files.output import OutputExistsError, create_file, place_new
from engine.files.reading import read_file
from engine.kernel.budget import PACKAGE, BudgetExceededError
from engine.kernel.refusal import Refusal
from engine.language import say

if TYPE_CHECKING:
    from engine.app.commands.application import Application
    from engine.app.jobs.worker import Handler
    from engine.app.ports.jobs import JobRecord
    from engine.deployment.home import Home


#: What a machine lacks for a time, whatever is written; every other error is about the place somebody named.
OF_THE_MACHINE = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.ENOMEM, errno.EMFILE, errno.ENFILE})


def handlers(application: Application, home: Home) -> Mapping[str, Handler]:
    """Return kind -> what does a piece of it."""

    def archive(job: JobRecord, case: str) -> None:
        """Make the package of a case in the folder of the job; one that is there as it would be made is left alone."""
        whom = Addressee(str(job.words.get("for", Addressee.OFFICE.value)))
        found = read_archive(application, job.made_by, case, whom)
        if isinstance(found, Refusal):
            raise PieceError(say("{text}", text=str(found)))
        try:
            require_as_in_history(found)
            kept = {} if whom is Addressee.FIRM else kept_files(home, found)
        except DamagedFilesError as problem:
            raise PieceError(problem.message) from None
        content = package_bytes(package_of(found, kept, addressee=whom, to_pdf=pdf_maker(home)))
        put_once(folder_of(job, home) / package_name(case, whom), content, job.worker or "")

    def papers(job: JobRecord, document: str) -> None:
        """Write a document in the format of the job into its folder, under its number."""
        found = read_document(application, job.made_by, document)
        if isinstance(found, Refusal):
            raise PieceError(say("{text}", text=str(found)))
        ending = str(job.words["format"])
        made_on = found.made_at.astimezone(application.definitions.time.zone).date()
        try:
            content = written(found.content, ending, made_on, [home.forms / "fonts"])
        except PaperError as problem:
            raise PieceError(problem.message) from None
        name = f"{document.replace('/', '-')}-{found.kind}{ending}"
        put_once(folder_of(job, home) / name, content, job.worker or "")

    return {ARCHIVE: archive, PAPERS: papers}


def folder_of(job: JobRecord, home: Home) -> Path:
    """Return the folder a job writes into. Raises PieceError for one in the deployment, or in its public site.

    A worker has the rights of the service: what it writes there would be published, or taken for what the program wrote.
    """
    folder = Path(str(job.words["folder"])).resolve()
    kept = (home.path.resolve(), home.site.resolve())
    if any(folder.is_relative_to(one) for one in kept):
        raise PieceError(say("“{folder}”在部署目录或公示网站里；请换一个目录", folder=folder))
    return folder


def put_once(path: Path, content: bytes, worker: str) -> None:
    """Write a file that is there already as it would be, or not at all. Raises PieceError, and OSError where the machine has no room left.

    A worker that is ended in the middle leaves nothing under the name; two that write the same leave it once.
    """
    half = path.with_name(f".{path.name}.{worker}.half")
    try:
        if path.is_file():
            if sha256(read_file(path, PACKAGE)).digest() != sha256(content).digest():
                raise PieceError(say("“{file}”已在那里，内容不同", file=str(path)))
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        half.unlink(missing_ok=True)
        create_file(half, content)
        place_new(half, path)
    except (BudgetExceededError, OutputExistsError) as problem:
        raise PieceError(problem.message) from None
    except OSError as problem:
        if problem.errno in OF_THE_MACHINE:
            with suppress(OSError):
                half.unlink(missing_ok=True)
            raise
        raise PieceError(
            say("“{file}”写不了：{why}", file=str(path), why=problem.strerror or str(problem))
        ) from None


def do_jobs(
    application: Application,
    home: Home,
    worker: str,
    most: int | None = None,
    kinds: Collection[str] = KINDS,
) -> int:
    """Do the jobs of `kinds` until none waits, or `most` pieces; return how many pieces were done."""
    known = handlers(application, home)
    chosen = {kind: known[kind] for kind in kinds}
    return work(application.store, application.clock, worker, chosen, most)
