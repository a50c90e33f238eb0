"""The form of a cycle with its administrations."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from PySide6.QtCore import QSize, Qt, QTimer, Slot
from PySide6.QtWidgets import QWidget

from gui.fields.dates import DateField
from gui.fields.number import NumberField
from gui.fields.text import MultilineField
from gui.forms.administration import AdministrationRows, take_value
from gui.forms.conflicts.editing_form import EditingForm
from gui.forms.conflicts.versions import Fields, Versions, versions_of_fields
from gui.forms.record_form import counted_dates, ecog_field, new_questions, plain
from gui.session.session import Session
from gui.style import icons
from gui.widgets import messages
from gui.widgets.card import button
from model.errors import Conflict, EditConflict
from model.language import N_, _
from model.records import cycles, patients
from model.records.administrations import Administration
from model.records.cycles import Cycle, Treatment
from model.records.life import life_of
from model.store.rows import Record, from_row
from model.store.step import Step

_VISIT = ("number", "given_on", "ecog", "weight_kg", "comment")
_WIDTH = 620
_REMOVED = "removed"


class CycleForm(EditingForm[Treatment]):
    """One treatment visit: `CycleForm.ask(parent, session, patient_id, treatment)`.

    A new cycle is empty or, with `like_last`, starts with the agents, prescribed activities and
    routes of the patient's last cycle. Unusual values must be confirmed once.
    """

    def __init__(
        self,
        parent: QWidget | None,
        session: Session,
        patient_id: int,
        treatment: Treatment | None = None,
        *,
        like_last: bool = False,
    ) -> None:
        patient = patients.find(session.casebook, patient_id)
        title = _("Edit cycle") if treatment else _("New cycle")
        super().__init__(parent, f"{title} · {patient.code}" if patient else title)
        self.session = session
        self.patient_id = patient_id
        self.old = treatment
        self._add_visit()
        today = session.today()
        self.first = AdministrationRows(self, session, 1, today)
        self.first.remove_button.hide()
        self.add_tandem = button(_("Add &tandem administration"), "link", on=self._open_second)
        icons.keep(self.add_tandem, "plus", lambda colours: colours.accent_text)
        self.add_wide(self.add_tandem)
        self.second = AdministrationRows(self, session, 2, today)
        self.print_button = button(_("&Print worksheet…"), on=self._print_worksheet)
        self.add_button(self.print_button)
        self.setTabOrder(self.cancel_button, self.print_button)
        self._fill(like_last)
        self.given_on.changed.connect(self._follow_day)
        self.second.removed.connect(self._close_second)
        # The number is suggested and rarely changed: start at the date.
        self.given_on.input().setFocus()
        self.given_on.edit.selectAll()

    def save(self) -> Treatment:
        """Save cycle and administrations in one step; an untouched cycle needs none."""
        if self.old is not None and not self.is_touched():
            return self.old
        entered = self.entered()
        self._ask_about(entered)
        added = self._added_meanwhile()

        def work(step: Step) -> Treatment:
            return cycles.save(step, entered.cycle, (*entered.administrations, *added))

        return self.take_step(N_("Edit cycle") if self.old else N_("Add cycle"), work)

    def _added_meanwhile(self) -> list[Administration]:
        """Return administrations that were saved since this form was opened, to be kept.

        Raises Conflict if the user would rather look at them first.
        """
        if self.old is None:
            return []
        known = {each.id for each in self.old.administrations}
        saved = cycles.administrations_of(self.session.casebook, self.old.cycle.id)
        added = [each for each in saved if each.id not in known]
        if added and not messages.ask(
            self,
            _("This cycle was given another administration while you edited it"),
            _("Save both"),
            _("Back to the form"),
            detail=_("{agents} was saved meanwhile. It is kept next to what you entered.").format(
                agents=", ".join(each.agent for each in added)
            ),
        ):
            raise Conflict(_("Nothing was saved yet."))
        return added

    def opened_records(self) -> list[Record]:
        """Return the cycle and its administrations, if this form edits one."""
        return [self.old.cycle, *self.old.administrations] if self.old else []

    def subject(self, conflict: EditConflict) -> str:
        """Return which administration was changed."""
        if conflict.table != Administration.TABLE:
            return ""
        old = self._old_administration(conflict)
        return _("Administration {n}, {agent}.").format(n=old.number, agent=old.agent)

    def versions(self, conflict: EditConflict) -> list[Versions]:
        """Return the fields of the cycle, or of one administration, that differ."""
        names = self._names(conflict)
        if not names:  # it is removed in this form
            return [_removal(self._old_administration(conflict))]
        opened, present = self._fields_with(self.old), self._fields_with(self._present(conflict))
        fields = {name: self.fields[name] for name in names}
        return versions_of_fields(opened, present, fields, _together())

    def take_over(self, conflict: EditConflict, names: Collection[str]) -> None:
        """Go on from the saved cycle or administration."""
        self.old = present = self._present(conflict)
        if _REMOVED in names:
            self._open_second()
            self.second.fill(present.administrations[1])
            return
        fields = self._fields_with(present)
        for index, rows in enumerate((self.first, self.second)):
            if index < len(present.administrations):
                rows.go_on_from(present.administrations[index])
        for name in self.fields:
            if name in names:
                take_value(self.fields[name], fields[name])

    def _present(self, conflict: EditConflict) -> Treatment:
        """Return the treatment as opened, with the row that is saved now."""
        old = self.old
        if old is None:
            raise conflict
        if conflict.table == Cycle.TABLE:
            return replace(old, cycle=from_row(Cycle, conflict.present))
        present = from_row(Administration, conflict.present)
        return replace(
            old,
            administrations=tuple(
                present if each.id == present.id else each for each in old.administrations
            ),
        )

    def _old_administration(self, conflict: EditConflict) -> Administration:
        rows = self.old.administrations if self.old else ()
        return next(each for each in rows if each.id == conflict.present["id"])

    def _names(self, conflict: EditConflict) -> tuple[str, ...]:
        """Return the names of the fields of a row; none for an administration that is removed."""
        if conflict.table == Cycle.TABLE:
            return _VISIT
        for rows in self._shown_rows():
            if rows.old_id() == conflict.present["id"]:
                return rows.names()
        return ()

    def _fields_with(self, treatment: Treatment | None) -> Fields:
        """Return the fields of another form that shows a treatment."""
        form = CycleForm(self, self.session, self.patient_id, treatment)
        form.deleteLater()
        return form.fields

    def entered(self) -> Treatment:
        """Return the cycle as entered; raises `KnownError` if a field cannot be read."""
        visit = {name: plain(self.fields[name]) for name in _VISIT}
        if self.old is not None:
            cycle = replace(self.old.cycle, **visit)
        else:
            cycle = Cycle(patient_id=self.patient_id, **visit)
        administrations = [rows.entered() for rows in self._shown_rows()]
        if self.old is not None:
            # A third one, from another program, is left as it is.
            administrations += self.old.administrations[2:]
        return Treatment(cycle, tuple(administrations))

    def _shown_rows(self) -> list[AdministrationRows]:
        return [
            rows
            for rows in (self.first, self.second)
            if rows.is_shown() and (rows.nuclide.required or not rows.is_empty())
        ]

    def _ask_about(self, entered: Treatment) -> None:
        """Ask whether to save unusual values; raises InvalidRecord if not."""
        life, today = life_of(self.session.casebook, self.patient_id), self.session.today()
        if any(each.problems(life) for each in entered.administrations):
            return  # cannot be saved anyway
        old = self.old.cycle if self.old else None
        unusual = new_questions(entered.cycle, old, life, today)
        for rows in self._shown_rows():
            unusual |= rows.questions(entered.cycle.given_on, today)
        self.confirm(unusual)

    def state(self) -> object:
        """Return all input, and whether there is a second administration."""
        return super().state(), self.second.is_shown()

    def sizeHint(self) -> QSize:
        """Return a size wider than other forms: activities have their times next to them."""
        return QSize(_WIDTH, super().sizeHint().height())

    def _add_visit(self) -> None:
        life = life_of(self.session.casebook, self.patient_id)
        self.add_section(_("Visit"))
        self.add_row("number", _("&Number"), NumberField(whole=True, minimum=1, required=True))
        self.given_on = self.add_row(
            "given_on",
            _("&Date"),
            DateField(today=self.session.today(), cycle_dates=counted_dates(life), required=True),
        )
        self.add_row("ecog", _("&ECOG"), ecog_field())
        weight = NumberField(unit="kg", minimum=1, maximum=400)
        self.add_row("weight_kg", _("&Weight"), weight)
        self.add_row("comment", _("&Comment"), MultilineField(lines=2))

    def _fill(self, like_last: bool) -> None:
        reader = self.session.casebook
        cycle = self.old.cycle if self.old else None
        for name in _VISIT:
            self.fields[name].set_value(getattr(cycle, name) if cycle else None)
        before = cycles.of_patient(reader, self.patient_id)
        if self.old is None:
            self.fields["number"].set_value(cycles.next_number(reader, self.patient_id))
            self.given_on.set_value(self.session.today())
        self._follow_day()
        old = self.old.administrations if self.old else ()
        pattern = before[-1].administrations if before and like_last else ()
        for index, rows in enumerate((self.first, self.second)):
            rows.fill(
                old[index] if index < len(old) else None,
                pattern=pattern[index] if index < len(pattern) else None,
            )
        self.second.show_section(max(len(old), len(pattern)) > 1)
        self.add_tandem.setHidden(self.second.is_shown())
        # A recorded cycle without administrations may stay so.
        self.first.nuclide.required = self.old is None or bool(old)

    @Slot()
    def _follow_day(self) -> None:
        for rows in (self.first, self.second):
            rows.set_day(self.given_on.readable())

    @Slot()
    def _open_second(self) -> None:
        self.second.show_section(True)
        self.add_tandem.hide()
        self.second.nuclide.input().setFocus(Qt.FocusReason.TabFocusReason)
        # Its position is known only after the layout has made room.
        QTimer.singleShot(0, self, self._show_second)

    @Slot()
    def _show_second(self) -> None:
        self._scroll.ensureWidgetVisible(self.second.card)

    @Slot()
    def _close_second(self) -> None:
        self.second.show_section(False)
        self.add_tandem.show()
        self.add_tandem.setFocus(Qt.FocusReason.TabFocusReason)

    @Slot()
    def _print_worksheet(self) -> None:
        """Print the cycle as entered, saved or not."""
        if self.has_faults():
            return
        from gui.forms.worksheet import WorksheetDialog

        WorksheetDialog.ask(self, self.session, self.entered())


def _together() -> tuple[tuple[str, ...], ...]:
    """Return the names of activities with their times, which mean something only together."""
    return tuple(
        (f"{number}.{name}_mbq", f"{number}.{name}_at")
        for number in (1, 2)
        for name in ("calibrated", "measured", "residual")
    )


def _removal(old: Administration) -> Versions:
    """Return the choice between keeping an administration that was changed, and removing it."""
    return Versions(
        names=(_REMOVED,),
        label=_("Administration {n}").format(n=old.number),
        opened=old.agent,
        present=_("{agent}, changed").format(agent=old.agent),
        wanted=_("Removed"),
        saved=True,
        typed=True,
    )
