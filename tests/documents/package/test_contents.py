"""What is in a package: for the office everything in the order of filing, for the firm its case and nothing of others."""

from __future__ import annotations

import hashlib
import json

from package_factories import CASE, PHOTO, bytes_of, case_file

from engine.app.ports.case_file import Addressee
from engine.documents.package.contents import package_name, package_of

BASE = "inspection-17/"


def inside(addressee: Addressee = Addressee.OFFICE) -> dict[str, bytes]:
    found = package_of(
        case_file(), bytes_of(case_file()), addressee=addressee, to_pdf=lambda html, on: b"%PDF"
    )
    return {name.removeprefix(BASE): content for name, content in found.items()}


def test_the_office_has_everything_in_the_order_of_filing() -> None:
    files = inside()
    documents = sorted(name for name in files if name.startswith("data/documents/"))
    assert [name.rpartition("/")[2] for name in documents] == [
        "01-02-notice.html",
        "01-02-notice.pdf",
        "02-01-record.html",
        "02-01-record.pdf",
        "99-03-approval.html",
        "99-03-approval.pdf",
    ]
    assert set(files) >= {
        *(
            "bagit.txt",
            "index.html",
            "verify.py",
            "data/case.json",
            "data/answers.json",
            "data/history.jsonl",
        ),
        *("data/answers.csv", "data/dictionary.csv", "data/contents.csv", "data/draw/commitment.json"),
        *("data/publications/inspection-17-result-1.json", "data/signatures.json"),
    }
    assert "Complete: no" in files["bag-info.txt"].decode()
    assert "缺少：回避声明" in files["index.html"].decode()


def test_no_document_comes_last_without_why() -> None:
    files = inside()
    last = {name.split("/")[-1].split("-")[0] for name in files if name.startswith("data/documents/")}
    rows = files["data/contents.csv"].decode("utf-8-sig").splitlines()[1:]
    assert [row.split(",")[0] for row in rows] == ["1", "2", "3", "99"]
    assert "99" in last
    assert "没有把这种文书列入卷内材料" in rows[-1]


def test_evidence_stands_under_its_digest_and_two_of_one_name_survive() -> None:
    files = inside()
    evidence = {name: content for name, content in files.items() if name.startswith("data/evidence/")}
    digest = hashlib.sha256(PHOTO).hexdigest()
    assert evidence[f"data/evidence/{digest}.jpg"] == PHOTO
    assert len(evidence) == 2
    table = files["data/evidence.csv"].decode("utf-8-sig")
    assert table.count("照片.jpg") == 2
    assert "'=照片" in table


def test_the_same_case_gives_the_same_bytes() -> None:
    assert inside() == inside()


def test_the_firm_has_its_case_and_nothing_of_others() -> None:
    files = inside(Addressee.FIRM)
    assert not [name for name in files if name.startswith(("data/evidence", "data/history", "data/answers"))]
    # What was served on it, and no paper of the inside.
    documents = [name for name in files if name.startswith("data/documents/") and name.endswith(".html")]
    assert [name.rpartition("/")[2] for name in documents] == ["01-02-notice.html"]
    told = json.loads(files["data/case.json"])
    assert told["subject"]["name"] == CASE.subject["name"]
    assert [step["step"] for step in told["steps"]][:2] == ["inspection_approval", "notice"]
    everything = b"".join(content for name, content in files.items() if name != "verify.py").decode()
    assert "P01" not in everything
    assert "检查员" not in everything


def test_a_package_is_called_after_its_case_and_whom_it_is_for() -> None:
    assert package_name("inspection-17", Addressee.OFFICE) == "inspection-17.zip"
    assert package_name("inspection-17", Addressee.FIRM) == "inspection-17-firm.zip"
