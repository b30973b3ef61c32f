"""What lies beside the templates: blocks of text, and what papers are called."""

from __future__ import annotations

from pathlib import Path

from engine.documents.template_folder import read_texts, template_titles


def test_blocks_of_text_of_the_first_folder_that_has_them(tmp_path: Path) -> None:
    own, standard = tmp_path / "own", tmp_path / "standard"
    for folder in (own, standard):
        folder.mkdir()
    (own / "discipline.txt").write_text("\ufeff一\n\n# 注\n  二 \n", "utf-8")
    (standard / "discipline.txt").write_text("三\n", "utf-8")
    (standard / "rights.txt").write_text("四\n#五\n", "utf-8")
    (standard / "other.md").write_text("六\n", "utf-8")
    assert read_texts([own, standard]) == {"discipline": ["一", "二"], "rights": ["四"]}
    assert read_texts([tmp_path / "missing"]) == {}


def test_a_paper_is_called_by_the_part_of_its_title_that_never_changes(tmp_path: Path) -> None:
    own, standard = tmp_path / "own", tmp_path / "standard"
    for folder in (own, standard):
        folder.mkdir()
    (own / "notice.html").write_text("<title>通知书 {{ number }}</title>", "utf-8")
    (standard / "notice.html").write_text("<title>别的</title>", "utf-8")
    (standard / "other.html").write_text("<title>{{ number }}</title>", "utf-8")
    (standard / "plain.html").write_text("<p>", "utf-8")
    assert template_titles([own, standard]) == {"notice": "通知书"}
    assert template_titles([tmp_path / "missing"]) == {}
