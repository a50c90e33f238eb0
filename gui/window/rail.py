"""The dark rail at the left of the window: a button for each place, and one for the menu."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QLabel, QMenu, QToolButton, QWidget

from gui.actions import Actions, keys_text
from gui.style import icons, theme
from gui.widgets.layout import column
from model.language import _

WIDTH = 56
ICON = 22


class Rail(QFrame):
    """A button per place, of which the open one is checked. Without a casebook only the menu."""

    def __init__(self, actions: Actions, places: list[str], parent: QWidget | None = None) -> None:
        """Create a button for each action in `places`; the last one is at the bottom."""
        super().__init__(parent)
        theme.set_kind(self, "rail")
        self.setFixedWidth(WIDTH)
        self._logo = QLabel()
        self._logo.setFixedHeight(52)
        self._logo.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.places: dict[str, QToolButton] = {}
        self.menu_button = _rail_button(_("Menu"))
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu_button.setToolTip(_("Menu"))
        icons.keep(self.menu_button, "more", _soft, chosen=_ink)
        *upper, last = [self._button(actions[place]) for place in places]
        margins = (0, 4, 0, 8)
        column(self._logo, *upper, 1, self.menu_button, last, spacing=2, margins=margins, of=self)
        theme.changes().changed.connect(self._colour_logo)
        self._colour_logo()

    def show_place(self, place: str) -> None:
        """Mark a place as open; an empty string marks none."""
        for name, button in self.places.items():
            button.setChecked(name == place)

    def show_places(self, visible: bool) -> None:
        """Show or hide the places."""
        for button in self.places.values():
            button.setVisible(visible)

    def set_menu(self, menu: QMenu) -> None:
        """Set the menu of the menu button."""
        self.menu_button.setMenu(menu)

    def _button(self, action: QAction) -> QToolButton:
        button = _rail_button(action.text())
        button.setCheckable(True)
        button.setToolTip(f"{action.text()}  {keys_text(action)}".strip())
        icons.keep(button, action.objectName().partition(".")[2], _soft, chosen=_ink)
        button.clicked.connect(action.trigger)
        self.places[action.objectName()] = button
        return button

    def _colour_logo(self) -> None:
        colours = theme.current()
        ratio = self.devicePixelRatioF()
        picture = icons.pixmap("alpha", colours.rail_accent, round(24 * ratio))
        picture.setDevicePixelRatio(ratio)
        self._logo.setPixmap(picture)


def _rail_button(name: str) -> QToolButton:
    button = QToolButton()
    button.setAccessibleName(name)
    button.setFixedSize(WIDTH, 48)
    button.setIconSize(QSize(ICON, ICON))
    return button


def _soft(colours: theme.Theme) -> str:
    return colours.rail_soft


def _ink(colours: theme.Theme) -> str:
    return colours.rail_ink
