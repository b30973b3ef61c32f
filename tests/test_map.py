"""The map of rooms, `engine/README.md`, and the rooms are the same, in the order of their layers."""

from __future__ import annotations

import re

from tests.test_house import HOUSE, RANK

LINE = re.compile(r"^\| (\d+) \| `([\w/.]+)` \| (\S.*) \|$", re.MULTILINE)


def lines() -> list[tuple[int, str]]:
    """Return layer and room of each line of the map, in its order."""
    page = (HOUSE / "README.md").read_text(encoding="utf-8")
    return [(int(layer), room) for layer, room, _ in LINE.findall(page)]


def rooms() -> set[str]:
    """Return every room of the product, and every folder and module of `app`."""
    found = set()
    for folder in (HOUSE, HOUSE / "app"):
        for path in folder.iterdir():
            if (path / "__init__.py").exists() or (path.suffix == ".py" and not path.stem.startswith("__")):
                found.add(path.relative_to(HOUSE).as_posix())
    return found


def rank(room: str) -> int:
    """Return the layer the house test gives a room."""
    name = room.removesuffix(".py").replace("/", ".")
    return RANK["app.ports"] if name == "app" else RANK[name]


def test_every_room_has_its_line_and_every_line_its_room() -> None:
    assert [room for _, room in lines()] == list(dict.fromkeys(room for _, room in lines()))
    assert {room for _, room in lines()} == rooms()


def test_lines_stand_in_the_order_of_the_layers() -> None:
    for inside_app in (False, True):
        part = [(layer, rank(room)) for layer, room in lines() if room.startswith("app/") is inside_app]
        assert part == sorted(part)
        # Rooms of one number are in one layer, and those of another number in another.
        assert len({layer for layer, _ in part}) == len(set(part)) == len({rank for _, rank in part})
