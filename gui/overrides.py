"""Guard every Python override of a Qt virtual, so that an error in one does not end the program.

Qt calls an override from C++. On Python 3.11, PySide6 6.8 to 6.11 crash when an error that C code
raised, such as that of `int("x")`, leaves an override before any Python code has caught it. In all
versions, such an error may be dropped when other overrides run before Qt returns to Python.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from types import FunctionType, MethodDescriptorType
from typing import Any

from shiboken6 import Shiboken

_NEW_SUBCLASS = "__init_subclass__"
_GUARDED = "_guarded_override"


def guard_overrides() -> None:
    """Guard the overrides of each subclass of a Qt class that is defined from now on.

    All Qt classes inherit `Shiboken.Object`, which Python notifies of each new subclass.
    """
    setattr(Shiboken.Object, _NEW_SUBCLASS, classmethod(_guard_subclass))


def overrides(cls: type) -> dict[str, FunctionType]:
    """Return the functions by name with which a class itself, or a mixin of it, overrides Qt's."""
    qt_names = [vars(base) for base in cls.__mro__ if issubclass(base, Shiboken.Object)]
    own = [base for base in cls.__mro__ if base is cls or not issubclass(base, Shiboken.Object)]
    return {
        name: value
        for base in reversed(own)
        for name, value in vars(base).items()
        if isinstance(value, FunctionType)
        and any(isinstance(names.get(name), MethodDescriptorType) for names in qt_names)
    }


def is_guarded(function: Callable[..., Any]) -> bool:
    """Return whether a function is guarded."""
    return hasattr(function, _GUARDED)


def _guard_subclass(cls: type[Any], /, **options: Any) -> None:
    super(Shiboken.Object, cls).__init_subclass__(**options)
    for name, function in overrides(cls).items():
        if not is_guarded(function):
            setattr(cls, name, _guard(function))


def _guard(function: FunctionType) -> Callable[..., Any]:
    """Return a function that also passes each error to `sys.excepthook` before it raises it."""

    @wraps(function)
    def guarded(*args: Any, **options: Any) -> Any:
        try:
            return function(*args, **options)
        except BaseException as error:
            sys.excepthook(type(error), error, error.__traceback__)
            raise

    setattr(guarded, _GUARDED, True)
    return guarded
