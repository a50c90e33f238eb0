"""The Notes tab: notes in free text, and quality-of-life entries."""

from __future__ import annotations

from functools import partial
from operator import attrgetter

from PySide6.QtWidgets import QWidget

from gui.pages.patient.columns import date_column, number_column, text_column
from gui.pages.patient.record_card import RecordKind
from gui.pages.patient.record_forms import ask_record
from gui.pages.patient.tab import RecordsTab
from gui.session.session import Session
from gui.widgets.row_model import Column
from model.dates import date_text
from model.language import N_, _
from model.records import kinds, notes
from model.records.notes import Note, QualityOfLife


class NotesPage(RecordsTab):
    """A patient's notes, newest first, and quality-of-life entries, oldest first."""

    listens_to = frozenset(("note", "quality_of_life"))

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.fill((self.card(self._note_kind()), 3), (self.card(self._quality_of_life_kind()), 2))

    def _note_kind(self) -> RecordKind[Note]:
        return RecordKind(
            title=_("Notes"),
            add_text=_("New note…"),
            empty=_("No notes yet. Write the first with Ctrl+Shift+O."),
            delete_label=N_("Delete note"),
            columns=(
                date_column(_("Date"), "written_on"),
                Column(
                    _("Text"),
                    lambda each: " ".join(each.text.split()),
                    tip=attrgetter("text"),
                    stretch=True,
                ),
            ),
            of_patient=lambda patient: notes.of_patient(self.session.casebook, patient.id),
            ask_form=partial(ask_record, Note),
            deletion_notice=lambda each: _("The note of {date} was deleted.").format(
                date=date_text(each.written_on)
            ),
        )

    def _quality_of_life_kind(self) -> RecordKind[QualityOfLife]:
        return RecordKind(
            title=_("Quality of life"),
            add_text=_("New entry…"),
            empty=_(
                "No quality-of-life entries yet.\nPress Insert or New entry… to add the first."
            ),
            delete_label=N_("Delete quality of life"),
            columns=(
                date_column(_("Date"), "stated_on"),
                Column(
                    _("Statement"),
                    lambda each: " ".join((each.statement or "").split()),
                    tip=lambda each: each.statement or "",
                    stretch=True,
                ),
                text_column(_("Instrument"), "instrument"),
                number_column(_("Score"), "score"),
            ),
            of_patient=lambda patient: kinds.of_patient(
                self.session.casebook, QualityOfLife, patient.id
            ),
            ask_form=partial(ask_record, QualityOfLife),
            deletion_notice=lambda each: _("The entry of {date} was deleted.").format(
                date=date_text(each.stated_on)
            ),
        )
