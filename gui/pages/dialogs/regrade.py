"""Grades of laboratory results in both CTCAE versions side by side; nothing is changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QWidget

from gui.session.background import Background, Job
from gui.session.session import Session
from gui.widgets import exits, messages
from gui.widgets.card import Card, button
from gui.widgets.layout import column, label, row
from gui.widgets.row_model import CENTRE, Column
from gui.widgets.row_table import RowTable
from model.ctcae.terms import VERSIONS
from model.dates import date_text
from model.errors import KnownError
from model.exchange import regrade_table
from model.grading.lab_grades import LabGrade
from model.grading.regrade import PatientRegrading, VersionComparison, regrade
from model.language import N_, _, ngettext
from model.records import labs, patients
from model.records.patient_records import load
from model.records.toxicities import Toxicity
from model.rounding import group_thousands

SIZE = QSize(1260, 720)


class RegradeDialog(QDialog):
    """The worst grades of one patient or of all in both versions, computed off the GUI thread.

    `RegradeDialog.ask(parent, session, background, patient_id)`, with None for all patients.
    """

    def __init__(
        self,
        parent: QWidget | None,
        session: Session,
        background: Background,
        patient_id: int | None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._background = background
        self._patient_id = patient_id
        self._regraded: list[PatientRegrading] = []
        self.setWindowTitle(_("Both versions of CTCAE"))
        self.setModal(True)
        explanation = label(
            _(
                "The worst grade of each analyte after the first cycle that is worse than at"
                " baseline, from laboratory results alone. Recorded grades are not changed."
            ),
            "soft",
            wrap=True,
        )
        self.table: RowTable[VersionComparison] = RowTable(
            self._columns(),
            name=_("Grades in both versions"),
            empty=_("Grading…"),
            key=lambda line: (line.patient.id, line.analyte, line.direction),
        )
        self.events: RowTable[tuple[str, Toxicity]] = RowTable(
            self._event_columns(),
            name=_("Toxicities for a clinician to grade"),
            empty=_("None."),
            key=lambda pair: pair[1].id,
        )
        by_number, by_clinician = Card(_("By number")), Card(_("By a clinician"))
        self._by_clinician = by_clinician
        for card, table in ((by_number, self.table), (by_clinician, self.events)):
            card.body.setContentsMargins(1, 0, 1, 6)
            card.add(table, 1)
        self.state = label(kind="soft")
        self.text_button = button(_("Copy as &text"))
        self.csv_button = button(_("Copy as &CSV"))
        self.close_button = button(_("Close"), "primary")
        self.text_button.clicked.connect(self._copy_text)
        self.csv_button.clicked.connect(self._copy_csv)
        self.close_button.clicked.connect(self.reject)
        last = (self.text_button, self.csv_button, self.close_button)
        buttons = row((self.state, 1), *last, spacing=10)
        tables = ((by_number, 3), (by_clinician, 2))
        parts = (label(self._title(), "title"), explanation, *tables, buttons)
        column(*parts, spacing=12, margins=(24, 20, 24, 18), of=self)
        self.resize(SIZE.boundedTo(parent.size() - QSize(40, 40)) if parent else SIZE)
        self._enable_copying(False)
        self.table.setFocus()
        self._begin()

    @classmethod
    def ask(
        cls, parent: QWidget, session: Session, background: Background, patient_id: int | None
    ) -> None:
        """Show the dialog until it is closed."""
        dialog = cls(parent, session, background, patient_id)
        try:
            dialog.exec()
        finally:
            dialog.deleteLater()

    def done(self, result: int) -> None:
        """Stop what is running, and close."""
        self._background.cancel(self)
        super().done(result)

    def _title(self) -> str:
        if self._patient_id is None:
            return _("Both versions of CTCAE · all patients")
        patient = patients.find(self._session.casebook, self._patient_id)
        return _("Both versions of CTCAE · {patient}").format(
            patient=patient.code if patient else ""
        )

    def _begin(self) -> None:
        casebook, patient_id = self._session.casebook, self._patient_id

        def work(job: Job) -> list[PatientRegrading]:
            with casebook.new_connection() as own:
                ids = [patient_id] if patient_id else [one.id for one in patients.all_patients(own)]
                results = []
                for done, each in enumerate(ids):
                    job.progress(done, len(ids))
                    if each is not None and (records := load(own, each)):
                        results.append(regrade(records))
                return results

        self._background.run(self, work, self._show, self._failed, progress=self._progress)

    def _progress(self, done: int, total: int, _doing: str) -> None:
        self.state.setText(_("Grading {n} of {total}…").format(n=done + 1, total=total))

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, KnownError):
            raise error
        self.state.setText("")
        messages.error(self, error)

    def _show(self, regraded: list[PatientRegrading]) -> None:
        self._regraded = regraded
        lines = regrade_table.in_order(regraded)
        events = [(one.patient.code, event) for one in regraded for event in one.by_clinician]
        self.table.set_empty_text(_("No result is toxic in either version."))
        self.table.show_records(lines)
        self.events.show_records(events)
        self._by_clinician.setVisible(bool(events))
        differ = sum(line.differs for line in lines)
        count = ngettext("{n} grade", "{n} grades", len(lines)).format(
            n=group_thousands(len(lines))
        )
        differing = ngettext(
            "{grades}, {n} differs between the versions.",
            "{grades}, {n} differ between the versions.",
            differ,
        )
        self.state.setText(differing.format(grades=count, n=group_thousands(differ)))
        self._enable_copying(True)

    def _enable_copying(self, enabled: bool) -> None:
        for each in (self.text_button, self.csv_button):
            each.setEnabled(enabled)

    def _copy_text(self) -> None:
        self._copy(regrade_table.as_text)

    def _copy_csv(self) -> None:
        self._copy(regrade_table.as_csv)

    def _copy(self, written: Callable[[Sequence[PatientRegrading]], str]) -> None:
        details = {"patients": len(self._regraded)}
        exits.copy(self, N_("Copy grades of both versions"), written(self._regraded), details)
        self.state.setText(_("Copied."))

    def _columns(self) -> Sequence[Column[VersionComparison]]:
        per_version = [
            column
            for place, version in enumerate(VERSIONS)
            for column in _version_columns(place, version)
        ]
        return (
            Column(_("Patient"), lambda line: line.patient.code),
            Column(_("Analyte"), _analyte_text),
            Column(
                "≠",
                lambda line: "≠" if line.differs else "",
                lambda line: not line.differs,
                tone=lambda _line: "warn",
                tip=lambda line: _("The versions differ.") if line.differs else "",
            ),
            *per_version,
        )

    def _event_columns(self) -> Sequence[Column[tuple[str, Toxicity]]]:
        return (
            Column(_("Patient"), lambda pair: pair[0]),
            Column(
                _("Grade"),
                lambda pair: f"G{pair[1].grade}",
                lambda pair: pair[1].grade,
                grade=lambda pair: pair[1].grade,
            ),
            Column(_("Term"), lambda pair: pair[1].label, stretch=True),
            Column("CTCAE", lambda pair: pair[1].ctcae_version, tone=lambda _pair: "soft"),
            Column(
                _("Onset"),
                lambda pair: date_text(pair[1].onset_on),
                lambda pair: pair[1].onset_on,
            ),
        )


def _version_columns(place: int, version: str) -> Sequence[Column[VersionComparison]]:
    """Return columns of grade, term and result in one version."""

    def graded(line: VersionComparison) -> LabGrade | None:
        return line.worst[place]

    return (
        Column(
            version,
            lambda line: _grade_text(graded(line)),
            lambda line: _grade(graded(line)),
            align=CENTRE,
            grade=lambda line: _grade(graded(line)),
        ),
        Column(
            _("Term in {version}").format(version=version),
            lambda line: _term(graded(line)),
            stretch=True,
        ),
        Column(
            _("Result for {version}").format(version=version),
            lambda line: _result(graded(line)),
            tip=lambda line: _reason(graded(line)),
        ),
    )


def _analyte_text(line: VersionComparison) -> str:
    return f"{labs.label(line.analyte)} {'↓' if line.direction == 'L' else '↑'}"


def _grade(graded: LabGrade | None) -> int | None:
    return graded.grade if graded else None


def _grade_text(graded: LabGrade | None) -> str:
    if graded is None:
        return "–"
    return f"G{graded.grade}" if graded.grade else "0"


def _term(graded: LabGrade | None) -> str:
    return graded.term if graded else ""


def _result(graded: LabGrade | None) -> str:
    if graded is None:
        return ""
    words = (graded.result.value_text, graded.result.unit_symbol)
    return f"{' '.join(filter(None, words))} · {date_text(graded.result.taken_on)}"


def _reason(graded: LabGrade | None) -> str:
    return graded.reason if graded else ""
