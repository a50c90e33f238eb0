"""The line below the assessments: what is computed from the sums of diameters."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QWidget

from gui.fields.choice import ChoiceField
from gui.widgets.layout import column, label
from model.dates import date_text
from model.imaging import recist
from model.imaging.recist import ResponseBySums, ResponseRules, SumReading
from model.language import _

STABLE_DAYS = (0, 42, 56, 84)
STABLE_WIDTH = 176


class SumsLine(QFrame):
    """The computed baseline, nadir and best response.

    `confirm` and `stable` are the fields of the rules; the page adds them to the heading of its
    card. `rules_changed` is emitted when the user changes them.
    """

    rules_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = label(wrap=True)
        self.remark = label(kind="hint", wrap=True)
        self.confirm = QCheckBox(_("Confirmed responses only"))
        text = _("CR and PR count if the next assessment, at least {n} days later, confirms them")
        self.confirm.setToolTip(text.format(n=recist.CONFIRMED_AFTER))
        self.stable: ChoiceField[int] = ChoiceField(
            [(days, _stable_text(days)) for days in STABLE_DAYS], required=True
        )
        self.stable.set_label(_("Minimum duration of stable disease"))
        self.stable.setFixedWidth(STABLE_WIDTH)
        column(self.text, self.remark, spacing=2, margins=(13, 6, 13, 4), of=self)
        self.confirm.toggled.connect(self._emit_rules)
        self.stable.changed.connect(self._emit_rules)

    def show_sums(self, sums: ResponseBySums, rules: ResponseRules) -> None:
        """Show what is computed from the sums, or hide if there are none."""
        for widget in (self, self.confirm, self.stable):
            widget.setVisible(bool(sums.readings))
        days = sorted({*STABLE_DAYS, rules.stable_days})
        for widget in (self.confirm, self.stable):
            widget.blockSignals(True)
        self.confirm.setChecked(rules.confirm)
        self.stable.set_choices([(each, _stable_text(each)) for each in days])
        self.stable.set_value(rules.stable_days)
        for widget in (self.confirm, self.stable):
            widget.blockSignals(False)
        self.text.setText(self._text_of(sums))
        self.remark.setText(self._remarks_of(sums))

    def _text_of(self, sums: ResponseBySums) -> str:
        if sums.baseline is None or sums.nadir is None:
            return sums.why_not
        parts = [
            _("<b>Target lesions, computed</b>"),
            _("baseline {sum}").format(sum=_sum_text(sums.baseline)),
            _("nadir {sum}").format(sum=_sum_text(sums.nadir)),
        ]
        if sums.best is not None:
            best = (
                _("best response <b>{response}</b> (confirmation required)")
                if self.confirm.isChecked()
                else _("best response <b>{response}</b> (unconfirmed)")
            )
            parts.append(best.format(response=sums.best))
        elif sums.why_not:
            parts.append(sums.why_not)
        return " · ".join(parts)

    def _remarks_of(self, sums: ResponseBySums) -> str:
        if sums.baseline is None:
            return ""
        remarks = [_("By the sum of diameters alone (RECIST 1.1); the response as read counts.")]
        if sums.progressed_on and sums.readings[-1].on > sums.progressed_on:
            text = _("Read as progression on {date}: later sums do not count for best response.")
            remarks.append(text.format(date=date_text(sums.progressed_on)))
        for reading in sums.readings:
            if reading.disagrees:
                text = _("{date}: read as {read}, the sum gives {computed}.")
                remarks.append(
                    text.format(
                        date=date_text(reading.on), read=reading.as_read, computed=reading.response
                    )
                )
            remarks += reading.remarks
        return " ".join(dict.fromkeys(remarks))

    def _emit_rules(self) -> None:
        days = self.stable.value() or 0
        self.rules_changed.emit(ResponseRules(confirm=self.confirm.isChecked(), stable_days=days))


def response_text(reading: SumReading | None) -> str:
    """Return the computed response, with a mark if it differs from the one that was read."""
    if reading is None:
        return ""
    if reading.is_baseline:
        return _("baseline")
    return f"{reading.response} ≠" if reading.disagrees else reading.response or ""


def _sum_text(reading: SumReading) -> str:
    return f"{reading.sum_mm.normalize():f} mm ({date_text(reading.on)})"


def _stable_text(days: int) -> str:
    return _("SD from day {day}").format(day=days) if days else _("SD from the first day")
