"""Rows, columns and labels in one expression each, as pages and dialogs are built from."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QLayout, QVBoxLayout, QWidget

from gui.style import theme

Margins = tuple[int, int, int, int]
Item = QWidget | QLayout | int | tuple[QWidget | QLayout, int]
"""A widget, a layout, a widget or layout with its stretch, or a number: an empty stretch."""

NONE: Margins = (0, 0, 0, 0)


def row(
    *items: Item, spacing: int = 8, margins: Margins = NONE, of: QWidget | None = None
) -> QHBoxLayout:
    """Return items side by side, as the layout of the widget `of` if one is given."""
    layout = QHBoxLayout(of) if of else QHBoxLayout()
    _fill(layout, items, spacing, margins)
    return layout


def column(
    *items: Item, spacing: int = 8, margins: Margins = NONE, of: QWidget | None = None
) -> QVBoxLayout:
    """Return items from top to bottom, as the layout of the widget `of` if one is given."""
    layout = QVBoxLayout(of) if of else QVBoxLayout()
    _fill(layout, items, spacing, margins)
    return layout


def label(text: str = "", kind: str = "", *, wrap: bool = False, plain: bool = False) -> QLabel:
    """Return a label of a kind of the theme: `title`, `soft`, `hint`, `problem` and so on.

    A `plain` one never reads its text as HTML.
    """
    label = QLabel(text)
    label.setWordWrap(wrap)
    if plain:
        label.setTextFormat(Qt.TextFormat.PlainText)
    if kind:
        theme.set_kind(label, kind)
    return label


def _fill(layout: QBoxLayout, items: tuple[Item, ...], spacing: int, margins: Margins) -> None:
    layout.setContentsMargins(*margins)
    layout.setSpacing(spacing)
    for item in items:
        if isinstance(item, int):
            layout.addStretch(item)
            continue
        part, stretch = item if isinstance(item, tuple) else (item, 0)
        if isinstance(part, QWidget):
            layout.addWidget(part, stretch)
        else:
            layout.addLayout(part, stretch)
