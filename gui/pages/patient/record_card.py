"""A card with a table of one kind of record, in which records are added, edited and deleted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from gui.session.session import Session
from gui.widgets.card import Card, button
from gui.widgets.row_model import Column
from gui.widgets.row_table import RowTable
from gui.widgets.undo_notice import take_step
from model.language import _
from model.records.cycles import Treatment
from model.records.patient_records import PatientRecords
from model.store import rows
from model.store.rows import Record
from model.store.step import Step

R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordKind(Generic[R]):
    """How a card names, loads, shows, edits and removes one kind of record."""

    title: str
    add_text: str
    empty: str
    delete_label: str
    """The label of the step in the journal, in English."""
    columns: Sequence[Column[R]]
    of_patient: Callable[[PatientRecords], Sequence[R]]
    ask_form: Callable[[QWidget, Session, int, R | None], R | None]
    """Opens the form for a record, or for a new one if it is None, and returns the saved record."""
    deletion_notice: Callable[[R], str]
    """Returns the notice after a deletion, such as `Cycle 2 was deleted.`"""
    remove: Callable[[Step, Any], None] = rows.remove
    opened: Callable[[Any], Iterable[Record]] = lambda record: (record,)
    """Returns the stored records that are shown as one, and removed together."""
    key: Callable[[R], object] = attrgetter("id")


class RecordCard(Card, Generic[R]):
    """A heading with an Add button, and a table: Insert adds, Enter and F2 edit, Delete removes.

    A deletion is one step; its notice has an Undo button.
    """

    def __init__(
        self, session: Session, kind: RecordKind[R], parent: QWidget | None = None
    ) -> None:
        super().__init__(kind.title, parent)
        self._session = session
        self._kind = kind
        self._patient_id: int | None = None
        self.body.setContentsMargins(1, 0, 1, 6)
        self.table: RowTable[R] = RowTable(
            kind.columns, name=kind.title, empty=kind.empty, key=kind.key
        )
        self.add_button = button(kind.add_text, "link")
        self.add_button.setToolTip(_("Insert"))
        self.add_action(self.add_button)
        self.add(self.table, 1)
        self.setFocusProxy(self.table)
        self.add_button.clicked.connect(self.add_record)
        self.table.activated.connect(self.edit)
        self.table.edit_requested.connect(self.edit)
        self.table.delete_requested.connect(self.delete)
        scope = Qt.ShortcutContext.WidgetWithChildrenShortcut
        QShortcut(QKeySequence(Qt.Key.Key_Insert), self, self.add_record, context=scope)

    def show_patient(self, patient: PatientRecords | None) -> None:
        """Show a patient's records of this kind, or none."""
        self._patient_id = patient.id if patient else None
        self.add_button.setEnabled(patient is not None)
        self.table.show_records(self._kind.of_patient(patient) if patient else ())

    def add_record(self) -> None:
        """Open the form for a new record, and choose the saved record in the table."""
        if self._patient_id is not None:
            saved = self._kind.ask_form(self, self._session, self._patient_id, None)
            if saved is not None:
                self.table.choose(self._kind.key(saved))
            self.table.setFocus()

    def choose(self, saved: object) -> bool:
        """Choose a saved record in the table; return whether the table contains it."""
        # A cycle is saved with its administrations.
        record = saved.cycle if isinstance(saved, Treatment) else saved
        row_id = getattr(record, "id", None)
        return row_id is not None and self.table.choose(row_id)

    def edit(self, record: R) -> None:
        """Open the form for a record."""
        if self._patient_id is not None:
            self._kind.ask_form(self, self._session, self._patient_id, record)
            self.table.setFocus()

    def delete(self, record: R) -> None:
        """Move a record to the bin in one step, and offer to undo it."""
        kind = self._kind
        if take_step(
            self,
            self._session,
            kind.delete_label,
            lambda step: kind.remove(step, record),
            kind.deletion_notice(record),
            opened=kind.opened(record),
        ):
            self.table.setFocus()
