"""Zips within a budget: lists that are too long, sizes that lie, methods and passwords; every fault is one exception."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest

from engine.files.containers import ContainerError, open_container
from engine.kernel.budget import Budget

SMALL = Budget(bytes=10**6, unpacked=10_000, entries=5)


def packed(tmp_path: Path, files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    file = tmp_path / "f.zip"
    with zipfile.ZipFile(file, "w", method) as package:
        for name, data in files.items():
            package.writestr(name, data)
    return file


def read_all(file: Path, budget: Budget) -> None:
    with open_container(file, budget) as package:
        for name in package.sizes():
            for _ in package.pieces(name):
                pass


def refused(file: Path, budget: Budget = SMALL) -> str:
    with pytest.raises(ContainerError) as problem:
        read_all(file, budget)
    return problem.value.message.render("zh_CN")


def test_a_sound_zip(tmp_path: Path) -> None:
    with open_container(packed(tmp_path, {"a": b"1" * 5000, "b": b""}), SMALL) as package:
        assert package.sizes() == {"a": 5000, "b": 0}
        assert package.read("a", 5000) == b"1" * 5000
        with pytest.raises(ContainerError, match="太大"):
            package.read("a", 4999)
        with pytest.raises(ContainerError, match="损坏"):
            package.read("c", 1)


def test_more_than_the_budget(tmp_path: Path) -> None:
    assert "10000 字节" in refused(packed(tmp_path, {"a": b"1" * 10_001}))
    assert "5 个文件" in refused(packed(tmp_path, {str(n): b"" for n in range(6)}))


def test_a_list_without_end_is_not_read(tmp_path: Path) -> None:
    # What `zipfile` would make a million objects of.
    file = packed(tmp_path, {"a": b"1"})
    whole = file.read_bytes()
    at = whole.rfind(b"PK\x01\x02")
    entry, end = whole[at : whole.rfind(b"PK\x05\x06")], bytearray(whole[whole.rfind(b"PK\x05\x06") :])
    many = 1000
    struct.pack_into("<HHI", end, 8, many, many, len(entry) * many)
    file.write_bytes(whole[:at] + entry * many + bytes(end))
    assert "5 个文件" in refused(file)
    struct.pack_into("<I", end, 12, 1 << 30)
    file.write_bytes(whole[:at] + entry * many + bytes(end))
    assert "损坏" in refused(file)


def test_a_size_that_lies(tmp_path: Path) -> None:
    file = packed(tmp_path, {"a": b"1" * 5000})
    content = bytearray(file.read_bytes())
    at = content.rfind(b"PK\x01\x02")
    for said in (10, 9000):
        struct.pack_into("<I", content, at + 24, said)
        file.write_bytes(content)
        assert refused(file)


@pytest.mark.parametrize(
    ("place", "value", "says"), [(10, 12, "压缩方法"), (10, 99, "压缩方法"), (8, 1, "密码")]
)
def test_methods_and_passwords(tmp_path: Path, place: int, value: int, says: str) -> None:
    file = packed(tmp_path, {"a": b"1" * 50})
    content = bytearray(file.read_bytes())
    struct.pack_into("<H", content, content.rfind(b"PK\x01\x02") + place, value)
    file.write_bytes(content)
    assert says in refused(file)


def test_two_of_one_name(tmp_path: Path) -> None:
    file = tmp_path / "f.zip"
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("a", b"1")
        with pytest.warns(UserWarning, match="Duplicate"):
            package.writestr("a", b"2")
    assert "同名" in refused(file)


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x05\x06" + b"\xff" * 18, b"no zip at all" * 100])
def test_what_is_no_zip(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "f.zip"
    file.write_bytes(content)
    assert "损坏" in refused(file)


def test_any_cut_is_told(tmp_path: Path) -> None:
    whole = packed(tmp_path, {"a": b"12" * 50, "b": b"3"}).read_bytes()
    for length in range(len(whole)):
        (tmp_path / "cut.zip").write_bytes(whole[:length])
        assert refused(tmp_path / "cut.zip")
