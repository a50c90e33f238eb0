"""The bin: deleted records of the casebook or of one patient, and their return."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QAbstractItemView, QDialog, QWidget

from gui.session.background import Background, Job
from gui.session.session import Session
from gui.widgets import messages
from gui.widgets.card import Card, button, filter_chip
from gui.widgets.layout import column, label, row
from gui.widgets.row_model import Column
from gui.widgets.row_table import RowTable
from gui.widgets.undo_notice import notice_with_undo
from model.dates import PartialDate, date_text
from model.errors import KnownError
from model.language import N_, _, ngettext
from model.records.bin import restoring
from model.records.bin.deleted import DeletedRecord, deleted_records
from model.records.patients import Patient
from model.store.step import Step

SIZE = QSize(1180, 640)


class BinDialog(QDialog):
    """What is in the bin; Enter restores the chosen records in one step.

    `BinDialog.ask(parent, session, background, patient)`; a patient adds a button that leaves out
    the records of others.
    """

    def __init__(
        self,
        parent: QWidget | None,
        session: Session,
        background: Background,
        patient: Patient | None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._background = background
        self._records: list[DeletedRecord] = []
        self.setWindowTitle(_("Bin"))
        self.setModal(True)
        explanation = label(
            _(
                "Deleted records stay in the casebook. A record is restored with what was deleted"
                " together with it, and with what it belongs to."
            ),
            "soft",
            wrap=True,
        )
        self._patient_id = patient.id if patient else None
        code = patient.code if patient else ""
        self.only_patient = filter_chip(_("&Only {code}").format(code=code.replace("&", "&&")))
        self.only_patient.setVisible(patient is not None)
        self.parts = filter_chip(_("Also what was &deleted with another record"))
        for each in (self.only_patient, self.parts):
            each.toggled.connect(self._filter)
        self.table: RowTable[DeletedRecord] = RowTable(
            _columns(), name=_("Deleted records"), empty=_("Reading…"), key=lambda each: each.key
        )
        self.table.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.activated.connect(lambda _record: self.restore())
        self.table.view.selectionModel().selectionChanged.connect(lambda *_ranges: self._enable())
        card = Card(_("Latest deletion first"))
        card.body.setContentsMargins(1, 0, 1, 6)
        card.add(self.table, 1)
        self.state = label(kind="soft", plain=True)
        self.restore_button = button(_("&Restore"), "primary")
        self.close_button = button(_("Close"))
        self.restore_button.clicked.connect(self.restore)
        self.close_button.clicked.connect(self.reject)
        column(
            label(_("Bin"), "title"),
            explanation,
            row(self.only_patient, self.parts, 1),
            (card, 1),
            row((self.state, 1), self.close_button, self.restore_button, spacing=10),
            spacing=12,
            margins=(24, 20, 24, 18),
            of=self,
        )
        self.resize(SIZE.boundedTo(parent.size() - QSize(40, 40)) if parent else SIZE)
        self._enable()
        self.table.setFocus()
        session.changed.connect(self._load)
        self._load()

    @classmethod
    def ask(
        cls, parent: QWidget, session: Session, background: Background, patient: Patient | None
    ) -> None:
        """Show the dialog until it is closed."""
        dialog = cls(parent, session, background, patient)
        try:
            dialog.exec()
        finally:
            dialog.deleteLater()

    def done(self, result: int) -> None:
        """Stop reading, and close."""
        self._session.changed.disconnect(self._load)
        self._background.cancel(self)
        super().done(result)

    def chosen(self) -> list[DeletedRecord]:
        """Return the chosen records, in the order shown."""
        records = self.table.records()
        rows = sorted(index.row() for index in self.table.view.selectionModel().selectedRows())
        return [records[each] for each in rows if each < len(records)]

    def restore(self) -> None:
        """Restore the chosen records in one step, off the GUI thread."""
        chosen = self.chosen()
        if not chosen or not self.restore_button.isEnabled():
            return
        self.restore_button.setEnabled(False)
        self.state.setText(_("Restoring…"))
        label_of_step = N_("Restore deleted records")

        def work(step: Step, _job: Job) -> int:
            return restoring.restore(step, chosen)

        self._session.do_aside(
            self._background, self, label_of_step, work, self._restored, self._failed
        )

    def _restored(self, count: int) -> None:
        text = ngettext("{n} record was restored.", "{n} records were restored.", count)
        text = text.format(n=count)
        self.state.setText(text)
        notice_with_undo(self.parentWidget() or self, self._session, text)
        self.table.setFocus()

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, KnownError):
            raise error
        self._enable()
        self.state.setText("")
        messages.error(self, error)
        self.table.setFocus()

    def _load(self, _change: object = None) -> None:
        casebook = self._session.casebook

        def work(_job: Job) -> list[DeletedRecord]:
            with casebook.new_connection() as own:
                return deleted_records(own)

        self._background.run(self, work, self._show, self._failed, replaces="bin")

    def _show(self, records: list[DeletedRecord]) -> None:
        self._records = records
        self._filter()

    def _filter(self) -> None:
        is_filtered = self.only_patient.isChecked()
        records = [
            each
            for each in self._records
            if (not is_filtered or each.patient_id == self._patient_id)
            and (self.parts.isChecked() or each.container is None)
        ]
        self.table.set_empty_text(_("Nothing was deleted."))
        self.table.show_records(records)
        if records and not self.chosen():
            self.table.view.selectRow(0)
        self._enable()

    def _enable(self) -> None:
        can_write = self._session.read_only is None
        self.restore_button.setEnabled(can_write and bool(self.chosen()))


def _columns() -> tuple[Column[DeletedRecord], ...]:
    return (
        Column(_("Deleted"), _time_text, lambda record: record.deleted_at),
        Column(_("By"), lambda record: record.deleted_by),
        Column(_("Patient"), lambda record: record.code),
        Column(_("Kind"), lambda record: record.kind),
        Column(_("Record"), lambda record: record.name, stretch=True),
        Column(_("Day"), _day_text, lambda record: record.day or None),
        Column(_("Restored with"), _with_text, tone=lambda _record: "soft"),
    )


def _time_text(record: DeletedRecord) -> str:
    return f"{datetime.fromisoformat(record.deleted_at).astimezone():%Y-%m-%d %H:%M}"


def _day_text(record: DeletedRecord) -> str:
    return date_text(PartialDate.parse(record.day)) if record.day else ""


def _with_text(record: DeletedRecord) -> str:
    """Return what a record is restored with: what it belongs to, and its parts."""
    parts = ngettext("{n} record", "{n} records", record.parts).format(n=record.parts)
    parent = _("{parent} (in the bin)").format(parent=record.parent)
    return ", ".join([*([parent] if record.parent else []), *([parts] if record.parts else [])])
