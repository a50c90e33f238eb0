"""The About dialog: name, version, purpose, licence and log file."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QWidget

from gui.style import icons
from gui.widgets.card import button
from gui.widgets.layout import column, label, row
from model.error_log import log_file
from model.language import _
from model.version import version

WIDTH = 460


class About(QDialog):
    """The About dialog, which `ask` opens."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("About Theralog"))
        number = label(_("Version {version}").format(version=version()), "soft")
        picture = QLabel()
        picture.setPixmap(icons.app_icon().pixmap(48, 48))
        names = column(label("Theralog", "title"), number, spacing=2)
        close = button(_("Close"), "primary")
        close.clicked.connect(self.accept)
        close.setDefault(True)
        head = row(picture, (names, 1), spacing=14)
        layout = column(head, spacing=12, margins=(24, 22, 24, 18), of=self)
        for sentence, kind in self._sentences():
            text = label(sentence, kind, wrap=True)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            layout.addWidget(text)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        self.setFixedSize(WIDTH, layout.totalHeightForWidth(WIDTH))

    @classmethod
    def ask(cls, parent: QWidget) -> None:
        """Show the dialog until it is closed."""
        about = cls(parent)
        try:
            about.exec()
        finally:
            about.deleteLater()

    def _sentences(self) -> tuple[tuple[str, str], ...]:
        return (
            (
                _(
                    "Theralog records and summarises data of radioligand therapy for research and"
                    " documentation. It is not a medical device: it recommends no treatment and"
                    " no activity, and its grades are proposals for a clinician to judge."
                ),
                "",
            ),
            (_("Licensed under the Apache License 2.0. The font is Inter (OFL)."), "soft"),
            (_("Log: {path}").format(path=log_file()), "hint"),
        )
