"""Values: made like dataclasses, never changed."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Mapping
from dataclasses import FrozenInstanceError, field
from typing import Any

import pytest

from engine.value import Later, bare_value, named_value, value


@value
class Point:
    """A value with a default, one that is made, one that is worked out."""

    x: int
    y: int = 2
    others: Mapping[str, int] = field(default_factory=dict)
    names: list[str] = field(default_factory=lambda: ["a"])
    kept: str | None = field(init=False, default=None, compare=False, repr=False)


@named_value
class Base:
    """What others begin with."""

    who: str
    why: str | None = None


@named_value
class Act(Base):
    """A value with more fields than its base, the first of them without a default."""

    step: str
    double: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "double", 2 * len(self.step))


def test_a_value_is_made_as_a_dataclass_is() -> None:
    point = Point(1)
    assert (point.x, point.y, point.others, point.names, point.kept) == (1, 2, {}, ["a"], None)
    assert point == Point(1, 2, {}, ["a"])
    assert point != Point(1, 3)
    assert repr(point) == "Point(x=1, y=2, others={}, names=['a'])"
    assert Point(1).names is not Point(1).names
    assert dataclasses.replace(point, y=5) == Point(1, 5)
    assert [one.name for one in dataclasses.fields(point)] == ["x", "y", "others", "names", "kept"]
    wrongs: tuple[tuple[Any, ...], ...] = ((), (1, 2, {}, [], 5))
    for wrong in wrongs:
        with pytest.raises(TypeError):
            Point(*wrong)


def test_a_named_value_takes_names_alone_and_is_worked_out_afterwards() -> None:
    act = Act(who="anna", step="go")
    assert (act.who, act.why, act.step, act.double) == ("anna", None, "go", 4)
    assert isinstance(act, Base)
    with pytest.raises(TypeError, match="step"):
        Act(who="anna")  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Act("anna", None, "go")  # type: ignore[call-arg]


@pytest.mark.parametrize("one", [Point(1), Act(who="anna", step="go")])
def test_nothing_of_a_value_is_changed(one: Any) -> None:
    name = dataclasses.fields(one)[0].name
    with pytest.raises(FrozenInstanceError):
        setattr(one, name, 3)
    with pytest.raises(FrozenInstanceError):
        delattr(one, name)
    with pytest.raises((FrozenInstanceError, AttributeError, TypeError)):
        one.another = 1
    assert not hasattr(one, "__dict__")


def test_the_class_of_a_value_is_its_own() -> None:
    assert type(Point(1)) is Point
    assert type(Act(who="anna", step="go")) is Act
    assert hash(Act(who="anna", step="go")) == hash(Act(who="anna", step="go"))
    assert copy.copy(Act(who="anna", step="go")) == Act(who="anna", step="go")
    assert pickle.loads(pickle.dumps(Act(who="anna", step="go"))).step == "go"  # noqa: S301 - made here


def test_a_bare_value_is_equal_to_itself_alone() -> None:
    @bare_value
    class Place:
        line: int
        text: str = ""

    one = Place(1)
    assert (one.line, one.text, one == Place(1), one == one) == (1, "", False, True)
    assert not hasattr(one, "__dict__")
    assert dataclasses.replace(one, text="a").text == "a"


def test_a_later_value_is_made_when_it_is_asked_for_and_once() -> None:
    asked: list[int] = []

    def make() -> None:
        asked.append(1)
        if len(asked) == 1:
            raise LookupError

    later = Later(make)
    assert asked == []
    with pytest.raises(LookupError):
        assert later.value is None
    assert [later.value, later.value, len(asked)] == [None, None, 2]
