"""The colours that the user wants, kept from one start to the next."""

from __future__ import annotations

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from gui.style import theme
from gui.style.theme import Scheme

_KEY = "window/scheme"


def scheme() -> Scheme:
    """The colours that were chosen last; those of the system at first."""
    kept = QSettings().value(_KEY, Scheme.SYSTEM.value)
    return Scheme(kept) if kept in {each.value for each in Scheme} else Scheme.SYSTEM


def use_scheme(chosen: Scheme) -> None:
    """Show other colours from now on."""
    QSettings().setValue(_KEY, chosen.value)
    app = QApplication.instance()
    if isinstance(app, QApplication):
        theme.apply(app, chosen)
