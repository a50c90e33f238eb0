"""Frames, chips and buttons that pages are laid out with."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QWidget

from gui.style import theme
from gui.style.theme import Theme
from gui.widgets.layout import column, label, row
from model.language import _


class Card(QFrame):
    """A card with a border and a heading, with room for buttons right of the heading."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_kind(self, "card")
        self.heading = label(title, "heading")
        self.head = row(self.heading, 1, spacing=6, margins=(14, 10, 10, 4))
        self.body = column(margins=(14, 4, 14, 12))
        column(self.head, (self.body, 1), spacing=0, of=self)
        self.heading.setVisible(bool(title))

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Add a widget under the heading."""
        self.body.addWidget(widget, stretch)

    def add_action(self, widget: QWidget) -> None:
        """Add a button at the right of the heading."""
        self.head.addWidget(widget)


class PageHead(QFrame):
    """The strip at the top of a page: title, summary, and room at the right."""

    def __init__(self, title: str) -> None:
        super().__init__()
        theme.set_kind(self, "header")
        heading = label(title, "title")
        self.state = label("", "soft")
        self._row = row(heading, (self.state, 1), spacing=12, margins=(22, 14, 18, 14), of=self)

    def add(self, *widgets: QWidget) -> None:
        """Add widgets at the right."""
        for widget in widgets:
            self._row.addWidget(widget)


class Chip(QLabel):
    """A short text on a small coloured background."""

    def __init__(
        self, text: str, colours: Callable[[Theme], tuple[str, str]] | None = None
    ) -> None:
        """A chip with fill and text colour of the theme, neutral by default."""
        super().__init__(text)
        self._colours = colours or (lambda colours: colours.grade(None))
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFixedHeight(18)
        self._colour()
        theme.changes().changed.connect(self._colour)

    def _colour(self) -> None:
        fill, text = self._colours(theme.current())
        self.setStyleSheet(
            f"background: {fill}; color: {text}; border-radius: 4px; padding: 0 6px;"
            " font-size: 11px; font-weight: 600;"
        )


def grade_chip(grade: int | None, text: str = "") -> Chip:
    """Return a chip in the colours of a grade with `text`, by default `G3`, or `–` for no grade."""
    words = text or (f"G{grade}" if grade else "–")
    chip = Chip(words, lambda colours: colours.grade(grade))
    name = _("Grade {grade}").format(grade=grade) if grade and not text else words
    chip.setAccessibleName(name)
    return chip


def nuclide_chip(nuclide: str, text: str) -> Chip:
    """Return a chip with a text, such as `225Ac-DOTATATE`, in the colour of the nuclide."""
    return Chip(text, lambda colours: (colours.nuclide(nuclide), colours.on_nuclide))


def filter_chip(text: str, parent: QWidget | None = None) -> QPushButton:
    """Return a rounded check button."""
    button = QPushButton(text, parent)
    button.setCheckable(True)
    button.setAutoDefault(False)
    theme.set_kind(button, "chip")
    # Wide enough for the heavier letters while checked.
    bold = theme.sized(button.font(), 12, QFont.Weight.Medium)
    button.setMinimumWidth(QFontMetrics(bold).horizontalAdvance(text) + 24)
    return button


def button(
    text: str,
    kind: str = "",
    parent: QWidget | None = None,
    *,
    on: Callable[..., object] | SignalInstance | None = None,
) -> QPushButton:
    """Return a button of a kind: plain, `primary`, `quiet`, `link`, `danger`; `on` is its slot."""
    button = QPushButton(text, parent)
    button.setAutoDefault(False)
    theme.set_kind(button, kind)
    if on is not None:
        button.clicked.connect(on)
    return button
