"""The lines under the fields of an administration: what comes of them, and what speaks against."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from gui.administered import administered_text, calibrated_text, deviation_text
from gui.style import theme
from gui.widgets.card import button
from model.language import _
from model.records.administrations import Administration


class AdministeredLines(QWidget):
    """The administered activity, its deviation, doubts, and the calibrated activity as an offer.

    `take_button` is to be seen while nothing was measured or stated; its key differs by `place`,
    the first or second administration of the form.
    """

    def __init__(self, place: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.administered = QLabel()
        self.deviation = QLabel()
        self.doubt = QLabel()
        self.calibrated = QLabel()
        self.take_button = self._take_button(place)
        theme.set_kind(self.administered, "strong")
        theme.set_kind(self.deviation, "remark")
        theme.set_kind(self.doubt, "remark")
        theme.set_kind(self.calibrated, "hint")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 2, 0, 4)
        layout.setSpacing(2)
        for label in (self.administered, self.deviation, self.doubt, self.calibrated):
            label.setWordWrap(True)
            layout.addWidget(label)
        layout.addWidget(self.take_button)

    def show_given(self, given: Administration | None) -> None:
        """Show what comes of an administration as it is entered; nothing while it is unreadable."""
        offered = calibrated_text(given) if given else ""
        self.administered.setText(administered_text(given) if given else "")
        self.take_button.setVisible(bool(offered))
        for label, text in (
            (self.deviation, deviation_text(given) if given else ""),
            (self.doubt, _doubts(given) if given else ""),
            (self.calibrated, offered),
        ):
            label.setText(text)
            label.setVisible(bool(text))

    def _take_button(self, place: int) -> QPushButton:
        words = (_("Take &as administered"), _("Ta&ke as administered"))
        made = button(words[place - 1], "link")
        made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        made.setToolTip(_("Record the calibrated activity, decayed to the start, as stated"))
        return made


def _doubts(given: Administration) -> str:
    """What speaks against the activities, each sentence once."""
    return " ".join(dict.fromkeys((given.impossible() or given.questions()).values()))
