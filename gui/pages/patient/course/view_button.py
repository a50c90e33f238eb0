"""The button whose menu says how the course is drawn, and what it is compared with."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from gui.session.preferences import CourseOption, is_on, turn
from gui.style import theme
from model.language import _

NOTHING = ""
PATIENTS = "patients"
"""The choice of what to compare with that is no analyte's key."""


class ViewButton(QPushButton):
    """Two ways to draw the axes, each kept for its casebook, and one thing to compare with."""

    axes_changed = Signal()
    comparison_changed = Signal()

    def __init__(self, casebook: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(_("&View"))
        self.setToolTip(_("Choose how values and days are drawn, and what they stand beside"))
        self.setAutoDefault(False)
        theme.set_kind(self, "quiet")
        self._casebook = casebook
        self.compared = NOTHING
        menu = QMenu(self)
        self.log = self._toggle(menu, _("&Logarithmic values"), CourseOption.LOG)
        self.broken = self._toggle(
            menu, _("Leave out &pauses of more than 180 days"), CourseOption.BROKEN
        )
        menu.addSeparator()
        self.compare = menu.addMenu(_("&Compare"))
        self.setMenu(menu)
        self._choices = QActionGroup(self)
        self.offer({})

    def offer(self, names: Mapping[str, str]) -> None:
        """Offer analytes to compare with, by key; what was compared stays so if it is offered."""
        if self.compared not in (NOTHING, PATIENTS, *names):
            self.compared = NOTHING
        self.compare.clear()
        self._choices.deleteLater()
        self._choices = QActionGroup(self)
        self._choose(_("With &nothing"), NOTHING)
        self._choose(_("With the &other patients"), PATIENTS)
        if names:
            self.compare.addSeparator()
        for key, name in names.items():
            self._choose(_("With %s") % name.replace("&", "&&"), key)

    def _choose(self, text: str, choice: str) -> None:
        action = self.compare.addAction(text)
        action.setCheckable(True)
        action.setChecked(choice == self.compared)
        action.setData(choice)
        self._choices.addAction(action)
        action.triggered.connect(lambda: self._compare_with(choice))

    def _compare_with(self, choice: str) -> None:
        self.compared = choice
        self.comparison_changed.emit()

    def _toggle(self, menu: QMenu, text: str, option: CourseOption) -> QAction:
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(is_on(self._casebook, option))
        action.toggled.connect(lambda on: turn(self._casebook, option, on))
        action.toggled.connect(self.axes_changed)
        return action
