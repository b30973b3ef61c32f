"""Pictures of every paper, page by page: PYTHONPATH=. python tests/documents/pictures.py FOLDER.

The papers of the demonstration's year, the newest of each kind; of kinds the year has none of, the made-up case. Each is written as
PDF by the command an office uses and drawn by poppler's `pdftoppm`. Sheets of six pages are for looking through them.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from engine.deployment.home import find_home
from engine.deployment.open import open_deployment_store

ROOT = Path(__file__).parents[2]
SSJ = [sys.executable, "-c", "from engine.cli.main import main; main()"]
#: Dots to the inch, as an A4 page can be read on a screen; pages on one sheet, side by side and in all.
DOTS, ACROSS, ON_A_SHEET = 80, 3, 6


def main(folder: Path) -> None:
    """Make the year, the papers, the pictures and the sheets."""
    if shutil.which("pdftoppm") is None:
        raise SystemExit(
            "pdftoppm is not here: install poppler-utils (Debian: apt-get install poppler-utils)"
        )
    folder.mkdir(parents=True, exist_ok=True)
    _ssj("demo", str(folder / "demo"), "--seed", "2024")
    for file in [*_of_the_year(folder), *_made_up(folder)]:
        subprocess.run(
            ["pdftoppm", "-r", str(DOTS), "-png", str(file), str(file.with_suffix(""))], check=True
        )
    pages = sorted(folder.glob("*.png"))
    for at in range(0, len(pages), ON_A_SHEET):
        _sheet(pages[at : at + ON_A_SHEET], folder / "sheets" / f"{at // ON_A_SHEET + 1:02}.png")
    print(f"{len(pages)} pages, {-(-len(pages) // ON_A_SHEET)} sheets in {folder / 'sheets'}")


def _of_the_year(folder: Path) -> Iterator[Path]:
    """Write the newest paper of each kind of the year."""
    store = open_deployment_store(find_home(str(folder / "demo")))
    try:
        with store.read() as transaction:
            newest = {
                one.kind: one
                for event in transaction.events.streams()
                for one in transaction.records.documents(event)
            }
    finally:
        store.close()
    for kind, document in sorted(newest.items()):
        file = folder / f"{kind}.pdf"
        _ssj("--home", str(folder / "demo"), "document", "save", document.id, str(file), "--as", "leading")
        yield file


def _made_up(folder: Path) -> Iterator[Path]:
    """Write what the year has no paper of, as the made-up case gives it."""
    for template in sorted((ROOT / "forms/templates").glob("[a-z]*.html")):
        file = folder / f"{template.stem}.pdf"
        if not file.exists():
            made = file.with_stem(f"{template.stem}-made-up")
            _ssj("--home", str(folder / "demo"), "document", "preview", template.stem, str(made))
            yield made


def _sheet(pages: Sequence[Path], file: Path) -> None:
    """Put pages side by side on one picture, their names under them."""
    from PIL import Image, ImageDraw

    file.parent.mkdir(exist_ok=True)
    pictures = [Image.open(page).convert("RGB") for page in pages]
    width, height = max(one.width for one in pictures), max(one.height for one in pictures) + 16
    rows = -(-len(pictures) // ACROSS)
    sheet = Image.new("RGB", (width * min(ACROSS, len(pictures)), height * rows), "white")
    for number, (page, picture) in enumerate(zip(pages, pictures, strict=True)):
        place = (number % ACROSS * width, number // ACROSS * height)
        sheet.paste(picture, place)
        ImageDraw.Draw(sheet).text((place[0] + 8, place[1] + height - 14), page.stem, fill="black")
    sheet.save(file)


def _ssj(*words: str) -> None:
    done = subprocess.run([*SSJ, *words], capture_output=True, text=True, encoding="utf-8", cwd=ROOT)
    if done.returncode != 0:
        raise SystemExit(f"ssj {' '.join(words)}: {done.stderr or done.stdout}")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
