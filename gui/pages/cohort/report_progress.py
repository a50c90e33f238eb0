"""A small window that says how far a report is, and lets it be given up."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from gui.style import theme
from gui.widgets.card import button
from model.language import _


class ReportProgress(QDialog):
    """How far the report is; Cancel, Escape and closing it say `given_up`.

    It leaves the rest of the window usable, and belongs to whoever shows it.
    """

    given_up = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Cohort report"))
        self.setModal(False)
        self._doing = QLabel(_("Reading…"))
        theme.set_kind(self._doing, "soft")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 0)
        self.bar.setMinimumWidth(320)
        self.bar.setAccessibleName(_("Progress of the report"))
        self.cancel_button = button(_("&Cancel"))
        self.cancel_button.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addStretch()
        foot.addWidget(self.cancel_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(self._doing)
        layout.addWidget(self.bar)
        layout.addLayout(foot)

    def tell(self, done: int, total: int, doing: str) -> None:
        """Say how far it is."""
        self._doing.setText(_("%s…") % doing)
        self.bar.setRange(0, total)
        self.bar.setValue(done)

    def reject(self) -> None:
        """Say that the report is not wanted any more."""
        super().reject()
        self.given_up.emit()
