"""Jobs by the command line: a year of packages, how far it has come, cancelled and tried again."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from command_fixtures import called, done

from engine.cli.records.archive import group as archive
from engine.cli.records.job import group

AS = ("--as", "leading")


def test_a_year_without_closed_cases_is_nothing_to_do(home: Path, tmp_path: Path) -> None:
    said = called(archive, "pack-year", "batch", "2024", tmp_path / "out", *AS, home=home)
    assert (said.code, "没有要办理的" in said.err) == (1, True)
    assert called(group, "list", *AS, home=home).out == ""
    for word in ("show", "cancel", "retry"):
        assert called(group, word, "job-1", *AS, home=home).code == 1
    assert called(group, "work", home=home).out == "做了 0 件\n"


def test_jobs_are_done_listed_cancelled_and_tried_again(home: Path, tmp_path: Path) -> None:
    from engine.app.commands import Caller
    from engine.app.commands.papers.jobs import queue_job
    from engine.deployment.home import find_home
    from engine.deployment.open import open_application

    done("case", "start", "batch", "--title", "示例期", *AS, home=home)
    application = open_application(find_home(str(home)))
    words = {"folder": str(tmp_path / "out"), "for": "office"}
    try:
        for _ in range(2):
            made = queue_job(application, Caller("leading"), "archive", words, ["batch-1", "batch-9"])
        assert made == ["job-2"]
    finally:
        application.store.close()
    assert called(group, "cancel", "job-2", *AS, home=home).out == "job-2\tcancelled\n"
    assert called(group, "work", home=home).out == "做了 2 件\n"
    assert called(archive, "verify", tmp_path / "out" / "batch-1.zip").code == 0
    shown = called(group, "show", "job-1", *AS, home=home)
    assert "job-1\tarchive\tfailed\t" in shown.out
    assert "batch-9\t" in shown.out
    assert called(group, "cancel", "job-1", *AS, home=home).code == 1
    assert called(group, "retry", "job-2", *AS, home=home).out == "job-3\tqueued\n"
    # The package is there already and is left alone: the same case gives the same bytes.
    called(group, "work", home=home)
    rows = called(group, "list", "--json", *AS, home=home).json()
    assert [(row["id"], row["state"], list(row["failed"])) for row in rows] == [
        ("job-1", "failed", ["batch-9"]),
        ("job-2", "cancelled", []),
        ("job-3", "failed", ["batch-9"]),
    ]


def test_papers_of_a_year_are_written_once_as_jobs(home: Path, tmp_path: Path) -> None:
    from engine.app.ports.records import Document
    from engine.cli.records.document import group as document
    from engine.deployment.home import find_home
    from engine.deployment.open import open_application

    done("case", "start", "batch", "--title", "示例期", *AS, home=home)
    application = open_application(find_home(str(home)))
    page = b"<html lang='zh-CN'><head><title>t</title></head><body><h1>\xe9\x80\x9a\xe7\x9f\xa5</h1></body></html>"
    at = application.clock.now()
    try:
        with application.store.write() as transaction:
            for number, (name, content) in enumerate(
                (("a.html", page), ("b.html", b"<p>"), ("c.bin", b"x")), 1
            ):
                one = Document(
                    f"batch-1/{number}", "batch-1", "notice", name, sha256(content).hexdigest(), content, at
                )
                transaction.records.put_document(one)
    finally:
        application.store.close()
    year, out = str(at.year), tmp_path / "papers"
    said = called(document, "save-year", "batch", year, out, "--format", "html", *AS, home=home)
    assert said.out == "job-1\n"
    said = called(document, "save-year", "batch", year, out, "--format", "docx", *AS, home=home)
    assert said.out == "job-2\n"
    assert called(group, "work", home=home).out == "做了 4 件\n"
    assert sorted(path.name for path in out.iterdir()) == [
        "batch-1-1-notice.docx",
        "batch-1-1-notice.html",
        "batch-1-2-notice.html",
    ]
    # What is no paper is named, and the rest is there.
    shown = called(group, "show", "job-2", *AS, home=home)
    assert "failed" in shown.out
    assert "batch-1/2\t" in shown.out
    assert called(document, "save-year", "batch", "1999", out, *AS, home=home).code == 1
