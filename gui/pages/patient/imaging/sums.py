"""What the sums of diameters come to, in words under the assessments."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from gui.style import theme
from model.dates import shown
from model.imaging import recist
from model.imaging.recist import Reading, Rules, Sums
from model.language import _

STABLE_DAYS = (0, 42, 56, 84)


class SumsLine(QFrame):
    """Baseline, nadir and best response as computed.

    `confirm` and `stable` are the rules, which stand where the page has room for them;
    `rules_wanted` follows a change of them by hand.
    """

    rules_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.remark = QLabel()
        self.remark.setWordWrap(True)
        theme.set_kind(self.remark, "hint")
        self.confirm = QCheckBox(_("Confirmed responses only"))
        self.confirm.setToolTip(
            _("CR and PR count when the next assessment, at least %d days later, upholds them")
            % recist.CONFIRMED_AFTER
        )
        self.stable = QComboBox()
        self.stable.setAccessibleName(_("Least duration of stable disease"))
        for days in STABLE_DAYS:
            words = _("SD from day %d") % days if days else _("SD from the first day")
            self.stable.addItem(words, days)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(13, 6, 13, 4)
        layout.setSpacing(2)
        layout.addWidget(self.words)
        layout.addWidget(self.remark)
        self.confirm.toggled.connect(self._want)
        self.stable.activated.connect(self._want)

    def show_sums(self, sums: Sums, rules: Rules) -> None:
        """Show what the sums come to; without any, nothing."""
        for widget in (self, self.confirm, self.stable):
            widget.setVisible(bool(sums.readings))
        self.confirm.blockSignals(True)
        self.confirm.setChecked(rules.confirm)
        self.confirm.blockSignals(False)
        place = self.stable.findData(rules.stable_days)
        if place < 0:
            self.stable.addItem(_("SD from day %d") % rules.stable_days, rules.stable_days)
            place = self.stable.count() - 1
        self.stable.setCurrentIndex(place)
        self.words.setText(self._said(sums))
        self.remark.setText(self._remarked(sums))

    def _said(self, sums: Sums) -> str:
        if sums.baseline is None or sums.nadir is None:
            return sums.why_not
        parts = [
            _("<b>Target lesions, computed</b>"),
            _("baseline %s") % _sum_text(sums.baseline),
            _("nadir %s") % _sum_text(sums.nadir),
        ]
        if sums.best is not None:
            how = _("confirmation asked for") if self.confirm.isChecked() else _("unconfirmed")
            parts.append(_("best response <b>%s</b> (%s)") % (sums.best, how))
        elif sums.why_not:
            parts.append(sums.why_not)
        return " · ".join(parts)

    def _remarked(self, sums: Sums) -> str:
        if sums.baseline is None:
            return ""
        found = [_("By the sum of diameters alone (RECIST 1.1): the response as read stands.")]
        if sums.progressed_on and sums.readings[-1].on > sums.progressed_on:
            found.append(
                _("Read as progression on %s: later sums do not count for best response.")
                % shown(sums.progressed_on)
            )
        for reading in sums.readings:
            if reading.disagrees:
                told = (shown(reading.on), reading.coded, reading.response)
                found.append(_("%s: read as %s, the sum gives %s.") % told)
            for remark in reading.remarks:
                if remark not in found:
                    found.append(remark)
        return " ".join(found)

    def _want(self) -> None:
        days = int(self.stable.currentData())
        self.rules_wanted.emit(Rules(confirm=self.confirm.isChecked(), stable_days=days))


def response_text(reading: Reading | None) -> str:
    """The computed response, marked where it is another than the one that was read."""
    if reading is None:
        return ""
    if reading.is_baseline:
        return "baseline"
    return f"{reading.response} ≠" if reading.disagrees else reading.response or ""


def _sum_text(reading: Reading) -> str:
    return f"{reading.sum_mm.normalize():f} mm ({shown(reading.on)})"
