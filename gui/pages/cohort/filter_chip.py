"""One filter in words, with a cross that takes it away."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QWidget

from gui.style import icons, theme
from model.language import _

WIDEST = 320
_STYLE = """
QFrame#pill {{ background: {chosen}; border: 1px solid {accent}; border-radius: 11px; }}
QPushButton {{
    background: transparent; border: none; color: {accent_text}; padding: 0 1px 0 9px;
    font-size: 12px; font-weight: 500; min-height: 20px;
}}
QPushButton:focus {{ border: none; text-decoration: underline; padding: 0 1px 0 9px; }}
QToolButton {{ background: transparent; border: none; padding: 0 6px 0 2px; }}
QToolButton:hover, QToolButton:focus {{ background: {card}; border-radius: 10px; }}
"""


class FilterChip(QFrame):
    """A click or Enter on the words edits the filter; the cross or Delete takes it away."""

    edit_requested = Signal()
    remove_requested = Signal()

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pill")
        self.words = _Words(words)
        shown = self.words.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, WIDEST)
        self.words.setText(shown.replace("&", "&&"))
        self.words.setToolTip(_("%s\nEnter: edit; Delete: take away") % words)
        self.words.setAccessibleName(_("Filter %s, edit") % words)
        self.cross = QToolButton()
        self.cross.setToolTip(_("Take this filter away"))
        self.cross.setAccessibleName(_("Take filter %s away") % words)
        self.cross.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        icons.keep(self.cross, "close", lambda colours: colours.accent_text)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.words)
        row.addWidget(self.cross)
        self.words.clicked.connect(self.edit_requested)
        self.words.deleted.connect(self.remove_requested)
        self.cross.clicked.connect(self.remove_requested)
        theme.changes().changed.connect(self._colour)
        self._colour()

    def _colour(self) -> None:
        colours = theme.current()
        self.setStyleSheet(
            _STYLE.format(
                chosen=colours.chosen,
                accent=colours.accent,
                accent_text=colours.accent_text,
                card=colours.card,
            )
        )


class _Words(QPushButton):
    """The words of the chip; Delete is heard before an action of the window takes it."""

    deleted = Signal()

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.setAutoDefault(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.deleted.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)
