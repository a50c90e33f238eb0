"""Parts of the History tab: text above a table, and a plot next to one."""

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
from model.course.grade_story import GradeStory
from model.language import _

if TYPE_CHECKING:
    from gui.plots.pictures import Painted, Plot

WIDE, WIDEST = 860, 1300
"""Pixels of width from which a plot is next to its table, not below it: for a table of few columns,
and for one of many, which would otherwise have to be scrolled sideways."""

_HEADER = 54  # with a horizontal scroll bar, which must not cause a vertical one
_FEWEST = 2
_WORDS = 3  # rows that the text of an empty table takes
_BESIDE = 12
_INSET = 14


class GradeWords(QWidget):
    """The grade over time in a sentence, and below it what is uncertain."""

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

    def show_story(self, story: GradeStory) -> None:
        """Show the sentence and its remarks; nothing where there is none."""
        self.sentence.setText(story.sentence)
        self.remarks.setText("\n".join(story.remarks))
        self.remarks.setVisible(bool(story.remarks))
        self.setVisible(bool(story.sentence))


class _Pair(QWidget):
    """A table and its plot: side by side where there is room, otherwise one below the other."""

    def __init__(self, table: QWidget, plot: QWidget, wide: int) -> None:
        super().__init__()
        self._wide = wide
        self._layout = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(_BESIDE)
        self._layout.addWidget(table, 6)
        self._layout.addWidget(plot, 4)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Change the direction when there is room, or no longer."""
        super().resizeEvent(event)
        direction = QBoxLayout.Direction
        wide = event.size().width() >= self._wide
        self._layout.setDirection(direction.LeftToRight if wide else direction.TopToBottom)


def put_beside(card: RecordCard[Any], plot: QWidget, wide: int = WIDE) -> None:
    """Put a plot next to the table of a card from a width in pixels on, otherwise below it."""
    card.body.removeWidget(card.table)
    card.add(_Pair(card.table, plot, wide), 1)


def picture_button(
    page: QWidget, plot: Plot | Painted, words: Callable[[], tuple[str, ...]]
) -> QPushButton:
    """Return a button whose menu copies or saves a plot; `words` name patient and content."""
    made = button(_("Picture"), "quiet")
    made.setToolTip(_("Copy or save the plot"))
    made.setAccessibleName(_("Picture: {content}").format(content=words()[-1]))
    made.setMenu(
        picture_menu(page, lambda: plot, lambda: " ".join(words()), lambda: " · ".join(words()))
    )
    return made


def fit_rows(table: RowTable[Any], most: int) -> None:
    """Make a table as high as its rows, at most so many; the others scroll."""
    rows = min(max(len(table.records()), _FEWEST), most) if table.records() else _WORDS
    table.setMinimumHeight(_HEADER + rows * ROW_HEIGHT)
    # By default a view asks for six rows, whatever it contains.
    table.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
