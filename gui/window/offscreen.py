"""Qt without a window or a display, for pages that a command draws."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def application() -> Iterator[None]:
    """Provide an application with the program's font and light colours.

    An application that is already running is used as it is. An error in an override of Qt, such as
    one that paints, is raised at the end: Qt drops it where it calls the override.
    """
    from PySide6.QtWidgets import QApplication

    if QApplication.instance() is not None:
        yield
        return
    if sys.platform.startswith("linux"):
        # Even if DISPLAY is set, because a terminal may name a display that it cannot reach.
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        if os.environ.get("LC_ALL") in ("C", "POSIX"):
            # Qt would make the same change, but print a message about it.
            os.environ["LC_ALL"] = "C.UTF-8"
    from gui.style import theme
    from gui.window.app import name_program

    app = QApplication(sys.argv[:1])
    name_program()
    theme.apply(app, theme.Scheme.LIGHT)
    errors: list[BaseException] = []
    hook, sys.excepthook = sys.excepthook, lambda _kind, error, _trace: errors.append(error)
    try:
        yield
        if errors:
            raise errors[0]
    finally:
        sys.excepthook = hook
        app.shutdown()
