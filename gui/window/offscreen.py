"""Qt without a window, for pages that a command draws: no display is asked for or needed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def application() -> Iterator[None]:
    """Inside it there is an application with the program's font, in light colours.

    One that runs already serves as it is.
    """
    from PySide6.QtWidgets import QApplication

    if QApplication.instance() is not None:
        yield
        return
    if sys.platform.startswith("linux"):
        # Also where a display is named: a terminal may name one that it cannot reach.
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        if os.environ.get("LC_ALL") in ("C", "POSIX"):
            # Qt would change it itself, and say so where a command has one sentence to say.
            os.environ["LC_ALL"] = "C.UTF-8"
    from gui.style import theme
    from gui.window.app import name_program

    app = QApplication(sys.argv[:1])
    name_program()
    theme.apply(app, theme.Scheme.LIGHT)
    try:
        yield
    finally:
        app.shutdown()
