"""The files of a case: kept by whoever sees it, given back byte for byte, never run."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from workbench_fixtures import Desk, MemoryFiles, token_of

from engine.documents.thumbnail import SIDE
from engine.web.pages.file import evidence

PDF = b"%PDF-1.4\n%%EOF\n"


def upload(desk: Desk, case: str, *files: tuple[str, bytes], **typed: str) -> object:
    path = f"/cases/{case}/evidence"
    token = token_of(desk.get(path).text)
    return desk.client.post(
        path, data={"form_token": token, **typed}, files=[("file", one) for one in files] or None
    )


@pytest.fixture
def keeping(signed_in: Desk) -> Desk:
    signed_in.bureau.application.files = MemoryFiles()
    return signed_in


def test_a_file_is_kept_and_given_back(keeping: Desk) -> None:
    case = keeping.bureau.start()
    assert upload(keeping, case, ("照片.pdf", PDF), title="现场").status_code == 303  # type: ignore[attr-defined]
    text = keeping.get(f"/cases/{case}/evidence?kept=1").text
    assert "现场" in text
    assert "已存入案卷" in text
    given = keeping.get(f"/files/{case}/F1")
    assert given.content == PDF
    assert given.headers["content-type"] == "application/octet-stream"
    assert given.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E7")


@pytest.mark.parametrize(
    "file", [("a.exe", b"MZ\0"), ("a.pdf", b"<script>alert(1)</script>"), ("a.pdf", b"\x89PNG\r\n\x1a\n")]
)
def test_what_is_no_paper_or_picture_is_refused(keeping: Desk, file: tuple[str, bytes]) -> None:
    case = keeping.bureau.start()
    answer = upload(keeping, case, file)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert 'id="errors"' in answer.text  # type: ignore[attr-defined]
    assert "还没有附件" in answer.text  # type: ignore[attr-defined]


def test_nothing_chosen_and_no_such_file(keeping: Desk) -> None:
    case = keeping.bureau.start()
    assert "请选择要存入的文件" in upload(keeping, case).text  # type: ignore[attr-defined]
    assert keeping.get(f"/files/{case}/F9").status_code in (404, 422)
    keeping.bureau.application.files = None
    assert keeping.get(f"/files/{case}/F1").status_code == 404
    assert evidence.show is not None


def test_a_picture_is_shown_small_and_without_what_the_camera_wrote(keeping: Desk) -> None:
    exif = Image.Exif()
    exif[0x110] = "secret camera"
    out = io.BytesIO()
    Image.new("RGB", (1600, 800), "red").save(out, "JPEG", exif=exif)
    case = keeping.bureau.start()
    assert upload(keeping, case, ("门头.jpg", out.getvalue()), title="门头").status_code == 303  # type: ignore[attr-defined]
    assert upload(keeping, case, ("a.pdf", PDF), title="说明").status_code == 303  # type: ignore[attr-defined]
    for path in (f"/cases/{case}", f"/cases/{case}/evidence"):
        text = keeping.get(path).text
        assert f'<img src="/pictures/{case}/F1" alt="门头"' in text
        assert f"/pictures/{case}/F2" not in text
    small = keeping.get(f"/pictures/{case}/F1")
    assert small.headers["content-type"] == "image/jpeg"
    assert small.headers["x-content-type-options"] == "nosniff"
    with Image.open(io.BytesIO(small.content)) as picture:
        assert max(picture.size) <= SIDE
        assert not picture.getexif()
    assert b"secret" not in small.content
    assert keeping.get(f"/pictures/{case}/F2").status_code == 404
