"""The buttons above the course, which choose what is drawn, for which days, and how."""

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
    """Creates the buttons and adds them to the heading of a card."""

    def __init__(self, card: Card, casebook: Path, today: Callable[[], date]) -> None:
        super().__init__(card)
        self._card = card
        self._has_course = self._is_tight = False
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
        """Add the menu of the Picture button.

        `plot` returns the visible plot; `names` returns the patient's code and further words for
        the caption.
        """
        from gui.plots.picture_menu import picture_menu

        def caption() -> tuple[str, ...]:
            code, *more = names() or ("",)
            return code, _("by cycle") if self.aligned.isChecked() else _("course"), *more

        self.picture.setMenu(
            picture_menu(page, plot, lambda: " ".join(caption()), lambda: " · ".join(caption()))
        )

    def offer_analytes(
        self, keys: Collection[str], chosen: Sequence[str], recorded: Collection[str]
    ) -> None:
        """Offer analytes, by key, to be drawn, and those with records to compare with."""
        names = {key: formulas.formula_name(key) or labs.label(key) for key in keys}
        names = dict(
            sorted(names.items(), key=lambda named: (named[0] not in USUAL_ANALYTES, named[1]))
        )
        self.analytes.offer(names, chosen)
        self.view.offer({key: name for key, name in names.items() if key in recorded})

    def update_layout(self) -> None:
        """Recompute the width of the buttons before the rest of the page is laid out."""
        self._card.head.invalidate()
        if (layout := self._card.layout()) is not None:
            layout.invalidate()
        self._card.updateGeometry()

    def show(self, has_course: bool, aligned: bool, as_table: bool) -> None:
        """Show the buttons if there is a course, and enable those that apply to the view."""
        self._has_course = has_course
        self._show_tools()
        self.range.setEnabled(not aligned and not as_table)
        self.view.setEnabled(not as_table)
        self.view.broken.setEnabled(not aligned)
        self.aligned.setEnabled(not as_table)
        self.picture.setEnabled(not as_table)

    def make_room(self, is_tight: bool) -> None:
        """If there is no room for all buttons, show only those that change the current plot."""
        self._is_tight = is_tight
        self._show_tools()

    def _show_tools(self) -> None:
        plot_tools: tuple[QPushButton, ...] = (self.analytes, self.range, self.view)
        other_tools = (self.aligned, self.table, self.picture)
        for tool in (*plot_tools, *other_tools):
            tool.setVisible(self._has_course and not (self._is_tight and tool in other_tools))

    def _toggle(self, text: str, tip: str) -> QPushButton:
        tool = button(text, "quiet")
        tool.setCheckable(True)
        tool.setToolTip(tip)
        return tool
