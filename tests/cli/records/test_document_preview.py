"""``ssj document preview``: a template printed for the made-up case, without a case."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import docx
from command_fixtures import called

from engine.cli.records.document import group
from engine.definition.resources import forms_dir


def test_a_paper_is_printed_for_the_made_up_case(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "样张.html"
    made = called(group, "preview", "rectification_order", file, home=home)
    assert (made.code, made.out) == (0, f"{file}\n")
    text = file.read_text(encoding="utf-8")
    for part in ("示人社监令〔2026〕5号", "示例甲电子科技有限公司", "申请行政复议", "2026年4月10日"):
        assert part in text
    word = tmp_path / "样张.docx"
    assert called(group, "preview", "rectification_order", word, home=home).code == 0
    assert docx.Document(io.BytesIO(word.read_bytes())).paragraphs


def test_a_template_of_ones_own_is_printed_with_answers_made_up_by_type(home: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    shutil.copytree(home, own)
    text = (forms_dir() / "templates" / "recheck_record.html").read_text(encoding="utf-8")
    (own / "forms" / "templates" / "own_record.html").write_text(text, encoding="utf-8")
    process = own / "workflows" / "follow_up.yaml"
    written = process.read_text(encoding="utf-8").replace("render: recheck_record", "render: own_record")
    process.write_text(written, encoding="utf-8")
    file = tmp_path / "own.html"
    made = called(group, "preview", "own_record", file, home=own)
    assert (made.code, made.err) == (0, "")
    assert "已补订书面劳动合同二份" in file.read_text(encoding="utf-8")


def test_what_cannot_be_printed_is_refused_with_the_way_out(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "样张.html"
    unknown = called(group, "preview", "notic", file, home=home)
    assert (unknown.code, unknown.out) == (1, "")
    assert "没有文书模板“notic”" in unknown.err
    assert "notice" in unknown.err
    assert called(group, "preview", "notice", tmp_path / "样张.odt", home=home).code == 1
    assert not file.exists()
