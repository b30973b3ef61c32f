"""Values: frozen dataclasses that are cheap to make.

The constructor of a frozen dataclass sets each field by a call, past the guard of the class; one of twenty fields costs five
times a plain one, and every step of a case makes ten of them. Here a new value is, while it is being made, of a subclass that
has no guard: its fields are set as those of any object, and then it is of its own class, which lets nobody set any.

The class itself is cheap to make too, for every start of a command makes dozens: `dataclasses` compiles five functions for
each, where comparing, showing and guarding are here the same functions for all, and the constructor alone is compiled.

`Lazy` is for what is worked out when it is first asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from operator import attrgetter
from typing import Any, Generic, TypeVar, cast, dataclass_transform, overload

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value(cls: type[T]) -> type[T]:
    """Make a class a value: compared and hashed by its fields, never changed, without a ``__dict__``."""
    make: Callable[[type[T]], type[T]] = dataclass(slots=True, init=False, repr=False, eq=False)
    return cast(type[T], _with_constructor(_with_methods(make(cls))))


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def named_value(cls: type[T]) -> type[T]:
    """Make a class a value whose fields are given by name alone."""
    make: Callable[[type[T]], type[T]] = dataclass(slots=True, init=False, repr=False, eq=False, kw_only=True)
    return cast(type[T], _with_constructor(_with_methods(make(cls))))


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def bare_value(cls: type[T]) -> type[T]:
    """Make a class a value that is equal to itself alone and that the check of types alone keeps from being changed: made in half the time.

    For what a reader makes by the ten thousand.
    """
    make: Callable[[type[T]], type[T]] = dataclass(slots=True, eq=False, repr=False)
    return make(cls)


#: Where a class keeps what gives the attributes it is compared by.
_COMPARED = "_compared"


def _with_methods(made: Any) -> Any:
    """Give a class what a frozen dataclass has, but for what it has of its own."""
    own = vars(made)
    if "__eq__" not in own:
        setattr(made, _COMPARED, _getter([one.name for one in fields(made) if one.compare]))
        made.__eq__ = _equal
        if own.get("__hash__") is None:
            made.__hash__ = _hashed
    if "__repr__" not in own:
        made.__repr__ = _written
    made.__setattr__, made.__delattr__ = _refuse_to_set, _refuse_to_delete
    made.__getstate__, made.__setstate__ = _state, _restore
    return made


def _getter(names: list[str]) -> Callable[[Any], Any]:
    """Return what gives the named attributes of an object, without a call of Python."""
    return staticmethod(attrgetter(*names)) if names else staticmethod(lambda _: ())


def _equal(self: Any, other: Any) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    compared = self._compared
    return compared(self) == compared(other)


def _hashed(self: Any) -> int:
    return hash(self._compared(self))


def _written(self: Any) -> str:
    shown = [f"{one.name}={getattr(self, one.name)!r}" for one in fields(self) if one.repr]
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _refuse_to_set(_self: Any, name: str, _value: object) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(_self: Any, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, one.name) for one in fields(self)]


def _restore(self: Any, state: list[Any]) -> None:
    for one, found in zip(fields(self), state, strict=True):
        object.__setattr__(self, one.name, found)


def _with_constructor(made: Any) -> Any:
    """Give a class the constructor of its fields, which is compiled when the first value is made.

    Of the classes a short command loads it makes values of less than a half.
    """

    def __init__(self: Any, /, *given: Any, **named: Any) -> None:  # noqa: N807 - the constructor of `made`
        if made.__init__ is __init__:
            made.__init__ = _constructor(made)
        # That of `made` itself: the value may be of a class derived from it.
        made.__init__(self, *given, **named)

    __init__.__qualname__ = f"{made.__qualname__}.__init__"
    made.__init__ = __init__
    return made


def _constructor(made: Any) -> Callable[..., None]:
    """Return the constructor of a class."""
    within: dict[str, Any] = {
        "_set": object.__setattr__,
        "_own": made,
        "_open": type(made)(
            made.__name__,
            (made,),
            {"__slots__": (), "__setattr__": object.__setattr__, "__delattr__": object.__delattr__},
        ),
    }
    given: list[str] = []
    named: list[str] = []
    body = ['    _set(self, "__class__", _open)']
    for one in fields(made):
        if not one.init and one.default is MISSING and one.default_factory is MISSING:
            # Set by `__post_init__`.
            continue
        body.append(f"    self.{one.name} = {_value_of(one, within)}")
        if one.init:
            (named if one.kw_only else given).append(_parameter(one))
    body.append("    self.__class__ = _own")
    if hasattr(made, "__post_init__"):
        body.append("    self.__post_init__()")
    words = ", ".join(["self", *given, *(["*", *named] if named else [])])
    # As `dataclasses` does it: a function of so many arguments cannot be had in another way without a cost to each call.
    exec("\n".join([f"def __init__({words}):", *body]), within)  # noqa: S102
    found: Callable[..., None] = within["__init__"]
    found.__qualname__ = f"{made.__qualname__}.__init__"
    return found


def _parameter(one: Field[Any]) -> str:
    if one.default is MISSING and one.default_factory is MISSING:
        return one.name
    return f"{one.name}=_of_{one.name}"


def _value_of(one: Field[Any], within: dict[str, Any]) -> str:
    """Return what a field is set to, and put what that names `within`."""
    of = f"_of_{one.name}"
    if one.default_factory is not MISSING:
        within[of], within[f"_make_{one.name}"] = MISSING, one.default_factory
        made = "{}" if one.default_factory is dict else f"_make_{one.name}()"
        return f"{made} if {one.name} is {of} else {one.name}" if one.init else made
    if one.default is not MISSING:
        within[of] = one.default
    return one.name if one.init else of


class Lazy(Generic[T]):
    """A decorator of a method without arguments: its value, kept in the ``__dict__`` of the object.

    `functools.cached_property` holds a lock while it works on Python 3.11, which costs more than what is kept here.
    """

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make = make
        self._name = make.__name__
        self.__doc__ = make.__doc__

    @overload
    def __get__(self, owner: None, cls: type) -> Lazy[T]: ...
    @overload
    def __get__(self, owner: object, cls: type) -> T: ...
    def __get__(self, owner: object | None, cls: type) -> Lazy[T] | T:
        """Return the value. Not asked again once it is kept: an attribute of the object comes before this one."""
        if owner is None:
            return self
        value = owner.__dict__[self._name] = self._make(owner)
        return value


class Later(Generic[T]):
    """A value that is made when somebody asks for it first, and kept."""

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], T]) -> None:
        self._make: Callable[[], T] | None = make
        self._made: T | None = None

    @property
    def value(self) -> T:
        """Return the value. Raises what making it raises, each time it is asked for until it is made."""
        if self._make is not None:
            self._made, self._make = self._make(), None
        return cast(T, self._made)
