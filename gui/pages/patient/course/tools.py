"""The buttons above the course: what is drawn, for which days, and how."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QPushButton, QWidget

from gui.pages.patient.course.analytes_menu import AnalytesButton
from gui.pages.patient.course.menu_buttons import RangeButton, ViewButton
from gui.session.preferences import USUAL_ANALYTES
from gui.widgets.card import Card, button
from model.derived import formulas
from model.language import _
from model.records import labs

if TYPE_CHECKING:
    from gui.plots.pictures import Plot


class CourseTools(QObject):
    """Makes the buttons and puts them next to the heading of a card."""

    def __init__(self, card: Card, casebook: Path, today: Callable[[], date]) -> None:
        super().__init__(card)
        self._card = card
        self._is_drawn = self._is_tight = False
        self.dismissed = self._toggle("", _("Proposed grades that were dismissed"))
        self.analytes = AnalytesButton()
        self.range = RangeButton(today)
        self.view = ViewButton(casebook)
        self.aligned = self._toggle(_("By &cycle"), _("Overlay the cycles by days since infusion"))
        self.table = self._toggle(_("Ta&ble"), _("Show the course as tables"))
        self.picture = button(_("&Picture"), "quiet")
        self.picture.setToolTip(_("Copy or save the plot"))
        self.side_button = self._toggle("", _("To review, readiness, and what is due"))
        for tool in (
            *(self.dismissed, self.analytes, self.range, self.view),
            *(self.aligned, self.table, self.picture, self.side_button),
        ):
            card.add_action(tool)

    def offer_pictures(
        self, page: QWidget, plot: Callable[[], Plot | None], names: Callable[[], tuple[str, ...]]
    ) -> None:
        """Give the button for pictures its menu.

        `plot` returns what is drawn; `names` the patient's code, and further words for the caption.
        """
        from gui.plots.picture_menu import picture_menu

        def words() -> tuple[str, ...]:
            code, *more = names() or ("",)
            return code, _("by cycle") if self.aligned.isChecked() else _("course"), *more

        self.picture.setMenu(
            picture_menu(page, plot, lambda: " ".join(words()), lambda: " · ".join(words()))
        )

    def offer_analytes(
        self, keys: Collection[str], chosen: Sequence[str], recorded: Collection[str]
    ) -> None:
        """Offer analytes, by key, to draw, and the recorded ones to compare with."""
        names = {key: formulas.name_of(key) or labs.label(key) for key in keys}
        names = dict(
            sorted(names.items(), key=lambda named: (named[0] not in USUAL_ANALYTES, named[1]))
        )
        self.analytes.offer(names, chosen)
        self.view.offer({key: name for key, name in names.items() if key in recorded})

    def measure(self) -> None:
        """Recompute the width of the buttons before anything else is laid out."""
        self._card.head.invalidate()
        if (layout := self._card.layout()) is not None:
            layout.invalidate()
        self._card.updateGeometry()

    def show(self, drawn: bool, aligned: bool, as_table: bool) -> None:
        """Show what can be chosen: nothing without a course, no picture of a table."""
        self._is_drawn = drawn
        self._place()
        self.range.setEnabled(not aligned and not as_table)
        self.view.setEnabled(not as_table)
        self.view.broken.setEnabled(not aligned)
        self.aligned.setEnabled(not as_table)
        self.picture.setEnabled(not as_table)

    def make_room(self, is_tight: bool) -> None:
        """Show only the buttons that change the current plot where there is no room for all."""
        self._is_tight = is_tight
        self._place()

    def _place(self) -> None:
        always: tuple[QPushButton, ...] = (self.analytes, self.range, self.view)
        with_room = (self.aligned, self.table, self.picture)
        for tool in (*always, *with_room):
            tool.setVisible(self._is_drawn and not (self._is_tight and tool in with_room))

    def _toggle(self, text: str, tip: str) -> QPushButton:
        tool = button(text, "quiet")
        tool.setCheckable(True)
        tool.setToolTip(tip)
        return tool
