"""The page without a casebook: create one, open one, or look at the demo."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QShowEvent
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from gui.actions import Actions
from gui.session.preferences import recent_casebooks
from gui.style import icons, theme
from gui.widgets.card import Card, button
from gui.widgets.layout import column, label, row
from model.language import _

WIDTH = 620


class WelcomePage(QWidget):
    """Three ways to start, and the recent casebooks. `open_requested` emits the path of one."""

    open_requested = Signal(object)

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        title = QLabel("Theralog")
        title.setFont(theme.sized(title.font(), 28, QFont.Weight.DemiBold))
        tagline = label(_("A casebook for radioligand therapy."), "soft")
        self.new_button = button(_("New casebook…"), "primary")
        self.open_button = button(_("Open casebook…"))
        self.demo_button = button(_("Demo casebook"))
        self.restore_button = button(_("Restore a backup…"), "link")
        for each, action in (
            (self.new_button, "casebook.new"),
            (self.open_button, "casebook.open"),
            (self.demo_button, "casebook.demo"),
            (self.restore_button, "casebook.restore"),
        ):
            each.clicked.connect(actions[action].trigger)
        first = (self.new_button, self.open_button, self.demo_button)
        buttons = row(*first, 1, self.restore_button, spacing=10)
        hint = label(
            _(
                "One casebook is one file, encrypted with your passphrase. Nothing leaves this"
                " computer. The demo has 20 synthetic patients to try everything with."
            ),
            "soft",
            wrap=True,
        )
        self._card = Card(_("Recent"))
        self._recent_buttons: list[QPushButton] = []
        self._list = column(spacing=0)
        self._card.body.setContentsMargins(4, 2, 4, 6)
        self._card.body.addLayout(self._list)
        middle = QWidget()
        middle.setMaximumWidth(WIDTH)
        content = column(title, tagline, spacing=4, margins=(24, 24, 24, 24), of=middle)
        content.addSpacing(20)
        content.addLayout(buttons)
        content.addSpacing(12)
        content.addWidget(hint)
        content.addSpacing(24)
        content.addWidget(self._card)
        column(2, row(1, (middle, 100), 1), 3, of=self)
        self.refresh()

    def refresh(self) -> None:
        """Show the recent casebooks that still exist."""
        for each in self._recent_buttons:
            each.deleteLater()
        recent = recent_casebooks()
        self._recent_buttons = [self._create_button(path) for path in recent]
        for each in self._recent_buttons:
            self._list.addWidget(each)
        self._card.setVisible(bool(recent))

    def showEvent(self, event: QShowEvent) -> None:
        """Update the list, and give the keyboard to the first button."""
        super().showEvent(event)
        self.refresh()
        self.new_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _create_button(self, path: Path) -> QPushButton:
        new_button = button("", "row")
        new_button.setAccessibleName(_("Open {name}").format(name=path.name))
        new_button.setToolTip(str(path))
        new_button.clicked.connect(lambda: self.open_requested.emit(path))
        name, folder = label(path.stem, "strong"), label(kind="hint")
        metrics = QFontMetrics(folder.font())
        folder.setText(metrics.elidedText(_folder(path), Qt.TextElideMode.ElideMiddle, WIDTH - 200))
        picture = QLabel()
        picture.setPixmap(icons.pixmap("open", theme.current().ink_soft, 16))
        for each in (picture, name, folder):
            each.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row(picture, name, folder, 1, spacing=10, margins=(10, 0, 10, 0), of=new_button)
        return new_button


def _folder(path: Path) -> str:
    """Return the folder of a file, with `~` for the home folder."""
    home, folder = Path.home(), path.parent
    return f"~/{folder.relative_to(home)}" if folder.is_relative_to(home) else str(folder)
