"""Small sound files of the kinds that are containers: a workbook, a kit, an archive package, a backup."""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

_DRAW = str(Path(__file__).parent.parent / "draw")


@cache
def a_workbook() -> bytes:
    """Return a workbook of one register with two rows."""
    import openpyxl

    book = openpyxl.Workbook()
    for row in (["统一社会信用代码", "企业名称", "区县"], ["91990102MA3W55JQ6H", "示例甲有限公司", "清河区"]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@cache
def a_kit() -> Mapping[str, bytes]:
    """Return the files of a verification kit."""
    if _DRAW not in sys.path:
        sys.path.append(_DRAW)
    from material_draw import whole_draw

    from engine.draw.kit import kit_files

    return dict(kit_files(whole_draw()))


@cache
def a_package() -> bytes:
    """Return the archive package of a case."""
    sys.path.append(str(Path(__file__).parent.parent / "documents"))
    from document_material import inspection

    from engine.documents.archive import pack, package_bytes
    from engine.lifecycle.chain import GENESIS, follow

    case = inspection()
    first = follow(case.id, 1, datetime(2024, 1, 1, tzinfo=UTC), "P01", "advanced", {"step": "a"}, GENESIS)
    return package_bytes(pack(case, [first], [], []))


@cache
def a_backup() -> bytes:
    """Return the backup of a deployment without definitions of its own."""
    from engine.deployment.clocks import SystemClock
    from engine.deployment.home import SETTINGS, find_home
    from engine.deployment.open import open_deployment_store
    from engine.operations.backup import _write

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "bureau"
        home.mkdir()
        (home / SETTINGS).write_text("database: data/ssj.db\n", encoding="utf-8")
        open_deployment_store(find_home(str(home)), create=True).close()
        file = Path(folder) / "b.zip"
        _write(find_home(str(home)), file, SystemClock(), False)
        shutil.rmtree(home)
        return file.read_bytes()
