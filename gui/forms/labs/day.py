"""The form of all laboratory results of one day."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from functools import partial
from itertools import pairwise

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QWidget

from gui.fields.choice import OpenChoiceField
from gui.fields.dates import DateField
from gui.fields.search import SearchField
from gui.fields.time import TimeField
from gui.forms.conflicts.editing_form import EditingForm
from gui.forms.conflicts.versions import Versions
from gui.forms.labs.conflict import REMOVED, RESULT, SAMPLE, versions_of_results
from gui.forms.labs.doubt import DOUBTED, DoubtBox
from gui.forms.labs.grid import LabGrid
from gui.forms.labs.row import VALUE, LabLine, LabRow, Texts
from gui.forms.labs.search import find_analytes
from gui.forms.record_form import counted_dates, new_questions
from gui.session.session import Session
from model.dates import date_text
from model.errors import EditConflict, InvalidRecord, KnownError
from model.language import N_, _
from model.records import kinds, laboratory_limits, labs, patients
from model.records.labs import LabResult
from model.records.life import age_then, life_of, t0
from model.reference import analytes
from model.reference.analytes import ANALYTES, Limits
from model.store.rows import from_row
from model.store.step import Step

USUAL = (*("hb", "wbc", "anc", "plt", "crea", "bili", "ast", "alt", "alp", "ggt", "alb", "ldh"),)
"""The analytes always offered: blood count, kidney, liver."""

_ORDER = {analyte.key: index for index, analyte in enumerate(ANALYTES)}
_WIDTH = 780


class LabsForm(EditingForm[list[LabResult]]):
    """The results of a day: `LabsForm.ask(parent, session, patient_id, taken_on)` returns all.

    Existing results of the day are shown to be edited. If the form was opened with `taken_on`,
    another date moves its results; otherwise the form shows those of the other date, with the
    typed values in rows of their own. A time makes typed values another sample; alone, it applies
    to the results without a time. All is saved in one step, except rows without a value.
    """

    def __init__(
        self,
        parent: QWidget | None,
        session: Session,
        patient_id: int,
        taken_on: date | None = None,
    ) -> None:
        reader = session.casebook
        patient = patients.find(reader, patient_id)
        self.session = session
        self.patient_id = patient_id
        self._sex = patient.sex if patient else None
        self._results = kinds.of_patient(reader, LabResult, patient_id)
        self._moves = any(result.taken_on == taken_on for result in self._results)
        day = taken_on or session.today()
        title = _("New labs")
        if self._moves:
            title = _("Labs of {date}").format(date=date_text(day))
        super().__init__(parent, f"{title} · {patient.code}" if patient else title)
        self._opened_on = day
        self._first_laboratory: str | None = None
        self._day = day
        self.life = life_of(reader, patient_id)
        index_on = t0(patient.index_on, self.life.first_cycle_on) if patient else None
        self._age_on = partial(
            age_then, self.life.born_on, patient.age_at_index if patient else None, index_on
        )
        self._limits = laboratory_limits.all_limits(reader)
        self._add_day_rows(day)
        self._add_grid()
        self._show_day(day)
        self.taken_on.changed.connect(self._follow_day)
        self.grid.left_below.connect(self._leave_grid)
        self.grid.entered_cell.connect(self._show_cell)
        self.more.changed.connect(self._add_analyte)
        self.laboratory.changed.connect(self._follow_laboratory)

    def save(self) -> list[LabResult]:
        """Save the changes in one step and return all results of the day."""
        day = self.taken_on.value() or self._day
        at = self._time_of(day)
        self._refuse_faults()
        removed = [row for row in self.grid.rows if row.is_removed()]
        changed = [
            (row, labs.with_valid_confirmation(result, row.line.result))
            for row, result in self._entered(day, at)
            if result != row.line.result
        ]
        if not changed and not removed and not self._of_day(day):
            raise KnownError(_("Enter at least one value. Nothing was saved."))
        changed = self._confirmed(changed)
        if changed or removed:
            self._save_step(changed, removed)
        return [
            result
            for result in kinds.of_patient(self.session.casebook, LabResult, self.patient_id)
            if result.taken_on == day
        ]

    def opened_records(self) -> list[LabResult]:
        """Return the results that this form was opened on."""
        return [row.line.result for row in self.grid.rows if row.line.result is not None]

    def versions(self, conflict: EditConflict) -> list[Versions]:
        """Return what differs between the saved result and the typed one."""
        return versions_of_results(self._row_of(conflict).line, conflict)

    def take_over(self, conflict: EditConflict, names: Collection[str]) -> None:
        """Go on from the saved result."""
        row, present = self._row_of(conflict), from_row(LabResult, conflict.present)
        row.go_on_from(present, shows_it=bool({RESULT, REMOVED} & set(names)))
        taken = [
            *(("taken_on", "taken_at") if SAMPLE in names else ()),
            *(("laboratory",) if "laboratory" in names else ()),
            *(("confirmed",) if RESULT in names else ()),
        ]
        row.decided = {name: getattr(present, name) for name in taken}

    def _row_of(self, conflict: EditConflict) -> LabRow:
        row_id = conflict.present["id"]
        return next(
            row for row in self.grid.rows if row.line.result and row.line.result.id == row_id
        )

    def state(self) -> object:
        """Return what was typed, and the date only if it would be changed."""
        fields = super().state() if self._moves else None
        typed = [(row.line.key, row.texts()) for row in self.grid.rows if row.is_touched()]
        laboratory = self._chosen_laboratory() if self._is_laboratory_chosen() else None
        return fields, typed, self.taken_at.raw(), self.more.raw(), laboratory

    def sizeHint(self) -> QSize:
        """Return a size wider than other forms: there are six columns."""
        return QSize(_WIDTH, super().sizeHint().height())

    def _add_day_rows(self, day: date) -> None:
        self.add_section()
        self.taken_on = self.add_row(
            "taken_on",
            _("&Date"),
            DateField(
                today=self.session.today(), cycle_dates=counted_dates(self.life), required=True
            ),
        )
        self.taken_on.set_value(day)
        self.taken_at = TimeField(today=self.session.today())
        self.taken_at.set_day(day)
        self.taken_at.edit.setFixedWidth(88)
        self.add_beside(self.taken_on, "taken_at", _("&Time"), self.taken_at)

    def _add_grid(self) -> None:
        self.add_section()
        self.grid = LabGrid(self._limits_of)
        self.add_wide(self.grid)
        self._defaults = self.add_text(
            _(
                "Grey limits are not saved with the result: they are those of the laboratory in the"
                " settings, or else defaults, by which nothing is graded. Enter those printed."
            )
        )
        search = SearchField(find_analytes, placeholder=_("Name, synonym or LOINC code"))
        self.more = self.add_row("more", _("&Add analyte"), search)
        known = laboratory_limits.laboratories(self.session.casebook)
        self.laboratory = self.add_row(
            "laboratory", _("La&boratory"), OpenChoiceField(known, placeholder=_("not recorded"))
        )

    def _show_day(self, day: date) -> None:
        """Show the rows of a day, with the values typed so far."""
        typed: dict[str, list[Texts]] = {}
        for row in self.grid.rows:
            if (row.is_touched() or row.is_typed()) and not row.is_removed():
                typed.setdefault(row.line.key, []).append(row.texts())
        lines = [self._lines(key, day, typed.get(key, [])) for key in self._keys(set(typed))]
        self._day = day
        if not self._is_laboratory_chosen():
            self._show_laboratory()
        self.grid.show_lines([line for of_key in lines for line in of_key])
        self.taken_at.set_day(day)
        if not self._moves:
            hint = _("This day has results already: they are shown below to be edited.")
            self.taken_on.show_hint(hint if self._of_day(day) else "")
        self._finish_rows()

    def _lines(self, key: str, day: date, typed: list[Texts]) -> list[LabLine]:
        """Return the lines of an analyte: its results, then other typed values, one line each."""
        lines = [self._line(key, old, day) for old in self._of_day(day) if _key(old.analyte) == key]
        for texts in typed:
            same = (
                at for at, line in enumerate(lines) if (line.texts, line.typed) == (texts, None)
            )
            at = next(same, len(lines))
            line = lines[at] if at < len(lines) else self._line(key, None, day)
            lines[at : at + 1] = [replace(line, typed=texts)]
        return lines or [self._line(key, None, day)]

    def _keys(self, typed: set[str]) -> list[str]:
        """Return the usual analytes, then all others that the patient has or that were typed."""
        had = {_key(result.analyte) for result in self._results}
        others = (had | typed) - set(USUAL)
        return [*USUAL, *sorted(others, key=lambda key: (_ORDER.get(key, len(_ORDER)), key))]

    def _line(self, key: str, result: LabResult | None, day: date) -> LabLine:
        others = [
            known for known in self._results if _key(known.analyte) == key and known.taken_on != day
        ]
        return LabLine(
            key=key,
            result=result,
            last=next((known for known in reversed(others) if known.taken_on < day), None),
            copied=labs.result_to_copy(others, day),
            sex=self._sex,
        )

    def _of_day(self, day: date) -> list[LabResult]:
        return [result for result in self._results if result.taken_on == day]

    def _time_of(self, day: date) -> time | None:
        moment = self.taken_at.value()
        if moment is not None and moment.date() != day:
            raise InvalidRecord({"taken_at": _("This time is on another day.")})
        return moment.time() if moment else None

    def _entered(self, day: date, at: time | None) -> list[tuple[LabRow, LabResult]]:
        """Return all results as entered; a time without typed values applies to untimed ones."""
        rows = self.grid.rows
        entered = [
            (row, self._with_laboratory(row, new))
            for row in rows
            for new in row.entered(self.patient_id, day, at)
        ]
        if at is None or any(row.is_typed() for row in rows):
            return [(row, _with_decided(row, result)) for row, result in entered]
        timed = [(row, replace(old, taken_at=old.taken_at or at)) for row, old in entered]
        if timed and all(result.taken_at != at for _row, result in timed):
            raise KnownError(_("Nothing was saved: enter the values of this time, or clear it."))
        return [(row, _with_decided(row, result)) for row, result in timed]

    def _show_laboratory(self) -> None:
        """Show the laboratory of the day's results, or else of the last results before it."""
        of_day = self._of_day(self._day)
        before = [known for known in self._results if known.taken_on < self._day]
        names = {known.laboratory for known in of_day or before[-1:]}
        self._first_laboratory = names.pop() if len(names) == 1 else None
        blocked = self.laboratory.blockSignals(True)
        self.laboratory.set_value(self._first_laboratory)
        self.laboratory.blockSignals(blocked)

    def _chosen_laboratory(self) -> str | None:
        return (self.laboratory.value() or "").strip() or None

    def _is_laboratory_chosen(self) -> bool:
        """Return whether another laboratory was entered than the one shown at first."""
        return self._chosen_laboratory() != self._first_laboratory

    def _with_laboratory(self, row: LabRow, result: LabResult) -> LabResult:
        """Return a result with the laboratory: a new one, and all once another was entered."""
        old = row.line.result
        if (old is None or result.id != old.id) or self._is_laboratory_chosen():
            return replace(result, laboratory=self._chosen_laboratory())
        return result

    def _limits_of(self, key: str, unit: str) -> Limits | None:
        """Return the laboratory's limits for a result of this day without limits of its own."""
        result = LabResult(
            patient_id=self.patient_id,
            taken_on=self._day,
            analyte=key,
            value=Decimal(0),
            unit=unit or None,
            laboratory=self._chosen_laboratory(),
        )
        age = self._age_on(self._day)
        found = laboratory_limits.find(self._limits, result, self._sex, age[0] if age else None)
        return found.limits_in(unit) if found else None

    @Slot()
    def _follow_laboratory(self) -> None:
        """Show the limits of the laboratory; those of another are not copied from its results."""
        laboratory = self._chosen_laboratory()
        for row in self.grid.rows:
            copied = row.line.copied
            row.copy_limits(copied is None or copied.laboratory in (None, laboratory))
            row.show_limits()

    def _confirmed(self, changed: list[tuple[LabRow, LabResult]]) -> list[tuple[LabRow, LabResult]]:
        """Ask what is unlikely in the results; return them, confirmed if a reason was given."""
        questions: dict[str, str] = {}
        doubts: dict[LabRow, str] = {}
        for row, result in changed:
            for name, text in new_questions(
                result, row.line.result, self.life, self.session.today()
            ).items():
                if name in DOUBTED:
                    doubts[row] = text
                else:
                    questions[name] = text
        self.confirm(questions)
        if not doubts:
            return changed
        sentences = [f"{row.line.name}: {text}" for row, text in doubts.items()]
        reason = DoubtBox(self, sentences).ask_reason()
        if reason is None:
            for row, text in doubts.items():
                row.show_problem(text)
            self.grid.go_to(next(iter(doubts)))
            raise KnownError(_("Nothing was saved yet: correct what is marked in red."))
        return [
            (row, replace(result, confirmed=reason or None) if row in doubts else result)
            for row, result in changed
        ]

    def _refuse_faults(self) -> None:
        wrong = [(row, fault) for row in self.grid.rows if (fault := row.fault())]
        for row, fault in wrong:
            row.show_problem(fault)
        if wrong:
            self.grid.go_to(wrong[0][0])
            raise KnownError(_("Nothing was saved yet: correct what is marked in red."))

    def _save_step(self, changed: list[tuple[LabRow, LabResult]], removed: list[LabRow]) -> None:
        at: LabRow | None = None

        def work(step: Step) -> None:
            nonlocal at
            for row in removed:
                if row.line.result is not None:
                    labs.remove(step, row.line.result)
            for row, result in changed:
                at = row
                labs.save(step, result)

        any_before = any(row.line.result for row in self.grid.rows)
        try:
            self.take_step(N_("Edit labs") if any_before else N_("Add labs"), work)
        except InvalidRecord as error:
            rest = {name: text for name, text in error.problems.items() if name == "taken_on"}
            if rest or at is None:
                raise
            at.show_problem(str(error))
            self.grid.go_to(at)
            raise KnownError(_("Nothing was saved yet: correct what is marked in red.")) from error

    @Slot()
    def _add_analyte(self) -> None:
        chosen = self.more.chosen()
        if chosen is None:
            return
        key, fasting = _key(chosen), True if analytes.states_fasting(chosen) else None
        self.more.set_found("", None)
        moment = self.taken_at.raw()
        rows = [row for row in self.grid.rows if row.line.key == key]
        row = next((row for row in rows if not row.texts()[VALUE]), None)
        if row is None and rows and not moment:
            row = rows[0]
        row = row or self.grid.add(self._line(key, None, self._day))
        if fasting and row.line.result is None:
            row.state_fasting()
        self._finish_rows()
        self.grid.go_to(row)

    @Slot()
    def _follow_day(self) -> None:
        day = self.taken_on.readable()
        if day is None or day == self._day:
            return
        if self._moves:
            self.taken_at.set_day(day)
            moved = _("The results move to this day.") if day != self._opened_on else ""
            self.taken_on.show_hint(moved)
            self._day = day
        else:
            self._show_day(day)

    @Slot()
    def _leave_grid(self) -> None:
        self.more.input().setFocus(Qt.FocusReason.TabFocusReason)
        self._show_cell(self.more)

    @Slot(QWidget)
    def _show_cell(self, cell: QWidget) -> None:
        self._scroll.ensureWidgetVisible(cell, 20, 40)

    def _finish_rows(self) -> None:
        """Set the tab order: from the date down the values to the search."""
        values = [row.cells[VALUE] for row in self.grid.rows]
        last = (self.more.edit, self.laboratory.edit)
        for above, below in pairwise((self.taken_at.edit, *values, *last)):
            QWidget.setTabOrder(above, below)
        self._defaults.setVisible(
            any(cell.placeholderText() for row in self.grid.rows for cell in row.cells)
        )


def _with_decided(row: LabRow, result: LabResult) -> LabResult:
    """Return a result with what the user decided to keep of the saved one."""
    old = row.line.result
    return replace(result, **row.decided) if old and result.id == old.id else result


def _key(written: str) -> str:
    """Return the key of an analyte as written; of an unknown one, the text itself."""
    analyte = analytes.find(written)
    return analyte.key if analyte else written
