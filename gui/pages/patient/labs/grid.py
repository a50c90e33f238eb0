"""The grid of the Labs tab: dates in rows, analytes in columns, in the casebook's unit system.

A converted value is shown as it was written in its tool tip and in the form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from gui.style import theme
from model.course.outside_limits import outside_limit
from model.course.points import DaysSinceCycle, days_since_start
from model.dates import date_text
from model.language import _
from model.records import unit_system
from model.records.labs import LabResult, label
from model.records.starts import CycleStart
from model.records.unit_system import UnitSystem
from model.reference import analytes

Index = QModelIndex | QPersistentModelIndex
QUESTIONED = "?"
"""The mark after a result that cannot be right in its unit."""
FIRST_ANALYTE = 1
"""The index of the first column of an analyte; column 0 shows the day in the cycle."""


@dataclass(slots=True)
class Sampling:
    """The results of samples taken at the same time, by analyte."""

    taken_on: date
    taken_at: time | None
    results: dict[str, LabResult] = field(default_factory=dict)

    @property
    def when(self) -> str:
        """The date, with the time where it is known."""
        return date_text(self.taken_on) + (f" {self.taken_at:%H:%M}" if self.taken_at else "")

    @property
    def visit(self) -> str:
        """The visit, if the results name one."""
        return next((each.visit for each in self.results.values() if each.visit), "")


def group_by_time(results: Sequence[LabResult]) -> list[Sampling]:
    """Return the results grouped by date and time, newest first."""
    by_time: dict[tuple[date, time | None], Sampling] = {}
    for result in results:
        when = (result.taken_on, result.taken_at)
        by_time.setdefault(when, Sampling(*when)).results[result.analyte] = result
    return sorted(
        by_time.values(),
        key=lambda each: (each.taken_on, each.taken_at or time.min),
        reverse=True,
    )


class LabGridModel(QAbstractTableModel):
    """Samplings in rows, labelled by date, and analytes in columns."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.samplings: list[Sampling] = []
        self.analytes: list[str] = []
        self._units: dict[str, str] = {}
        self._starts: Sequence[CycleStart] = ()
        self._sex: str | None = None
        self._system = UnitSystem.AS_RECORDED

    def show(
        self,
        results: Sequence[LabResult],
        starts: Sequence[CycleStart] = (),
        sex: str | None = None,
        system: UnitSystem = UnitSystem.AS_RECORDED,
    ) -> None:
        """Show results with their day since the start of a cycle; `sex` selects the default limits.

        A result that `system` cannot convert is shown as it was written, with its unit.
        """
        self.beginResetModel()
        self.samplings = group_by_time(results)
        self.analytes = sorted({result.analyte for result in results}, key=_rank)
        self._system = system
        self._units = _common_units(results, system)
        self._starts = starts
        self._sex = sex
        self.endResetModel()

    def result(self, index: Index) -> LabResult | None:
        """Return the result in a cell, if there is one."""
        if not index.isValid() or index.column() < FIRST_ANALYTE:
            return None
        key = self.analytes[index.column() - FIRST_ANALYTE]
        return self.samplings[index.row()].results.get(key)

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self.samplings)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        """Return the number of columns."""
        is_empty = parent.isValid() or not self.analytes
        return 0 if is_empty else FIRST_ANALYTE + len(self.analytes)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the data of a heading for a role."""
        if orientation is Qt.Orientation.Vertical:
            if role == Qt.ItemDataRole.DisplayRole:
                return self.samplings[section].when
            return _LEFT if role == Qt.ItemDataRole.TextAlignmentRole else None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _LEFT if section < FIRST_ANALYTE else _RIGHT
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if section < FIRST_ANALYTE:
            return _("Since cycle")
        key = self.analytes[section - FIRST_ANALYTE]
        return "\n".join((label(key), self._units[key] or " "))

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the data of a cell for a role."""
        if index.isValid() and index.column() < FIRST_ANALYTE:
            return self._day_data(self.samplings[index.row()], role)
        result = self.result(index)
        if result is None:
            return _RIGHT if role == Qt.ItemDataRole.TextAlignmentRole else None
        outside = outside_limit(result, self._sex)
        mark = QUESTIONED if result.is_questioned else outside.mark if outside else ""
        match role:
            case Qt.ItemDataRole.DisplayRole:
                value, unit = shown_value(result, self._system)
                suffix = "" if not unit or unit == self._units[result.analyte] else f" {unit}"
                return f"{value}{suffix} {mark or ' '}"
            case Qt.ItemDataRole.TextAlignmentRole:
                return _RIGHT
            case Qt.ItemDataRole.ForegroundRole if mark:
                is_certain = outside is not None and not outside.is_default
                return QColor(theme.current().tone("alert" if is_certain else "warn"))
            case Qt.ItemDataRole.FontRole if mark:
                font = QFont()
                font.setWeight(QFont.Weight.DemiBold)
                return font
            case Qt.ItemDataRole.ToolTipRole:
                return self._details(result)
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._details(result).replace("\n", ", ")
        return None

    def _day_data(self, sampling: Sampling, role: int) -> Any:
        """Return the data of the first column: the day in the cycle, and the visit."""
        since = days_since_start(sampling, self._starts)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return _short_since(since)
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                visit = sampling.visit.replace("_", " ")
                return ", ".join(filter(None, (sampling.when, str(since), visit)))
            case Qt.ItemDataRole.ForegroundRole:
                return QColor(theme.current().tone("soft"))
            case Qt.ItemDataRole.TextAlignmentRole:
                return _LEFT
        return None

    def _details(self, result: LabResult) -> str:
        outside = outside_limit(result, self._sex)
        value = " ".join(shown_value(result, self._system))
        as_written = f"{result.value_text} {result.unit_symbol}"
        is_converted = value != as_written
        written = _("Written as {value}").format(value=as_written) if is_converted else ""
        name = f"{label(result.analyte)} {value}".strip()
        when = f"{date_text(result.taken_on)}, {days_since_start(result, self._starts)}"
        limits = _limits_text(result)
        laboratory = (
            _("Laboratory: {name}").format(name=result.laboratory) if result.laboratory else ""
        )
        # The limits are in the unit of the laboratory.
        limits += f" {result.unit_symbol}" if limits and written else ""
        problem = result.doubt or (outside.sentence if outside else "")
        confirmed = ""
        if result.confirmed:
            confirmed = _("Confirmed as right: {reason}").format(reason=result.confirmed)
        lines = (name, written, when.rstrip(", "), laboratory, limits, problem, confirmed)
        return "\n".join(filter(None, (*lines, result.comment)))


