"""Parts of the History tab: the text above a table, and the plot next to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from gui.pages.patient.record_card import RecordCard
from gui.plots.picture_menu import picture_menu
from gui.style import theme
from gui.widgets.card import button
from gui.widgets.layout import column
from gui.widgets.row_table import ROW_HEIGHT, RowTable
from model.course.grade_history import GradeHistory
from model.language import _

if TYPE_CHECKING:
    from gui.plots.pictures import PaintedPlot, Plot

FEW_COLUMNS_WIDTH, MANY_COLUMNS_WIDTH = 860, 1300
"""From this width in pixels a plot is next to its table, otherwise below it.

A table of many columns needs more width, so that it does not have to be scrolled sideways."""

_HEADER_HEIGHT = 54  # with a horizontal scroll bar, which must not cause a vertical one
_MIN_ROWS = 2
_EMPTY_ROWS = 3  # rows that the text of an empty table takes
_GAP = 12
_INSET = 14


class GradeStoryText(QWidget):
    """A sentence on the grade over time, and below it remarks on what is uncertain."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence, self.remarks = QLabel(), QLabel()
        margins = (_INSET - 1, 0, _INSET, 4)
        column(self.sentence, self.remarks, spacing=3, margins=margins, of=self)
        for label in (self.sentence, self.remarks):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        theme.set_kind(self.remarks, "hint")

    def show_story(self, story: GradeHistory) -> None:
        """Show the sentence and its remarks, or hide if there is no sentence."""
        self.sentence.setText(story.sentence)
        self.remarks.setText("\n".join(story.remarks))
        self.remarks.setVisible(bool(story.remarks))
        self.setVisible(bool(story.sentence))


class _TableWithPlot(QWidget):
    """A table and its plot: side by side if there is room, otherwise one below the other."""

    def __init__(self, table: QWidget, plot: QWidget, min_width: int) -> None:
        super().__init__()
        self._min_width = min_width
        self._layout = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(_GAP)
        self._layout.addWidget(table, 6)
        self._layout.addWidget(plot, 4)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the plot next to the table if there is room, otherwise below it."""
        super().resizeEvent(event)
        direction = QBoxLayout.Direction
        fits = event.size().width() >= self._min_width
        self._layout.setDirection(direction.LeftToRight if fits else direction.TopToBottom)


def put_plot_beside(
    card: RecordCard[Any], plot: QWidget, min_width: int = FEW_COLUMNS_WIDTH
) -> None:
    """Put a plot next to the table of a card, or below it if narrower than `min_width` pixels."""
    card.body.removeWidget(card.table)
    card.add(_TableWithPlot(card.table, plot, min_width), 1)


def make_picture_button(
    page: QWidget, plot: Plot | PaintedPlot, words: Callable[[], tuple[str, ...]]
) -> QPushButton:
    """Return a button whose menu copies or saves a plot; `words` names patient and content."""
    new_button = button(_("Picture"), "quiet")
    new_button.setToolTip(_("Copy or save the plot"))
    new_button.setAccessibleName(_("Picture: {content}").format(content=words()[-1]))
    new_button.setMenu(
        picture_menu(page, lambda: plot, lambda: " ".join(words()), lambda: " · ".join(words()))
    )
    return new_button


def fit_rows(table: RowTable[Any], max_rows: int) -> None:
    """Set the height of a table to that of its rows, at most `max_rows`; the others scroll."""
    rows = min(max(len(table.records()), _MIN_ROWS), max_rows) if table.records() else _EMPTY_ROWS
    table.setMinimumHeight(_HEADER_HEIGHT + rows * ROW_HEIGHT)
    # By default the size hint of a view has room for six rows, whatever it contains.
    table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
