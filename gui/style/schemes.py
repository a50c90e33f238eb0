"""The colour scheme that the user chose, kept between starts."""

from __future__ import annotations

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from gui.style import theme
from gui.style.theme import Scheme

_KEY = "window/scheme"


def scheme() -> Scheme:
    """Return the scheme that was chosen last; at first that of the system."""
    stored = QSettings().value(_KEY, Scheme.SYSTEM.value)
    return Scheme(stored) if stored in {each.value for each in Scheme} else Scheme.SYSTEM


def use_scheme(chosen: Scheme) -> None:
    """Apply a scheme and store it as the user's choice."""
    QSettings().setValue(_KEY, chosen.value)
    app = QApplication.instance()
    if isinstance(app, QApplication):
        theme.apply(app, chosen)