def shown_value(result: LabResult, system: UnitSystem) -> tuple[str, str]:
    """Return value and unit of a result in a system of units.

    A value that cannot be converted, or cannot be right, is returned as it was written.
    """
    analyte = analytes.find(result.analyte)
    if analyte is None or system is UnitSystem.AS_RECORDED or result.is_questioned:
        return result.value_text, result.unit_symbol
    value, unit = unit_system.value_in(analyte.key, result.value_text, result.unit, system)
    return value, result.unit_symbol if unit == (result.unit or "") else unit


def _limits_text(result: LabResult) -> str:
    """Return the limits that a result is graded by, and whether they come from the settings."""
    lower, upper = result.lower_limit, result.upper_limit
    if lower is None and upper is None:
        return ""
    if lower is None:
        text = _("Limit of normal ≤ {limit}").format(limit=upper)
    elif upper is None:
        text = _("Limit of normal ≥ {limit}").format(limit=lower)
    else:
        text = _("Limits of normal {lower} to {upper}").format(lower=lower, upper=upper)
    if result.laboratory_limits is None:
        return text
    return _("{limits}, by the laboratory's limits in the settings").format(limits=text)


def _common_units(results: Sequence[LabResult], system: UnitSystem) -> dict[str, str]:
    """Return the unit that all results of an analyte are shown in, by key; empty if they differ."""
    units_of: dict[str, set[str]] = {}
    for result in results:
        units = units_of.setdefault(result.analyte, set())
        if not result.is_questioned:
            units.add(shown_value(result, system)[1])
    return {key: units.pop() if len(units) == 1 else "" for key, units in units_of.items()}


def _short_since(since: DaysSinceCycle) -> str:
    if since.cycle is None or since.days is None:
        return ""
    if since.days == 0:
        return f"C{since.cycle}"
    return f"C{since.cycle} {'+' if since.days > 0 else '−'} {abs(since.days)} d"


def _rank(key: str) -> tuple[int, str]:
    """Return a sort key: known analytes in the order of their table, then others by name."""
    analyte = analytes.find(key)
    rank = analytes.ANALYTES.index(analyte) if analyte else len(analytes.ANALYTES)
    return rank, key


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
