"""The page without a casebook: create one, open one, or look at the demo."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from gui.actions import Actions
from gui.session.preferences import recent_casebooks
from gui.style import icons, theme
from gui.widgets.card import Card, button
from model.language import _

WIDTH = 620


class WelcomePage(QWidget):
    """Three ways to start, and the recent casebooks. `open_requested` carries a path."""

    open_requested = Signal(object)

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = QLabel("Theralog")
        title.setFont(theme.sized(title.font(), 28, QFont.Weight.DemiBold))
        claim = QLabel(_("A casebook for radioligand therapy."))
        theme.set_kind(claim, "soft")
        self.new_button = button(_("New casebook…"), "primary")
        self.open_button = button(_("Open casebook…"))
        self.demo_button = button(_("Demo casebook"))
        for each, action in (
            (self.new_button, "casebook.new"),
            (self.open_button, "casebook.open"),
            (self.demo_button, "casebook.demo"),
        ):
            each.clicked.connect(actions[action].trigger)
        ways = QHBoxLayout()
        ways.setSpacing(10)
        for each in (self.new_button, self.open_button, self.demo_button):
            ways.addWidget(each)
        ways.addStretch(1)
        hint = QLabel(
            _(
                "One casebook is one file, encrypted with your passphrase. Nothing leaves this"
                " computer. The demo has 20 synthetic patients to try everything with."
            )
        )
        hint.setWordWrap(True)
        theme.set_kind(hint, "soft")
        self._card = Card(_("Recent"))
        self._lines: list[QPushButton] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        self._card.body.setContentsMargins(4, 2, 4, 6)
        self._card.body.addLayout(self._list)
        middle = QWidget()
        middle.setMaximumWidth(WIDTH)
        column = QVBoxLayout(middle)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(4)
        column.addWidget(title)
        column.addWidget(claim)
        column.addSpacing(20)
        column.addLayout(ways)
        column.addSpacing(12)
        column.addWidget(hint)
        column.addSpacing(24)
        column.addWidget(self._card)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(middle, 100)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        layout.addLayout(row)
        layout.addStretch(3)
        self.refresh()

    def refresh(self) -> None:
        """Show the recent casebooks that still exist."""
        for line in self._lines:
            line.deleteLater()
        recent = recent_casebooks()
        self._lines = [self._line(path) for path in recent]
        for line in self._lines:
            self._list.addWidget(line)
        self._card.setVisible(bool(recent))

    def showEvent(self, event: QShowEvent) -> None:
        """Update the list, and focus the first way to start."""
        super().showEvent(event)
        self.refresh()
        self.new_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _line(self, path: Path) -> QPushButton:
        line = button("", "row")
        line.setAccessibleName(_("Open {name}").format(name=path.name))
        line.setToolTip(str(path))
        line.clicked.connect(lambda: self.open_requested.emit(path))
        name = QLabel(path.stem)
        theme.set_kind(name, "strong")
        folder = QLabel()
        theme.set_kind(folder, "hint")
        metrics = QFontMetrics(folder.font())
        folder.setText(metrics.elidedText(_folder(path), Qt.TextElideMode.ElideMiddle, WIDTH - 200))
        picture = QLabel()
        picture.setPixmap(icons.pixmap("open", theme.current().ink_soft, 16))
        inside = QHBoxLayout(line)
        inside.setContentsMargins(10, 0, 10, 0)
        inside.setSpacing(10)
        for label in (picture, name, folder):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            inside.addWidget(label)
        inside.addStretch(1)
        return line


def _folder(path: Path) -> str:
    """Return the folder of a file, with `~` for the home folder."""
    home, folder = Path.home(), path.parent
    return f"~/{folder.relative_to(home)}" if folder.is_relative_to(home) else str(folder)
