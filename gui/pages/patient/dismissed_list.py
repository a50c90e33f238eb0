"""What was dismissed, one line each, to be restored."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gui import theme
from gui.card import button
from gui.words import count_text
from model.dismissals import Dismissal


class DismissedList(QWidget):
    """A line that says how many were dismissed, and opens to their list."""

    restore_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dismissed: tuple[Dismissal, ...] = ()
        self.toggle = button("", "quiet")
        self.toggle.setCheckable(True)
        self.toggle.toggled.connect(self._show)
        self._rows = QWidget()
        self._row_layout = QVBoxLayout(self._rows)
        self._row_layout.setContentsMargins(8, 0, 0, 4)
        self._row_layout.setSpacing(6)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.toggle, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._rows)
        self._show()

    def is_empty(self) -> bool:
        """Whether nothing was dismissed."""
        return not self._dismissed

    def show_dismissed(self, dismissed: Sequence[Dismissal]) -> None:
        """Show these, newest first."""
        if tuple(dismissed) == self._dismissed:
            return
        self._dismissed = tuple(dismissed)
        while (item := self._row_layout.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for dismissal in reversed(self._dismissed):
            self._row_layout.addWidget(self._row(dismissal))
        self._show()

    def _show(self) -> None:
        count = count_text(len(self._dismissed), "dismissed", "dismissed")
        is_open = self.toggle.isChecked()
        self.toggle.setText(f"{count} ▾" if is_open else f"{count} ▸")
        self._rows.setVisible(is_open)

    def _row(self, dismissal: Dismissal) -> QWidget:
        row = QWidget()
        words = QLabel("\n".join(filter(None, (dismissal_text(dismissal), dismissal.reason))))
        words.setTextFormat(Qt.TextFormat.PlainText)
        words.setWordWrap(True)
        theme.set_kind(words, "hint")
        restore = button(self.tr("Restore"), "link")
        restore.setAccessibleName(self.tr("Restore %s") % dismissal_text(dismissal))
        restore.clicked.connect(self._restorer(dismissal))
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        line.addWidget(words, 1)
        line.addWidget(restore, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _restorer(self, dismissal: Dismissal) -> Callable[[], None]:
        return lambda: self.restore_requested.emit(dismissal)


def dismissal_text(dismissal: Dismissal) -> str:
    """A dismissed grade in one line: `Anemia, grade 2, CTCAE 5.0`."""
    return f"{dismissal.term}, grade {dismissal.grade}, CTCAE {dismissal.ctcae_version}"
