"""One row of the grid of laboratory results: an analyte with its value, unit and limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, time
from decimal import Context, Decimal
from typing import Any

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from gui.forms.labs.value import parse_value, remark_on, value_text
from gui.style import theme
from gui.words import words
from model.dates import date_text
from model.errors import KnownError
from model.language import _
from model.records.labs import LabResult
from model.reference import analytes, written_numbers
from model.reference.analytes import Analyte, Limits
from model.reference.written_numbers import parse_number

VALUE, UNIT, LLN, ULN = range(4)
WIDTHS = (104, 104, 76, 76)

_FOUR_DIGITS, _LARGE = Context(prec=4), 1000

Texts = tuple[str, ...]
FindLimits = Callable[[str, str], Limits | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabLine:
    """The content of a row: an analyte, its result of the day, and the previous result.

    `copied` is the result whose unit and limits a new one starts with: the previous result, or the
    next where there is none before. `typed` are the texts of the cells that the user typed before
    the row was rebuilt.
    """

    key: str
    result: LabResult | None = None
    last: LabResult | None = None
    copied: LabResult | None = None
    sex: str | None = None
    fasting: bool | None = None
    typed: Texts | None = None

    @property
    def analyte(self) -> Analyte | None:
        """The analyte, if it is known."""
        return analytes.find(self.key)

    @property
    def name(self) -> str:
        """The name of the analyte, with the time of the result if it has one."""
        analyte = self.analyte
        name = analyte.name if analyte else words(self.key)
        at = self.result.taken_at if self.result else None
        return f"{name} {at:%H:%M}" if at else name

    @property
    def unit(self) -> str | None:
        """The unit of the result, of the one it copies, or the usual one."""
        source = self.result or self.copied
        return source.unit if source else self.analyte.unit if self.analyte else None

    @property
    def texts(self) -> Texts:
        """The texts that the cells start with: value, unit, LLN and ULN."""
        old = self.result
        source = old or self.copied
        limits = (source.lln, source.uln) if source else (None, None)
        return (
            value_text((old.comparator, old.value)) if old else "",
            _unit_symbol(self.analyte, self.unit),
            *("" if limit is None else f"{limit:f}" for limit in limits),
        )


class LabRow(QObject):
    """The widgets of one row and the result entered in them."""

    def __init__(
        self, line: LabLine, parent: QWidget, find_limits: FindLimits = lambda _key, _unit: None
    ) -> None:
        """A row; `find_limits` returns the laboratory's limits for an analyte in a unit."""
        super().__init__(parent)
        self.line = line
        self._find_limits = find_limits
        self.decided: dict[str, Any] = {}
        """What the result keeps of another version of it that was saved meanwhile, by field."""
        self.label = QLabel(line.name, parent)
        self.cells = [QLineEdit(parent) for _width in WIDTHS]
        self.last = QLabel(_last_text(line.last), parent)
        theme.set_kind(self.last, "soft")
        self.remark = QLabel(parent, wordWrap=True)
        self.remark.hide()
        self.label.setBuddy(self.cells[VALUE])
        names = (_("value"), _("unit"), _("LLN"), _("ULN"))
        for cell, width, name in zip(self.cells, WIDTHS, names, strict=True):
            cell.setFixedWidth(width)
            cell.setFont(theme.figures(cell.font()))
            cell.setAccessibleName(f"{line.name}, {name}")
            if cell is not self.cells[VALUE]:
                # Tab moves down the values; the arrow keys and the mouse reach the other cells.
                cell.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._fill(line.texts)
        self._untouched = self.texts()
        if line.typed is not None:
            self._fill(line.typed)
            self.cells[VALUE].setModified(True)
        if line.analyte is not None:
            known = ", ".join(unit.symbol for unit in line.analyte.units.values() if unit.symbol)
            self.cells[UNIT].setToolTip(known)
        for cell in self.cells:
            cell.textChanged.connect(self._check)
            cell.editingFinished.connect(self._mark)
        self._check()

    def texts(self) -> Texts:
        """Return the texts of the cells."""
        return tuple(cell.text().strip() for cell in self.cells)

    def is_touched(self) -> bool:
        """Return whether any cell was changed."""
        return self.texts() != self._untouched

    def is_typed(self) -> bool:
        """Return whether a value was typed, even the same one again."""
        value = self.texts()[VALUE]
        is_modified = self.cells[VALUE].isModified()
        return bool(value) and (is_modified or value != self._untouched[VALUE])

    def is_removed(self) -> bool:
        """Return whether the value of an existing result was cleared."""
        return self.line.result is not None and not self.texts()[VALUE]

    def fault(self) -> str:
        """Return why the input cannot be read, or an empty text."""
        try:
            value = parse_value(self.texts()[VALUE])
            lln, uln = self._limits()
        except KnownError as error:
            return str(error)
        if value is None:
            alone = self.line.result is None and self.is_touched()
            return _("The value is missing.") if alone else ""
        if lln is not None and uln is not None and uln < lln:
            return _("The upper limit of normal is below the lower.")
        return ""

    def entered(self, patient_id: int, day: date, at: time | None) -> list[LabResult]:
        """Return the results as entered, none without a value; `at` is the time of a new one.

        A value typed over a result of another time is another sample's: both are returned.
        """
        value = parse_value(self.texts()[VALUE])
        if value is None:
            return []
        comparator, number = value
        lln, uln = self._limits()
        old = self.line.result
        unchanged = [replace(old, taken_on=day)] if old else []
        is_another = bool(old and at is not None and at != old.taken_at and self.is_typed())
        if old and not is_another and not self.is_touched():
            return unchanged
        result = LabResult(
            patient_id=patient_id,
            taken_on=day,
            taken_at=at,
            analyte=self.line.key,
            value=number,
            fasting=self.line.fasting,
        )
        entered = replace(
            result if is_another or old is None else old,
            taken_on=day,
            comparator=comparator,
            value=number,
            unit=self._unit(),
            lln=lln,
            uln=uln,
        )
        return [*unchanged, entered] if is_another else [entered]

    def go_on_from(self, present: LabResult, *, shows_it: bool) -> None:
        """Edit the result that is saved now, with the texts as typed or with its own."""
        self.line = replace(self.line, result=present, typed=None)
        self._untouched = self.line.texts
        if shows_it:
            self._fill(self._untouched)
        self._check()

    def copy_limits(self, copies: bool) -> None:
        """Start a new result with the limits of the copied one, or with none, if unchanged."""
        first = self.line.texts[LLN:]
        blank = ("",) * len(first)
        if self.line.result is None and self.texts()[LLN:] == (blank if copies else first):
            for cell, text in zip(self.cells[LLN:], first if copies else blank, strict=True):
                cell.setText(text)
            self._untouched = (*self._untouched[:LLN], *(first if copies else blank))

    def state_fasting(self) -> None:
        """Mark the sample of a new result as fasting, and show that in its name."""
        self.line = replace(self.line, fasting=True)
        self.label.setText(_("{analyte}, fasting").format(analyte=self.line.name))

    def show_problem(self, sentence: str) -> None:
        """Show why the row cannot be saved, until the next change."""
        self._show_remark(sentence, "problem")
        theme.set_kind(self.cells[VALUE], "wrong" if sentence else "")

    def _fill(self, texts: Texts) -> None:
        for cell, text in zip(self.cells, texts, strict=True):
            cell.setText(text)

    def _unit(self) -> str | None:
        text = self.texts()[UNIT]
        # An unchanged unit is saved as it was recorded, however it is shown.
        return self.line.unit if text == self._untouched[UNIT] else text or None

    def _limits(self) -> tuple[Decimal | None, Decimal | None]:
        texts = self.texts()
        return parse_number(texts[LLN]), parse_number(texts[ULN])

    @Slot()
    def _mark(self) -> None:
        """Show at once, when a cell is left, why the row could not be saved."""
        if self.texts()[VALUE] and self.is_touched() and (fault := self.fault()):
            self.show_problem(fault)

    def _check(self) -> None:
        theme.set_kind(self.cells[VALUE], "")
        self.show_limits()
        if self.is_removed():
            old = self.line.result
            text = value_text((old.comparator, old.value)) if old else ""
            self._show_remark(_("The result {value} will be deleted.").format(value=text), "remark")
            return
        try:
            value = parse_value(self.texts()[VALUE])
            limits = self._limits()
        except KnownError:
            value, limits = None, (None, None)
        remark = ""
        if value:
            old = self.line.result
            confirmed = old.confirmed if old and not self.is_touched() else None
            remark = remark_on(self.line.key, value, self._unit() or "", *limits, confirmed)
        self._show_remark(remark or self._reading(), "remark")

    def _reading(self) -> str:
        """Return how an ambiguous value or limit is read; empty if none is ambiguous."""
        texts = self.texts()
        cells = (VALUE, *(at for at in (LLN, ULN) if texts[at] != self._untouched[at]))
        return next(filter(None, (written_numbers.remark_on(texts[at]) for at in cells)), "")

    def _show_remark(self, sentence: str, kind: str) -> None:
        self.remark.setText(sentence)
        theme.set_kind(self.remark, kind)
        self.remark.setVisible(bool(sentence))
        self.cells[VALUE].setAccessibleDescription(sentence)

    def show_limits(self) -> None:
        """Show in grey, where no limit is entered, those of the laboratory, or default ones.

        Neither is saved with the result, but the limits of the laboratory are used to grade it.
        """
        low, high, tip = self._other_limits()
        for cell, limit in ((self.cells[LLN], low), (self.cells[ULN], high)):
            cell.setPlaceholderText(limit)
            cell.setToolTip(tip if limit and not cell.text() else "")

    def _other_limits(self) -> Texts:
        """Return the limits shown in grey and what they are; empty texts where there are none."""
        texts, unit = self.texts(), self._unit() or ""
        if limits := self._find_limits(self.line.key, unit):
            if texts[LLN] or texts[ULN]:
                # A result with a limit of its own is graded by that alone.
                return "", "", ""
            return *limits_text(limits), _("A limit of the laboratory: results are graded by it.")
        tip = _("A default limit, not one of your laboratory: it is not saved.")
        return *default_limits_text(self.line, unit), tip


def default_limits_text(line: LabLine, unit_text: str) -> tuple[str, str]:
    """Return the default limits for the patient's sex in a unit, or empty texts."""
    limits = line.analyte.default_limits_in(unit_text, line.sex) if line.analyte else None
    return limits_text(limits) if limits else ("", "")


def limits_text(limits: Limits) -> tuple[str, str]:
    """Return both limits as text, converted ones with four significant digits."""
    return _limit_text(limits.low), _limit_text(limits.high)


def _limit_text(limit: Decimal | None) -> str:
    if limit is None:
        return ""
    is_long = len(limit.as_tuple().digits) > _FOUR_DIGITS.prec and limit < _LARGE
    # Never in powers of ten: 150000, not 1.5E+5.
    return f"{_FOUR_DIGITS.plus(limit) if is_long else limit:f}"


def _unit_symbol(analyte: Analyte | None, unit_text: str | None) -> str:
    """Return a known unit as it is printed, any other text unchanged."""
    known = analyte.units.get(unit_text or "") if analyte else None
    return known.symbol if known else unit_text or ""


def _last_text(last: LabResult | None) -> str:
    return f"{last.value_text} · {date_text(last.taken_on)}" if last else ""
