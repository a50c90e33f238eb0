"""The icons of the program, drawn from `resources/icons` in the colours of the theme."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from weakref import ref

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt
from PySide6.QtGui import QAction, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton
from shiboken6 import isValid

from gui.style import theme
from gui.style.theme import Theme

NAMES = (
    "alpha",
    "arrow-down",
    "calendar",
    "check-mark",
    "chevron",
    "close",
    "cohort",
    "delete",
    "due",
    "edit",
    "export",
    "import",
    "lock",
    "more",
    "open",
    "patients",
    "plus",
    "search",
    "settings",
    "undo",
    "warning",
)
_SIZES = (16, 20, 32, 40, 64)


def icon(name: str, colour: str | None = None, *, chosen: str | None = None) -> QIcon:
    """Return an icon in a colour (by default soft ink), with another one while checked."""
    colours = theme.current()
    result = QIcon()
    for size in _SIZES:
        result.addPixmap(pixmap(name, colour or colours.ink_soft, size))
        disabled = pixmap(name, colours.edge, size)
        result.addPixmap(disabled, QIcon.Mode.Disabled)
        if chosen:
            result.addPixmap(pixmap(name, chosen, size), QIcon.Mode.Normal, QIcon.State.On)
    return result


def pixmap(name: str, colour: str, size: int) -> QPixmap:
    """Return an icon as a square picture of `size` device pixels."""
    renderer = QSvgRenderer(QByteArray(_drawing(name).replace("#000000", colour).encode()))
    picture = QPixmap(size, size)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return picture


@cache
def _drawing(name: str) -> str:
    return (theme.RESOURCES / "icons" / f"{name}.svg").read_text(encoding="utf-8")


def app_icon() -> QIcon:
    """Return the icon of the program."""
    result = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        result.addPixmap(pixmap("app", "#000000", size))
    return result


def keep(
    target: QAbstractButton | QAction,
    name: str,
    colour: Callable[[Theme], str] = lambda colours: colours.ink_soft,
    chosen: Callable[[Theme], str] | None = None,
) -> None:
    """Set the icon of a button or action, now and after each change of colours."""
    # The connection must not keep the target alive, nor outlive it.
    weak = ref(target)

    def set_icon() -> None:
        if (alive := weak()) is not None and isValid(alive):
            colours = theme.current()
            alive.setIcon(icon(name, colour(colours), chosen=chosen and chosen(colours)))

    set_icon()
    connection = theme.changes().changed.connect(set_icon)
    target.destroyed.connect(lambda: QObject.disconnect(connection))
