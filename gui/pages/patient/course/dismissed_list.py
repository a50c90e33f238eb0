"""The list of dismissed proposals, each with a Restore button."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QScrollArea,
    QSizePolicy,
    QWidget,
)

from gui.pages.patient.course.proposal_card import result_text, term_text
from gui.style import theme
from gui.widgets.card import button
from gui.widgets.layout import column, label, row
from model.dates import date_text
from model.grading.evidence import WEIGHT
from model.language import _, ngettext
from model.records.labs import LabResult
from model.records.labs import label as label_of
from model.records.toxicities import Dismissal

MAX_HEIGHT = 170


class DismissedList(QScrollArea):
    """The dismissed proposals. The button `toggle` shows how many there are, and opens the list."""

    restore_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dismissed: tuple[Dismissal, ...] = ()
        self.toggle = button("", "quiet", self)
        self.toggle.setCheckable(True)
        self.toggle.toggled.connect(self._show)
        self._rows = QWidget()
        theme.set_kind(self._rows, "plain")
        self._row_layout = column(spacing=6, margins=(4, 0, 0, 4), of=self._rows)
        self.setWidget(self._rows)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._show()

    def sizeHint(self) -> QSize:
        """Return the height of the lines, up to a maximum beyond which they scroll."""
        lines = self._row_layout.totalHeightForWidth(max(self.viewport().width(), 120))
        return QSize(120, min(lines, MAX_HEIGHT))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Ask for the height that the lines need at the new width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def is_empty(self) -> bool:
        """Return whether nothing was dismissed."""
        return not self._dismissed

    def show_dismissed(self, dismissed: Sequence[Dismissal], results: Iterable[LabResult]) -> None:
        """Show dismissals, newest first, each with the result that it belongs to."""
        if tuple(dismissed) == self._dismissed:
            return
        self._dismissed = tuple(dismissed)
        while (item := self._row_layout.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        by_id = {result.id: result for result in results}
        for dismissal in reversed(self._dismissed):
            self._row_layout.addWidget(self._row(dismissal, by_id.get(dismissal.lab_result_id)))
        self._row_layout.addStretch(1)
        self._show()
        self.updateGeometry()

    def _show(self) -> None:
        n = len(self._dismissed)
        count = ngettext("{n} dismissed", "{n} dismissed", n).format(n=n)
        is_open = self.toggle.isChecked()
        self.toggle.setText(f"{count} ▾" if is_open else f"{count} ▸")
        self.toggle.setVisible(not self.is_empty())
        self.setVisible(is_open and not self.is_empty())

    def _row(self, dismissal: Dismissal, result: LabResult | None) -> QWidget:
        line = QWidget()
        source = f"{result_text(result)} · {date_text(result.taken_on)}" if result else None
        if dismissal.value_on:
            source = f"{label_of(WEIGHT)} · {date_text(dismissal.value_on)}"
        lines = (source, dismissal_text(dismissal), dismissal.reason)
        text = label("\n".join(filter(None, lines)), "hint", wrap=True)
        text.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        text.setTextFormat(Qt.TextFormat.PlainText)
        restore = button(_("Restore"), "link")
        restore.setAccessibleName(_("Restore {grade}").format(grade=dismissal_text(dismissal)))
        restore.clicked.connect(lambda: self.restore_requested.emit(dismissal))
        layout = row((text, 1), restore, spacing=6, of=line)
        layout.setAlignment(restore, Qt.AlignmentFlag.AlignTop)
        return line


def dismissal_text(dismissal: Dismissal) -> str:
    """Return a dismissal in one line: `Anemia, grade 2, CTCAE 5.0`, or `Recovery of …`."""
    text = term_text(dismissal.term, dismissal.grade, dismissal.ctcae_version)
    return _("Recovery of {toxicity}").format(toxicity=text) if dismissal.toxicity_id else text
